package dev.npa.sim.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Machine;
import dev.npa.plugin.Plugin;
import dev.npa.sim.guest.inside.Probe;
import dev.npa.sim.machine.GuestMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;

@Timeout(120)
class GuestFrameworkTest {

    private static final byte[] API = GuestBundles.shellApi();

    private final List<GuestFramework> guests = new ArrayList<>();

    @TempDir
    Path storage;

    private GuestFramework boot(GuestMachine machine, byte[] api) {
        GuestFramework guest = GuestFramework.boot(machine.name(), machine, new GuestSoftware(GuestBundles.guest(api)), storage);
        guests.add(guest);
        return guest;
    }

    @AfterEach
    void stopAll() {
        guests.forEach(GuestFramework::stop);
    }

    private static Bundle bundle(GuestFramework guest, String name) {
        return Stream.of(guest.context().getBundles()).filter(b -> name.equals(b.getSymbolicName())).findFirst()
                .orElseThrow();
    }

    private long filesLeft() throws IOException {
        try (Stream<Path> files = Files.list(storage)) {
            return files.count();
        }
    }

    @Test
    void guestFindsItsMachineAndRunsOnIt() {
        GuestMachine machine = GuestBundles.machine("vm1");
        GuestFramework guest = boot(machine, API);
        assertTrue(guest.isRunning());
        assertEquals(Probe.STARTED, machine.memory().getInt(Probe.MARK));
        guest.stop();
        assertFalse(guest.isRunning());
        assertEquals(Probe.STOPPED, machine.memory().getInt(Probe.MARK));
        guest.stop();
    }

    @Test
    void machineIsSharedAndTheShellApiIsPrivateToEachGuest() throws ClassNotFoundException {
        GuestFramework one = boot(GuestBundles.machine("vm1"), API);
        GuestFramework two = boot(GuestBundles.machine("vm2"), API);
        for (GuestFramework guest : guests) {
            assertSame(Machine.class, bundle(guest, "dev.npa.shell.api").loadClass(Machine.class.getName()));
            assertSame(Machine.class, bundle(guest, "test.probe").loadClass(Machine.class.getName()));
            assertSame(Logger.class, bundle(guest, "test.probe").loadClass(Logger.class.getName()));
        }
        Class<?> first = bundle(one, "dev.npa.shell.api").loadClass(Plugin.class.getName());
        Class<?> second = bundle(two, "dev.npa.shell.api").loadClass(Plugin.class.getName());
        assertNotSame(first, second);
        assertNotSame(Plugin.class, first);
        assertSame(first, bundle(one, "test.probe").loadClass(Plugin.class.getName()));
    }

    @Test
    void hostIsOutOfTheGuestsSight() {
        Bundle probe = bundle(boot(GuestBundles.machine("vm1"), API), "test.probe");
        for (String name : List.of(GuestFramework.class.getName(), GuestMachine.class.getName(),
                "org.apache.felix.framework.Felix", "ch.qos.logback.classic.Logger", "javax.net.ssl.SSLContext",
                "sun.misc.Unsafe", "com.sun.management.ThreadMXBean", "org.junit.jupiter.api.Test")) {
            assertThrows(ClassNotFoundException.class, () -> probe.loadClass(name), name);
        }
    }

    @Test
    void guestsOfDifferentVintageRunSideBySide() throws Exception {
        GuestMachine oldMachine = GuestBundles.machine("old");
        GuestMachine newMachine = GuestBundles.machine("new");
        GuestFramework oldGuest = boot(oldMachine, API);
        GuestFramework newGuest = boot(newMachine, GuestBundles.shellApi11());
        byte[] forOld = GuestBundles.image("1.0.0", "[1.0,2)");
        byte[] forNew = GuestBundles.image("1.1.0", "[1.1,2)");
        assertSame(bundle(newGuest, "dev.npa.shell.api").loadClass(Machine.class.getName()), Machine.class);
        for (byte[] image : List.of(forOld, forNew)) {
            Bundle b = newGuest.context().installBundle(GuestBundles.inject(newMachine, 0, image).toString());
            b.start();
            assertEquals(Bundle.ACTIVE, b.getState());
        }
        oldGuest.context().installBundle(GuestBundles.inject(oldMachine, 0, forOld).toString()).start();
        Bundle misfit = oldGuest.context().installBundle(GuestBundles.inject(oldMachine, 1, forNew).toString());
        assertThrows(org.osgi.framework.BundleException.class, misfit::start);
        assertEquals("needs dev.npa.plugin [1.1.0,2.0.0); this guest has 1.0.0 from dev.npa.shell.api",
                UnmetRequirements.describe(misfit, oldGuest.context().getBundle(0)));
    }

