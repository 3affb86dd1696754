package dev.npa.sim.host;

import dev.npa.pf.PfDriverFactory;
import dev.npa.sim.nic.broadcom.BroadcomModelFactory;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/** The built bundles around the 57712, as {@link Lab} puts those around the 82599 together. */
final class BroadcomLab {

    private BroadcomLab() {}

    static SimulationParts parts(Path storage) {
        Path guest = Lab.HOME.resolve("bundles/guest");
        List<PfDriverFactory> drivers = List.of(driver());
        return new SimulationParts(List.of(guest.resolve("shell-api.jar"), guest.resolve("shell-runtime.jar")),
                List.of(new BroadcomModelFactory()), () -> drivers, storage);
    }

    /** The PF driver from its bundle; the loader lives as long as the driver. */
    private static PfDriverFactory driver() {
        try {
            URL jar = Lab.HOME.resolve("bundles/host/plugin-broadcom-pf.jar").toUri().toURL();
            URLClassLoader loader = new URLClassLoader(new URL[] {jar}, BroadcomLab.class.getClassLoader());
            return (PfDriverFactory) loader.loadClass("dev.npa.pf.broadcom.BroadcomPfFactory").getConstructor()
                    .newInstance();
        } catch (MalformedURLException | ReflectiveOperationException e) {
            throw new IllegalStateException("the PF driver bundle is not there; run mvn verify", e);
        }
    }
}
