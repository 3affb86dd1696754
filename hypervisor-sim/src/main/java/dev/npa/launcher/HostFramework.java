package dev.npa.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.LoggerFactory;

/** The host framework: Felix with all bundles of {@code bundles/host} started. */
final class HostFramework implements AutoCloseable {

    /** Service property of the command line, whose value is {@code cli}. */
    static final String ROLE = "npa.role";

    private static final long STOP_MILLIS = 10_000;
    private static final int DELETE_ATTEMPTS = 200;
    private static final int GONE_CHECKS = 10;
    private static final long DELETE_PAUSE_MILLIS = 10;
    private static final String SHARED_PACKAGES = "dev.npa.hw;version=\"1.0.0\","
            + "org.slf4j;version=\"2.0.20\",org.slf4j.event;version=\"2.0.20\","
            + "org.slf4j.helpers;version=\"2.0.20\",org.slf4j.spi;version=\"2.0.20\"";

    private final Framework framework;
    private final Path storage;

    private HostFramework(Framework framework, Path storage) {
        this.framework = framework;
        this.storage = storage;
    }

    /** Starts the framework with the bundles below {@code home}. */
    static HostFramework start(Path home) throws IOException, BundleException {
        // Guests log from several threads: have the backend ready before the first of them.
        LoggerFactory.getLogger(HostFramework.class).debug("starting");
        Path storage = createStorage();
        // SIGINT and SIGTERM end the process without close(); nothing may stay on the disk then either.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteInterrupted(storage), "npa-clean-up"));
        Map<String, String> config = new HashMap<>();
        config.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        config.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        config.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SHARED_PACKAGES);
        config.put("felix.log.level", "1");
        config.put("felix.resolver.parallelism", "1");
        config.put("npa.home", home.toString());
        config.put("npa.storage", storage.toString());
        // Gogo must not take the terminal by itself; the command line opens sessions.
        config.put("gosh.args", "--nointeractive --noshutdown");
        FrameworkFactory factory = ServiceLoader.load(FrameworkFactory.class).findFirst()
                .orElseThrow(() -> new IOException("no OSGi framework on the class path"));
        HostFramework host = new HostFramework(factory.newFramework(config), storage);
        try {
            host.framework.start();
            host.install(home.resolve("bundles").resolve("host"));
            return host;
        } catch (IOException | BundleException | RuntimeException e) {
            host.close();
            throw e;
        }
    }

    private void install(Path directory) throws IOException, BundleException {
        BundleContext context = framework.getBundleContext();
        List<Bundle> bundles = new ArrayList<>();
        try (Stream<Path> jars = Files.list(directory)) {
            for (Path jar : jars.filter(p -> p.toString().endsWith(".jar")).sorted().toList()) {
                bundles.add(context.installBundle(jar.toUri().toString()));
            }
        }
        for (Bundle bundle : bundles) {
            if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
        }
    }

    /** Runs a command in the hypervisor bundle and returns its exit code. */
    int command(String[] args) throws IOException, InterruptedException {
        BundleContext context = framework.getBundleContext();
        Filter filter;
        try {
            filter = context.createFilter("(&(objectClass=" + ToIntFunction.class.getName() + ")(" + ROLE + "=cli))");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        ServiceTracker<ToIntFunction<String[]>, ToIntFunction<String[]>> tracker =
                new ServiceTracker<>(context, filter, null);
        tracker.open();
        try {
            ToIntFunction<String[]> cli = tracker.waitForService(STOP_MILLIS);
            if (cli == null) {
                throw new IOException("the hypervisor bundle did not start; bundles are "
                        + Stream.of(context.getBundles())
                                .map(b -> b.getSymbolicName() + " state " + b.getState()).toList());
            }
            return cli.applyAsInt(args);
        } finally {
            tracker.close();
        }
    }

    @Override
    public void close() {
        try {
            framework.stop();
            framework.waitForStop(STOP_MILLIS);
        } catch (BundleException e) {
            System.err.println("npa: the host framework did not stop: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            delete(storage);
        } catch (IOException e) {
            System.err.println("npa: cannot delete " + storage + ": " + e.getMessage());
        }
    }

    private static Path createStorage() throws IOException {
        try {
            return Files.createTempDirectory("npa-host-");
        } catch (IOException e) {
            throw new IOException("there can be no temporary files in " + System.getProperty("java.io.tmpdir")
                    + "; name another directory with NPA_JAVA_OPTS=-Djava.io.tmpdir=DIR", e);
        }
    }

    /** Deletes the storage of a process that is being ended while its threads still run and may write. */
    private static void deleteInterrupted(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        // Whoever loses its files now would complain, at length.
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        int gone = 0;
        for (int i = 0; i < DELETE_ATTEMPTS && gone < GONE_CHECKS; i++) {
            try {
                if (Files.exists(root)) {
                    gone = 0;
                    delete(root);
                }
                gone++;
                Thread.sleep(DELETE_PAUSE_MILLIS);
            } catch (IOException e) {
                // Another thread wrote or deleted here meanwhile; the next attempt takes what is left.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
