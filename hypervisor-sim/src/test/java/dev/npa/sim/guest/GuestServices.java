package dev.npa.sim.guest;

import java.util.Collection;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** What a guest offers in its framework. */
public final class GuestServices {

    private GuestServices() {}

    /** The agent that reports the guest's counters. */
    public static Supplier<?> agent(GuestFramework guest) {
        BundleContext context = guest.context();
        try {
            @SuppressWarnings("rawtypes")
            Collection<ServiceReference<Supplier>> found = context.getServiceReferences(Supplier.class,
                    "(npa.statistics=*)");
            return context.getService(found.iterator().next());
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
