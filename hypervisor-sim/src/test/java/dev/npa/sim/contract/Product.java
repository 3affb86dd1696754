package dev.npa.sim.contract;

import dev.npa.pf.PfDriver;
import dev.npa.pf.PfDriverFactory;
import dev.npa.pf.PfHost;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginFactory;
import dev.npa.shell.Shell;
import dev.npa.sim.nic.NicModel;
import dev.npa.sim.nic.NicModelFactory;
import dev.npa.sim.nic.broadcom.BroadcomModelFactory;
import dev.npa.sim.nic.kawela.KawelaModelFactory;
import dev.npa.sim.nic.niantic.NianticModelFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The data paths of the project, each from its jar as it is delivered. */
enum Product {
    VMXNET3(null, null, null, null),
    NIANTIC_10("plugin-niantic.jar", "plugin-niantic-pf.jar", "dev.npa.pf.niantic.NianticPfFactory",
            new NianticModelFactory()),
    NIANTIC_11("plugin-niantic-v1.1.jar", "plugin-niantic-pf.jar", "dev.npa.pf.niantic.NianticPfFactory",
            new NianticModelFactory()),
    KAWELA("plugin-kawela.jar", "plugin-kawela-pf.jar", "dev.npa.pf.kawela.KawelaPfFactory",
            new KawelaModelFactory()),
    BROADCOM("plugin-broadcom.jar", "plugin-broadcom-pf.jar", "dev.npa.pf.broadcom.BroadcomPfFactory",
            new BroadcomModelFactory());

    private static final Path BUNDLES = Path.of(System.getProperty("npa.home", "target/npa")).resolve("bundles");
    private static final Pattern FACTORY = Pattern.compile("factory=\"([^\"]+)\"");

    private final String image;
    private final String pf;
    private final String pfFactory;
    private final NicModelFactory model;

    Product(String image, String pf, String pfFactory, NicModelFactory model) {
        this.image = image;
        this.pf = pf;
        this.pfFactory = pfFactory;
        this.model = model;
    }

    /** Silicon under it; null for the emulated device. */
    NicModelFactory model() {
        return model;
    }

    boolean isEmulated() {
        return model == null;
    }

    Path image() {
        return BUNDLES.resolve("images").resolve(image);
    }

    /** Queue pairs that a guest can have. */
    int queues() {
        return this == KAWELA ? 2 : 4;
    }

    /**
     * Whether a wrong L4 checksum of a received UDP packet is reported as such. The 82599 calls an absent UDP checksum
     * wrong, too, so its plugins say nothing of either; every other product tells them apart. Of TCP all can tell.
     */
    boolean tellsWrongUdp() {
        return this != NIANTIC_10 && this != NIANTIC_11;
    }

    /**
     * Sets the statistics that the silicon keeps of a VF.
     *
     * @param frames value of its 32-bit counters of frames
     * @param octets value of its counters of octets
     */
    void presetStatistics(NicModel nic, int vf, int frames, long octets) {
        if (this == BROADCOM) {
            dev.npa.sim.nic.broadcom.Presets.statistics(nic, vf, frames, octets);
        } else {
            dev.npa.sim.nic.intel.Presets.statistics(nic, vf, frames, octets);
        }
    }

    Bench bench(Setup setup) {
        return isEmulated() ? new EmulatedBench(this, setup) : new NicBench(this, setup);
    }

    Bench bench() {
        return bench(Setup.standard());
    }

    /** A plugin of the image; its classes see the API's and nothing else. */
    Plugin plugin(Shell shell) {
        try (JarFile jar = new JarFile(image().toFile())) {
            String capability = jar.getManifest().getMainAttributes().getValue("Provide-Capability");
            Matcher m = FACTORY.matcher(capability);
            if (!m.find()) {
                throw new IllegalStateException(image + " names no factory: " + capability);
            }
            PluginFactory factory = (PluginFactory) load(image(), m.group(1));
            if (!factory.supports(shell.device())) {
                throw new IllegalStateException(image + " does not support " + shell.device());
            }
            return factory.create(shell);
        } catch (IOException e) {
            throw new UncheckedIOException("image " + image + " is not there; run mvn verify", e);
        }
    }

    PfDriver driver(PfHost host) {
        return ((PfDriverFactory) load(BUNDLES.resolve("host").resolve(pf), pfFactory)).create(host);
    }

    private static Object load(Path jar, String type) {
        try {
            URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, new ApiOnly());
            return loader.loadClass(type).getConstructor().newInstance();
        } catch (IOException | ReflectiveOperationException e) {
            throw new IllegalStateException(jar + " does not give " + type + "; run mvn verify", e);
        }
    }

    /** Passes on the API's packages and the platform's. */
    private static final class ApiOnly extends ClassLoader {
        private static final Set<String> API = Set.of("dev.npa.hw", "dev.npa.plugin", "dev.npa.shell", "dev.npa.pf");

        ApiOnly() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (API.contains(name.substring(0, Math.max(0, name.lastIndexOf('.'))))
                    || name.startsWith("org.osgi.")) {
                return Product.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