    @Test
    void guestWhoseBundlesDoNotFitIsRefusedInOneSentence() throws IOException {
        Map<Long, String> before = GuestBundles.threads();
        Map<String, byte[]> bundles = new LinkedHashMap<>();
        bundles.put("boot:api", API);
        bundles.put("boot:shell", GuestBundles.image("1.1.0", "[1.1,2)"));
        GuestBootException e = assertThrows(GuestBootException.class,
                () -> GuestFramework.boot("vm1", GuestBundles.machine("vm1"), new GuestSoftware(bundles), storage));
        assertEquals("guest vm1 does not boot: bundle test.image 1.1.0 does not resolve: needs dev.npa.plugin "
                + "[1.1.0,2.0.0); this guest has 1.0.0 from dev.npa.shell.api", e.getMessage());
        assertEquals(0, filesLeft());
        assertNoNewThreads(before);
    }

    @Test
    void guestBundleThatFailsToStartIsNamed() throws IOException {
        byte[] broken = GuestBundles.build("Bundle-SymbolicName", "test.broken", "-includepackage",
                "dev.npa.sim.guest.inside", "Bundle-Activator", "dev.npa.sim.guest.inside.Broken");
        Map<String, byte[]> bundles = new LinkedHashMap<>(GuestBundles.guest(API));
        bundles.put("boot:broken", broken);
        GuestMachine machine = GuestBundles.machine("vm1");
        GuestBootException e = assertThrows(GuestBootException.class,
                () -> GuestFramework.boot("vm1", machine, new GuestSoftware(bundles), storage));
        assertTrue(e.getMessage().contains("test.broken") && e.getMessage().contains("no root file system"),
                e.getMessage());
        assertEquals(Probe.STOPPED, machine.memory().getInt(Probe.MARK), "what had started was stopped");
        assertEquals(0, filesLeft());
    }

    @Test
    void guestBundleThatIsNoJarIsNamed() throws IOException {
        Map<String, byte[]> bundles = Map.of("boot:junk", new byte[1000]);
        GuestBootException e = assertThrows(GuestBootException.class,
                () -> GuestFramework.boot("vm1", GuestBundles.machine("vm1"), new GuestSoftware(bundles), storage));
        assertEquals("guest vm1 does not boot: bundle boot:junk refused: not a jar: there is no zip end record at its "
                + "very end", e.getMessage());
        assertEquals(0, filesLeft());
    }

    @Test
    void nothingIsLeftAfterStop() throws IOException {
        boot(GuestBundles.machine("warm"), API).stop();
        Map<Long, String> before = GuestBundles.threads();
        for (int i = 0; i < 4; i++) {
            boot(GuestBundles.machine("vm" + i), API);
        }
        assertEquals(4, filesLeft());
        assertTrue(GuestBundles.threads().size() > before.size());
        stopAll();
        assertEquals(0, filesLeft());
        assertNoNewThreads(before);
    }

    @Test
    void withoutADirectoryTheScratchGoesToTheTemporaryFiles() {
        GuestMachine machine = GuestBundles.machine("vm1");
        GuestFramework guest = GuestFramework.boot("vm1", machine, new GuestSoftware(GuestBundles.guest(API)), null);
        guests.add(guest);
        assertTrue(Files.isDirectory(guest.storage()));
        guest.stop();
        assertFalse(Files.exists(guest.storage()));
    }

    /** A framework's threads end a moment after it says that it has stopped: join them. */
    private static void assertNoNewThreads(Map<Long, String> before) {
        for (Thread t : Thread.getAllStackTraces().keySet()) {
            boolean framework = t.getName().startsWith("Felix");
            if (!before.containsKey(t.getId()) && framework) {
                try {
                    t.join(30_000);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                assertFalse(t.isAlive(), "thread " + t.getName() + " is left");
            }
        }
    }
}
