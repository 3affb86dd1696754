package dev.npa.shell.runtime.image;

import dev.npa.shell.runtime.control.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** Says in one sentence why an image does not resolve: what it needs that nobody in this guest provides. */
final class ResolverReport {

    private static final String PACKAGE = "osgi.wiring.package";

    private ResolverReport() {}

    /**
     * Explains a failed installation or start.
     *
     * @param bundle null if it could not even be installed
     */
    static Refusal explain(BundleContext context, Bundle bundle, ImageDescription description, BundleException e) {
        List<String> missing = new ArrayList<>();
        boolean api = false;
        if (bundle != null && e.getType() == BundleException.RESOLVE_ERROR) {
            FrameworkWiring wiring = context.getBundle(0).adapt(FrameworkWiring.class);
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            for (BundleRequirement need : revision.getDeclaredRequirements(null)) {
                boolean optional = "optional".equals(need.getDirectives().get("resolution"));
                if (!optional && wiring.findProviders(need).isEmpty()) {
                    String filter = need.getDirectives().getOrDefault("filter", "");
                    missing.add(need.getNamespace() + " " + filter);
                    api |= PACKAGE.equals(need.getNamespace()) && filter.contains("dev.npa.");
                }
            }
        }
        String reason = missing.isEmpty() ? e.getMessage() : "this guest has nothing that provides " + missing;
        return new Refusal(api ? Refusal.API_VERSION : Refusal.IMAGE, "The plugin image " + description
                + " cannot be installed: " + reason + ".");
    }
}
