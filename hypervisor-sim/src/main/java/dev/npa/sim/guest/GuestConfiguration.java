package dev.npa.sim.guest;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.osgi.framework.Constants;

/** How a guest's framework is set up, and the packages that it shares with the host. */
final class GuestConfiguration {

    /** The machine and the log: the same classes in host and guests. */
    private static final String SHARED = "dev.npa.hw;version=\"1.0.0\","
            + "org.slf4j;version=\"2.0.20\",org.slf4j.event;version=\"2.0.20\","
            + "org.slf4j.helpers;version=\"2.0.20\",org.slf4j.spi;version=\"2.0.20\"";

    /** Of the framework's own packages those that a shell needs to load plugins. */
    private static final String FRAMEWORK = "org.osgi.framework;version=\"1.10\","
            + "org.osgi.framework.dto;version=\"1.8\",org.osgi.framework.namespace;version=\"1.2\","
            + "org.osgi.framework.startlevel;version=\"1.0\",org.osgi.framework.wiring;version=\"1.2\","
            + "org.osgi.resource;version=\"1.0.1\",org.osgi.dto;version=\"1.1.1\","
            + "org.osgi.util.tracker;version=\"1.5.3\"";

    /** Always visible anyway; exported for bundles that import what they use of them. */
    private static final String JAVA = Object.class.getModule().getPackages().stream()
            .filter(p -> p.startsWith("java."))
            .sorted()
            .collect(Collectors.joining(","));

    private GuestConfiguration() {}

    static Map<String, String> of(Path storage) {
        Map<String, String> config = new HashMap<>();
        config.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        config.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        // Two images of the same name and version may be in the two plugin slots during a swap.
        config.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        // Instead of the framework's default: no javax, sun or jdk package is there to be imported.
        config.put(Constants.FRAMEWORK_SYSTEMPACKAGES, FRAMEWORK + "," + SHARED + "," + JAVA);
        config.put(Constants.FRAMEWORK_BOOTDELEGATION, "");
        config.put("felix.bootdelegation.implicit", "false");
        // More than one resolver thread would linger for a minute after the guest stopped.
        config.put("felix.resolver.parallelism", "1");
        config.put("felix.service.urlhandlers", "false");
        config.put("felix.cache.locking", "false");
        config.put("felix.log.level", "1");
        return config;
    }
}
