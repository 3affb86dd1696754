package dev.npa.sim.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;

/** Says in words for people what keeps a bundle from resolving: what it wants, and what there is. */
final class UnmetRequirements {

    private static final Pattern LOWER = Pattern.compile("\\(version>=([^)]*)\\)");
    private static final Pattern UPPER = Pattern.compile("\\(!\\(version>=([^)]*)\\)\\)");
    private static final Pattern PACKAGE = Pattern.compile("\\(osgi\\.wiring\\.package=([^)]*)\\)");

    private UnmetRequirements() {}

    /** One clause a requirement that nobody provides; empty if there is none. */
    static String describe(Bundle bundle, Bundle systemBundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        FrameworkWiring wiring = systemBundle.adapt(FrameworkWiring.class);
        if (revision == null || wiring == null) {
            return "";
        }
        List<String> clauses = new ArrayList<>();
        for (BundleRequirement r : revision.getDeclaredRequirements(null)) {
            String resolution = r.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE);
            String effective = r.getDirectives().get(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE);
            boolean needed = !Namespace.RESOLUTION_OPTIONAL.equals(resolution)
                    && (effective == null || Namespace.EFFECTIVE_RESOLVE.equals(effective));
            if (needed && wiring.findProviders(r).isEmpty()) {
                clauses.add(clause(r, systemBundle));
            }
        }
        return String.join("; ", clauses);
    }

    private static String clause(BundleRequirement r, Bundle systemBundle) {
        String filter = String.valueOf(r.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE));
        Matcher name = PACKAGE.matcher(filter);
        if (!r.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE) || !name.find()) {
            return "needs " + r.getNamespace() + " " + filter + ", which nothing in this guest provides";
        }
        Matcher lower = LOWER.matcher(filter);
        Matcher upper = UPPER.matcher(filter);
        String range = (lower.find() ? "[" + lower.group(1) : "[0")
                + (upper.find() ? "," + upper.group(1) + ")" : ",)");
        TreeSet<String> versions = new TreeSet<>();
        for (Bundle b : systemBundle.getBundleContext().getBundles()) {
            BundleRevision revision = b.adapt(BundleRevision.class);
            for (BundleCapability c : revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE)) {
                if (name.group(1).equals(c.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE))) {
                    versions.add(c.getAttributes().get("version") + " from " + b.getSymbolicName());
                }
            }
        }
        return "needs " + name.group(1) + " " + range + "; this guest has "
                + (versions.isEmpty() ? "no such package" : String.join(", ", versions));
    }
}
