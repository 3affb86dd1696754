package dev.npa.sim.host;

import dev.npa.pf.PfDriverFactory;
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

    public static SimulationParts parts(Path storage) {
        Path guest = HOME.resolve("bundles/guest");
        List<PfDriverFactory> drivers = List.of(nianticPf());
        return new SimulationParts(List.of(guest.resolve("shell-api.jar"), guest.resolve("shell-runtime.jar")),
                List.of(new NianticModelFactory()), () -> drivers, storage);
    }

    /** The PF driver from its bundle; the loader lives as long as the driver. */
    private static PfDriverFactory nianticPf() {
        try {
            URL jar = HOME.resolve("bundles/host/plugin-niantic-pf.jar").toUri().toURL();
            URLClassLoader loader = new URLClassLoader(new URL[] {jar}, Lab.class.getClassLoader());
            return (PfDriverFactory) loader.loadClass("dev.npa.pf.niantic.NianticPfFactory").getConstructor()
                    .newInstance();
        } catch (MalformedURLException | ReflectiveOperationException e) {
            throw new IllegalStateException("the PF driver bundle is not there; run mvn verify", e);
        }
    }
}
