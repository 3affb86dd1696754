package dev.npa.sim.guest;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import dev.npa.hw.Clock;
import dev.npa.hw.PhysicalMemory;
import dev.npa.plugin.Plugin;
import dev.npa.sim.guest.inside.Probe;
import dev.npa.sim.machine.GuestMachine;
import dev.npa.sim.time.VirtualClock;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Bundles for tests, built in memory by bnd from the classes of the test's class path. */
final class GuestBundles {

    /** Where tests put images into a guest's memory. */
    static final long IMAGE_ADDRESS = 0x10_0000;

    private GuestBundles() {}

    /** Builds a bundle; instructions are pairs of header and value. */
    static byte[] build(String... instructions) {
        try (Builder builder = new Builder()) {
            builder.setProperty("-noimportjava", "true");
            builder.setProperty("-reproducible", "true");
            builder.setProperty("-fixupmessages", "\"Version for package * is set to different values*\"");
            for (int i = 0; i < instructions.length; i += 2) {
                builder.setProperty(instructions[i], instructions[i + 1]);
            }
            for (Class<?> c : new Class<?>[] {Plugin.class, Probe.class, GuestFramework.class,
                org.osgi.framework.Bundle.class, org.slf4j.Logger.class}) {
                builder.addClasspath(new File(c.getProtectionDomain().getCodeSource().getLocation().toURI()));
            }
            try (Jar jar = builder.build()) {
                if (!builder.isOk()) {
                    throw new AssertionError("bnd: " + builder.getErrors() + builder.getWarnings());
                }
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                jar.write(out);
                return out.toByteArray();
            }
        } catch (AssertionError e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The Shell API as its module packs it. */
    static byte[] shellApi() {
        return build("Bundle-SymbolicName", "dev.npa.shell.api", "Bundle-Version", "1.0.0",
                "-includepackage", "dev.npa.hw,dev.npa.plugin,dev.npa.shell,dev.npa.pf");
    }

    /** A later Shell API with the same machine. */
    static byte[] shellApi11() {
        return build("Bundle-SymbolicName", "dev.npa.shell.api", "Bundle-Version", "1.1.0",
                "Export-Package", "dev.npa.hw;version=1.0.0,dev.npa.plugin;version=1.1.0;-noimport:=true,"
                        + "dev.npa.shell;version=1.1.0;-noimport:=true",
                "-noee", "true");
    }

    static byte[] probe() {
        return build("Bundle-SymbolicName", "test.probe", "Bundle-Version", "1.0.0",
                "-includepackage", "dev.npa.sim.guest.inside", "Bundle-Activator", "dev.npa.sim.guest.inside.Probe");
    }

    /** A plugin image for a range of the Shell API's versions. */
    static byte[] image(String version, String apiRange) {
        return build("Bundle-SymbolicName", "test.image", "Bundle-Version", version,
                "-includepackage", "dev.npa.sim.guest.inside",
                "Import-Package", "dev.npa.plugin;version='" + apiRange + "',*");
    }

    /** Bundles of an ordinary guest, in order. */
    static Map<String, byte[]> guest(byte[] shellApi) {
        Map<String, byte[]> bundles = new LinkedHashMap<>();
        bundles.put("boot:api", shellApi);
        bundles.put("boot:probe", probe());
        return bundles;
    }

    static GuestMachine machine(String name) {
        Clock clock = new VirtualClock();
        return new GuestMachine(name, PhysicalMemory.allocate(0, 4 << 20), clock, 1);
    }

    /** Puts an image into a machine's memory, as the hypervisor does, and says where. */
    static ImageLocation inject(GuestMachine machine, int slot, byte[] image) {
        long address = IMAGE_ADDRESS * (slot + 1);
        machine.memory().copyFrom(address, image, 0, image.length);
        return new ImageLocation(slot, address, image.length, GuestConnector.sha256(image));
    }

    /** Threads that live now, by name. */
    static Map<Long, String> threads() {
        Map<Long, String> names = new TreeMap<>();
        Thread.getAllStackTraces().keySet().forEach(t -> names.put(t.getId(), t.getName()));
        return names;
    }
}
