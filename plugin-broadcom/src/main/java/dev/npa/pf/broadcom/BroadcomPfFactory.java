package dev.npa.pf.broadcom;

import dev.npa.hw.PciIdentity;
import dev.npa.pf.PfDriver;
import dev.npa.pf.PfDriverFactory;
import dev.npa.pf.PfHost;

/** Entry point of the PF driver bundle. */
public final class BroadcomPfFactory implements PfDriverFactory {

    private static final int VENDOR = 0x14E4;
    /** The 57712, alone on its path and as one of several functions. §1 */
    private static final int SINGLE = 0x1662;
    private static final int MULTI_FUNCTION = 0x1663;

    @Override
    public String name() {
        return "broadcom-pf";
    }

    @Override
    public boolean supports(PciIdentity device) {
        return device.vendor() == VENDOR && (device.device() == SINGLE || device.device() == MULTI_FUNCTION);
    }

    @Override
    public PfDriver create(PfHost host) {
        return new BroadcomPfDriver(host);
    }
}
