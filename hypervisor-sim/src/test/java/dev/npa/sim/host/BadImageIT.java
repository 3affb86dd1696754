package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.PhysicalMemory;
import dev.npa.sim.host.VirtualMachine.State;
import dev.npa.sim.host.broken.EntryPoints;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Images that never get to carry traffic: each is refused in one sentence, and the VM notices nothing. */
class BadImageIT {

    private static final String API_CLASS = "dev/npa/plugin/Plugin.class";

    @TempDir
    Path directory;

    private static Arguments image(String what, byte[] image, String... words) {
        return Arguments.of(what, image, words);
    }

    private static Arguments image(String what, BrokenImages image, String... words) {
        return image(what, image.bytes(), words);
    }

    private static Arguments entry(Class<?> factory, String... words) {
        return image(factory.getSimpleName(), BrokenImages.with(factory), words);
    }

    /** The hypervisor refuses before it takes a VF: the sentence names the file. */
    static Stream<Arguments> refusedOnTheHost() {
        byte[] truncated = java.util.Arrays.copyOf(new BrokenImages().bytes(), 5000);
        byte[] flipped = new BrokenImages().bytes();
        flipped[flipped.length / 2] ^= 0x10;
        return Stream.of(
                image("no zip", "no jar at all".getBytes(StandardCharsets.UTF_8), "broken.jar is refused", "zip"),
                image("empty", new byte[0], "broken.jar is refused"),
                image("truncated", truncated, "broken.jar is refused"),
                image("flipped bit", flipped, "broken.jar is refused"),
                image("no manifest", new BrokenImages().withoutManifest(), "broken.jar is refused",
                        "no META-INF/MANIFEST.MF"),
                image("no bundle", new BrokenImages().header("Bundle-ManifestVersion", null),
                        "broken.jar is refused", "no OSGi bundle", "Bundle-ManifestVersion: 2"),
                image("no capability", new BrokenImages().header("Provide-Capability", null), "broken.jar is refused",
                        "0 capabilities npa.plugin", "@PluginImage"),
                image("MIT", new BrokenImages().header("Bundle-License", "MIT"), "broken.jar is refused", "'MIT'",
                        "GPL-2.0-only"),
                image("no licence", new BrokenImages().header("Bundle-License", null), "broken.jar is refused",
                        "states no licence", "GPL-2.0-only"),
                image("API too new", new BrokenImages().replace("Import-Package", "dev.npa.plugin;version=\"[1.0,2)\"",
                        "dev.npa.plugin;version=\"[1.5,2)\""), "broken 6.6.6", "dev.npa.plugin", "[1.5.0,2.0.0)",
                        "1.0.0"),
                image("embedded API class", new BrokenImages().entry(API_CLASS, new byte[] {1}),
                        "broken.jar is refused", API_CLASS, "from the shell only"),
                image("native code", new BrokenImages().entry("lib/libvf.so", new byte[] {1}),
                        "broken.jar is refused", "lib/libvf.so", "native"),
                image("jar in the jar", new BrokenImages().entry("lib/more.jar", new byte[] {1}),
                        "broken.jar is refused", "lib/more.jar"),
                image("foreign import", new BrokenImages().replace("Import-Package", "dev.npa.hw;",
                        "org.osgi.framework;version=\"[1,2)\",dev.npa.hw;"), "broken.jar is refused",
                        "imports org.osgi.framework"),
                image("factory is not there", new BrokenImages().factory("dev.npa.plugin.niantic.NoFactory"),
                        "broken.jar is refused", "dev.npa.plugin.niantic.NoFactory", "not in it"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusedOnTheHost(String what, byte[] image, String... words) {
        try (BadImageLab lab = new BadImageLab(directory, 1, image)) {
            String name = lab.host.images().get(0).name();
            Switchover switchover = lab.vm.passthrough(name, null);
            lab.failed(switchover, words);
            assertEquals(-1, switchover.activatedNanos());
            lab.assertEmulatedWithNothingHeld();
            assertEquals(0, lab.vm.leftovers().unloaded());
            lab.assertTrafficGoesOn();
            lab.assertGoodImageWorks();
            lab.assertNothingLost();
            lab.assertClassLoadersCollected();
        }
    }

    /** The guest's shell refuses: the sentence names the image. */
    static Stream<Arguments> refusedInTheGuest() {
        return Stream.of(
                image("shell too new", new BrokenImages().replace("Import-Package", "dev.npa.shell;version=\"[1.0,2)\"",
                        "dev.npa.shell;version=\"[2,3)\""), "dev.npa.shell [2,3)", "has 1.0.0"),
                image("unmet capability", new BrokenImages().header("Require-Capability",
                        "osgi.service;filter:=\"(objectClass=a.B)\""), "broken 6.6.6", "osgi.service",
                        "(objectClass=a.B)"),
                entry(EntryPoints.IsNoFactory.class, "broken 6.6.6", "EntryPoints$IsNoFactory", "PluginFactory"),
                entry(EntryPoints.ThrowsInConstructor.class, "broken 6.6.6", "ThrowsInConstructor",
                        "broken on purpose in the constructor"),
                entry(EntryPoints.FailsInInitialiser.class, "broken 6.6.6", "FailsInInitialiser",
                        "broken on purpose in the initialiser"),
                entry(EntryPoints.ThrowsInSupports.class, "broken 6.6.6", "supports(8086:10ed)",
                        "broken on purpose in supports"),
                entry(EntryPoints.SupportsNothing.class, "broken 6.6.6", "8086:10ed", "does not support"),
                entry(EntryPoints.ThrowsInCreate.class, "broken 6.6.6", "create", "broken on purpose in create"),
                entry(EntryPoints.CreatesNothing.class, "broken 6.6.6", "create", "returned no plugin"),
                entry(EntryPoints.ThrowsInConfigure.class, "broken 6.6.6", "did not bring the VF up",
                        "broken on purpose in configure"),
                entry(EntryPoints.ThrowsInStart.class, "broken 6.6.6", "did not bring the VF up",
                        "broken on purpose in start"),
                entry(EntryPoints.ThrowsInStartAndClose.class, "broken 6.6.6", "did not bring the VF up",
                        "broken on purpose in start"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusedInTheGuest(String what, byte[] image, String... words) {
        try (BadImageLab lab = new BadImageLab(directory, 2, image)) {
            // Twice: the second attempt finds nothing of the first.
            for (int round = 0; round < 2; round++) {
                Switchover switchover = lab.vm.passthrough(BrokenImages.NAME, null);
                lab.failed(switchover, words);
                assertEquals(-1, switchover.activatedNanos());
                lab.assertEmulatedWithNothingHeld();
                lab.assertTrafficGoesOn();
            }
            lab.assertGoodImageWorks();
            lab.assertNothingLost();
            lab.assertClassLoadersCollected();
            assertEquals(0, lab.vm.leftovers().faults());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedInTheGuest")
    void refusedSwapLeavesTheOldPluginInCharge(String what, byte[] image, String... words) {
        try (BadImageLab lab = new BadImageLab(directory, 3, image)) {
            lab.done(lab.vm.passthrough("niantic", null));
            lab.failed(lab.vm.passthrough(BrokenImages.NAME, null), words);
            assertEquals(State.PASSTHROUGH, lab.vm.state());
            assertEquals("niantic 1.0.0", lab.vm.carrier());
            assertEquals(1, lab.vm.leftovers().vfsHeld());
            lab.assertTrafficGoesOn();
            lab.done(lab.vm.emulate());
            lab.assertEmulatedWithNothingHeld();
            lab.assertGoodImageWorks();
            lab.assertNothingLost();
            lab.assertClassLoadersCollected();
        }
    }

    @Test
    void wrappedPluginThatBehavesWorks() {
        try (BadImageLab lab = new BadImageLab(directory, 4, BrokenImages.with(EntryPoints.Behaves.class).bytes())) {
            lab.done(lab.vm.passthrough(BrokenImages.NAME, null));
            assertEquals("broken 6.6.6", lab.vm.carrier());
            lab.assertTrafficGoesOn();
            lab.done(lab.vm.passthrough("niantic", null));
            lab.done(lab.vm.emulate());
            lab.assertEmulatedWithNothingHeld();
            lab.assertNothingLost();
            lab.assertClassLoadersCollected();
            VirtualMachine.Leftovers left = lab.vm.leftovers();
            assertEquals(0, left.faults() + left.reclaimedBuffers() + left.reclaimedWindows(), left::toString);
        }
    }

    @Test
    void refusedImageIsPassedOverWhenAnyWillDo() {
        byte[] image = new BrokenImages().header("Bundle-License", "MIT").bytes();
        try (BadImageLab lab = new BadImageLab(directory, 5, image)) {
            assertTrue(lab.host.images().get(0).refusal().startsWith("broken.jar is refused"));
            lab.done(lab.vm.passthrough(null, null));
            assertEquals("niantic 1.0.0", lab.vm.carrier());
            lab.failed(lab.vm.passthrough("other", null), "there is no image 'other' for 8086:10ed", "niantic 1.0.0",
                    "broken.jar is refused");
            assertEquals(State.PASSTHROUGH, lab.vm.state());
            lab.assertNothingLost();
        }
    }

    @Test
    void imageThatIsCorruptedInGuestMemoryIsRefusedByItsDigest() {
        byte[] image = new BrokenImages().bytes();
        try (BadImageLab lab = new BadImageLab(directory, 6, image)) {
            PhysicalMemory memory = lab.machine().memory();
            long answer = lab.pluginArea() + 0x108;
            Switchover switchover = lab.vm.passthrough(BrokenImages.NAME, null);
            // The shell verifies in a later round than that of the copy.
            assertTrue(lab.simulation.runUntil(() -> isCopied(memory, memory.getLong(answer), image),
                    BadImageLab.LIMIT));
            long middle = memory.getLong(answer) + image.length / 2;
            memory.putInt(middle, memory.getInt(middle) ^ 1);
            lab.failed(switchover, "guest memory", "SHA-256", "announced " + lab.host.images().get(0).sha256());
            lab.assertEmulatedWithNothingHeld();
            lab.assertTrafficGoesOn();
            lab.done(lab.vm.passthrough(BrokenImages.NAME, null));
            lab.done(lab.vm.emulate());
            lab.assertEmulatedWithNothingHeld();
            lab.assertNothingLost();
            lab.assertClassLoadersCollected();
        }
    }

    private static boolean isCopied(PhysicalMemory memory, long address, byte[] image) {
        return address != 0 && memory.getInt(address) == ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }
}
