package dev.npa.benchmarks.endtoend;

import dev.npa.benchmarks.report.JsonLines;
import dev.npa.benchmarks.report.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One measurement of this package in a process of its own, so that no other has shaped what the compiler made of the
 * code. Prints a line for each figure.
 */
public final class Measurement {

    /** Plugin of the comparison with emulation. */
    private static final String PLUGIN = "niantic";
    private static final int BURST = 32;
    private static final int MANY = 8;

    private final boolean quick;
    private final List<Metric> metrics = new ArrayList<>();

    private Measurement(boolean quick) {
        this.quick = quick;
    }

    /**
     * Measures and prints.
     *
     * @param args name: {@code tx}, {@code rx}, {@code tx.64B}, {@code rx.64B}, {@code 8vm}, {@code 8vm.rx}, or
     *     {@code chain.PLUGIN}; perhaps {@code --quick}
     */
    public static void main(String[] args) {
        Measurement measurement = new Measurement(args.length > 1 && args[1].equals("--quick"));
        if (args[0].startsWith("chain.")) {
            measurement.chain(args[0].substring("chain.".length()));
        } else {
            measurement.streams(args[0]);
        }
        measurement.metrics.forEach(m -> System.out.println(JsonLines.line(m)));
        System.exit(0);
    }

    private void streams(String name) {
        Streams.Direction direction = name.contains("rx") ? Streams.Direction.RX : Streams.Direction.TX;
        Streams.Result r = Streams.compare(PLUGIN, direction, !name.endsWith("64B"), name.startsWith("8vm") ? MANY : 1,
                quick ? 1500 : 4000, quick ? 7 : 15, 100);
        String prefix = "passthroughVsEmulated." + name + ".";
        metrics.add(new Metric(prefix + "cpuRatio", r.cpuRatio(), "1", r.lowRatio(), r.highRatio()));
        cost(prefix + "passthrough.", r.passthrough());
        cost(prefix + "emulated.", r.emulated());
        for (boolean emulated : quick ? new boolean[] {} : new boolean[] {false, true}) {
            Streams.breakdown(PLUGIN, direction, !name.endsWith("64B"), name.startsWith("8vm") ? MANY : 1, emulated,
                    3000, 9, 100).forEach((stage, nanos) -> single(prefix + (emulated ? "emulated." : "passthrough.")
                            + metric(stage), nanos, "ns"));
        }
    }

    /** End of the name of a stage's metric. */
    public static String metric(Stage stage) {
        return "stage." + stage.name().toLowerCase(Locale.ROOT) + "Nanos";
    }

    private void cost(String prefix, Streams.Cost cost) {
        single(prefix + "guestNanos", cost.guestNanos(), "ns");
        single(prefix + "hypervisorNanos", cost.hypervisorNanos(), "ns");
        single(prefix + "siliconNanos", cost.siliconNanos(), "ns");
        single(prefix + "interrupts", cost.interrupts(), "1");
    }

    private void chain(String plugin) {
        for (int bytes : new int[] {64, 1518}) {
            Chain.Result r = Chain.measure(plugin, bytes, BURST, quick ? 1500 : 4000, quick ? 10 : 40, 50);
            String prefix = String.format(Locale.ROOT, "chain.%s.%dB.", plugin, bytes);
            metrics.add(new Metric(prefix + "nsPerFrame", r.nanos(), "ns", r.nanos(), r.highNanos()));
            single(prefix + "sendNanos", r.sendNanos(), "ns");
            single(prefix + "deviceNanos", r.deviceNanos(), "ns");
            single(prefix + "receiveNanos", r.receiveNanos(), "ns");
            single(prefix + "gigabitsPerSecond", r.gigabitsPerSecond(), "Gbit/s");
        }
    }

    private void single(String name, double value, String unit) {
        metrics.add(new Metric(name, value, unit, value, value));
    }
}
