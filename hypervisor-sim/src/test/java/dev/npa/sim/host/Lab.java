package dev.npa.sim.host;

import dev.npa.pf.PfDriverFactory;
import dev.npa.sim.nic.NicModelFactory;
import dev.npa.sim.nic.broadcom.BroadcomModelFactory;
import dev.npa.sim.nic.kawela.KawelaModelFactory;
import dev.npa.sim.nic.niantic.NianticModelFactory;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/** The built bundles of the project, put together by hand as the host framework does it by services. */
public final class Lab {

    /** The assembled distribution. */
    static final Path HOME = Path.of(System.getProperty("npa.home", "target/npa"));

    private Lab() {}

    public static Path images() {
        return HOME.resolve("bundles/images");
    }

    /** All NIC models, and the PF drivers from their bundles; the drivers' loaders live as long as the parts. */
    public static SimulationParts parts(Path storage) {
        Path guest = HOME.resolve("bundles/guest");
        List<NicModelFactory> models = List.of(new NianticModelFactory(), new KawelaModelFactory(),
                new BroadcomModelFactory());
        List<PfDriverFactory> drivers = List.of(driver("niantic", "Niantic"), driver("kawela", "Kawela"),
                driver("broadcom", "Broadcom"));
        return new SimulationParts(List.of(guest.resolve("shell-api.jar"), guest.resolve("shell-runtime.jar")),
                models, () -> drivers, storage);
    }

    private static PfDriverFactory driver(String name, String type) {
        try {
            URL jar = HOME.resolve("bundles/host/plugin-" + name + "-pf.jar").toUri().toURL();
            URLClassLoader loader = new URLClassLoader(new URL[] {jar}, Lab.class.getClassLoader());
            return (PfDriverFactory) loader.loadClass("dev.npa.pf." + name + "." + type + "PfFactory")
                    .getConstructor().newInstance();
        } catch (MalformedURLException | ReflectiveOperationException e) {
            throw new IllegalStateException("the PF driver bundle is not there; run mvn verify", e);
        }
    }
}
