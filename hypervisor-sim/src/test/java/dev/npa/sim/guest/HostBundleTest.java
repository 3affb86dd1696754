package dev.npa.sim.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Machine;
import dev.npa.sim.guest.inside.Probe;
import dev.npa.sim.machine.GuestMachine;
import java.io.ByteArrayInputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** The guest framework when its own classes live in a bundle of the host's framework. */
@Timeout(120)
class HostBundleTest {

    @TempDir
    Path directory;

    @Test
    void bundleInTheHostFrameworkBootsGuestsAndSharesTheMachineWithThem() throws Exception {
        Map<String, String> config = new HashMap<>();
        config.put(Constants.FRAMEWORK_STORAGE, directory.resolve("host").toString());
        config.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                "dev.npa.hw;version=\"1.0.0\",org.slf4j;version=\"2.0.20\"");
        config.put("felix.log.level", "1");
        Framework host = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(config);
        try {
            host.start();
            byte[] hypervisor = GuestBundles.build("Bundle-SymbolicName", "test.hypervisor",
                    "-includepackage", "dev.npa.sim.guest;from:=classes,dev.npa.sim.jar;from:=classes,"
                            + "dev.npa.sim.machine;from:=classes,dev.npa.sim.time;from:=classes");
            Bundle bundle = host.getBundleContext().installBundle("test:hypervisor",
                    new ByteArrayInputStream(hypervisor));
            bundle.start();
            Class<?> type = bundle.loadClass(GuestFramework.class.getName());
            assertNotSame(GuestFramework.class, type, "the bundle's own class, not the test's");
            bootAndStop(type);
        } finally {
            host.stop();
            host.waitForStop(30_000);
        }
    }

    private void bootAndStop(Class<?> type) throws ReflectiveOperationException {
        GuestMachine machine = GuestBundles.machine("vm1");
        Class<?> software = type.getClassLoader().loadClass(GuestSoftware.class.getName());
        Method boot = type.getMethod("boot", String.class, Machine.class, software, Path.class);
        Object guest = boot.invoke(null, "vm1", machine, software.getConstructor(Map.class)
                .newInstance(GuestBundles.guest(GuestBundles.shellApi())), directory);
        try {
            assertEquals(Probe.STARTED, machine.memory().getInt(Probe.MARK));
            assertTrue((boolean) type.getMethod("isRunning").invoke(guest));
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        } finally {
            type.getMethod("stop").invoke(guest);
        }
        assertEquals(Probe.STOPPED, machine.memory().getInt(Probe.MARK));
    }
}
