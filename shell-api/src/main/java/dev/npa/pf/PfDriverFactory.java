package dev.npa.pf;

import dev.npa.hw.PciIdentity;
import org.osgi.annotation.versioning.ConsumerType;

/** Entry point of a PF driver bundle, registered as an OSGi service in the host framework. */
@ConsumerType
public interface PfDriverFactory {

    /** Name of the driver, as {@code niantic-pf}. */
    String name();

    /** Whether the driver drives this physical function. Decides by identity only. */
    boolean supports(PciIdentity device);

    /** Creates a driver for one physical function; touches nothing. */
    PfDriver create(PfHost host);
}
