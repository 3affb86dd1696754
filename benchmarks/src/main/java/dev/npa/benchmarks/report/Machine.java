package dev.npa.benchmarks.report;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The machine of a run.
 *
 * @param cpu model of the CPU
 * @param cores cores that the JVM may use
 * @param memory memory of the machine
 * @param system operating system
 * @param jdk virtual machine and its version
 * @param gc garbage collectors
 * @param load load average of the last minute before the run; {@code ?} if the system has none
 */
public record Machine(String cpu, String cores, String memory, String system, String jdk, String gc, String load) {

    /** Looks at this machine and this JVM. */
    public static Machine current() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        double load = system.getSystemLoadAverage();
        return new Machine(field(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch")),
                Integer.toString(system.getAvailableProcessors()), memory(system),
                system.getName() + " " + system.getVersion(),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                ManagementFactory.getGarbageCollectorMXBeans().stream().map(GarbageCollectorMXBean::getName)
                        .collect(Collectors.joining(", ")),
                load < 0 ? "?" : String.format(Locale.ROOT, "%.2f", load));
    }

    private static String memory(OperatingSystemMXBean system) {
        return system instanceof com.sun.management.OperatingSystemMXBean own
                ? String.format(Locale.ROOT, "%.1f GiB", own.getTotalMemorySize() / (double) (1L << 30)) : "?";
    }

    private static String field(Path file, String name, String other) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(l -> l.startsWith(name)).map(l -> l.substring(l.indexOf(':') + 1).strip())
                    .findFirst().orElse(other);
        } catch (IOException e) {
            return other; // no such file on this system
        }
    }

    /** Every property by its name, in a fixed order. */
    public Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("cpu", cpu);
        properties.put("cores", cores);
        properties.put("memory", memory);
        properties.put("system", system);
        properties.put("jdk", jdk);
        properties.put("gc", gc);
        properties.put("loadBefore", load);
        return properties;
    }

    static Machine of(Map<String, String> properties) {
        return new Machine(properties.getOrDefault("cpu", "?"), properties.getOrDefault("cores", "?"),
                properties.getOrDefault("memory", "?"), properties.getOrDefault("system", "?"),
                properties.getOrDefault("jdk", "?"), properties.getOrDefault("gc", "?"),
                properties.getOrDefault("loadBefore", "?"));
    }

    @Override
    public String toString() {
        return cpu + ", " + cores + " cores, " + memory + ", " + system + ", " + jdk + ", " + gc + ", load " + load;
    }
}
