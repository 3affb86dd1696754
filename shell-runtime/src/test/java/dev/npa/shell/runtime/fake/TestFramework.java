package dev.npa.shell.runtime.fake;

import dev.npa.shell.runtime.image.ImageInstaller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Version;
import org.osgi.framework.launch.Framework;

/** A plain Felix, without a connector, whose system bundle exports the Shell API of the test's class path. */
public final class TestFramework implements AutoCloseable {

    public static final Map<String, Version> API = Map.of("dev.npa.hw", new Version("1.0.0"),
            "dev.npa.shell", new Version("1.0.0"), "dev.npa.plugin", new Version("1.0.0"));

    private final Framework framework;
    private final Path storage;

    public TestFramework() {
        try {
            storage = Files.createTempDirectory("npa-test");
            Map<String, String> config = new HashMap<>();
            config.put("org.osgi.framework.storage", storage.toString());
            config.put("org.osgi.framework.bsnversion", "multiple");
            config.put("felix.resolver.parallelism", "1");
            config.put("felix.bootdelegation.implicit", "false");
            config.put("felix.service.urlhandlers", "false");
            config.put("felix.log.level", "1");
            config.put("org.osgi.framework.system.packages.extra", "dev.npa.hw;version=1.0.0,"
                    + "dev.npa.shell;version=1.0.0,dev.npa.plugin;version=1.0.0");
            framework = new FrameworkFactory().newFramework(config);
            framework.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    public BundleContext context() {
        return framework.getBundleContext();
    }

    public ImageInstaller installer() {
        return new ImageInstaller(context());
    }

    /** Bundles besides the system bundle. */
    public int installed() {
        return context().getBundles().length - 1;
    }

    @Override
    public void close() {
        try {
            framework.stop();
            framework.waitForStop(10_000);
            try (Stream<Path> files = Files.walk(storage)) {
                files.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
            }
        } catch (BundleException | InterruptedException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
