package dev.npa.benchmarks;

import dev.npa.benchmarks.endtoend.Measurement;
import dev.npa.benchmarks.endtoend.Stage;
import dev.npa.benchmarks.harness.Forked;
import dev.npa.benchmarks.harness.Harness;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is measured over the whole way of a packet, and over the assembled product. */
final class EndToEnd {

    private static final List<String> COSTS = List.of("guestNanos", "hypervisorNanos", "siliconNanos", "interrupts");
    private static final List<String> STAGES =
            List.of("nsPerFrame", "sendNanos", "deviceNanos", "receiveNanos", "gigabitsPerSecond");

    private EndToEnd() {}

    /** Every harness; of those that a quick run leaves out, the quick part is empty. */
    static List<Harness> harnesses() {
        List<Harness> all = new ArrayList<>();
        List.of("tx", "rx", "8vm").forEach(name -> all.add(streams(name, true)));
        List.of("tx.64B", "rx.64B", "8vm.rx").forEach(name -> all.add(streams(name, false)));
        all.add(chain("niantic", true));
        List.of("niantic-1.1.0", "kawela", "broadcom").forEach(plugin -> all.add(chain(plugin, false)));
        List<String> gaps = List.of("gap.p99Micros", "gap.medianMicros", "switchMillis", "firstSecondThroughputShare");
        all.add(Forked.ofProduct("swap", with("swap.", gaps, "swap.lost", "swap.idleGap.p99Micros"),
                with("swap.cold.", gaps, "swap.cold.lost")));
        all.add(Forked.ofProduct("scale", with("guest.",
                List.of("bootMillis", "heapMiB", "metaspaceMiB", "directMiB", "codeMiB"), scaled(8)),
                Stream.of(32, 100).flatMap(n -> Stream.of(scaled(n))).toList()));
        all.add(Forked.ofProduct("seeded", List.of("seeded.framesPerSecond", "seeded.niantic.framesPerSecond"),
                Stream.of("emulated", "kawela", "broadcom", "paced").map(w -> "seeded." + w + ".framesPerSecond")
                        .toList()));
        return all;
    }

    private static Harness streams(String name, boolean quick) {
        String prefix = "passthroughVsEmulated." + name + ".";
        List<String> metrics = new ArrayList<>(List.of(prefix + "cpuRatio"));
        metrics.addAll(with(prefix + "passthrough.", COSTS));
        metrics.addAll(with(prefix + "emulated.", COSTS));
        List<String> stages = Stream.of(Stage.values()).map(Measurement::metric).toList();
        List<String> more = new ArrayList<>(with(prefix + "passthrough.", stages));
        more.addAll(with(prefix + "emulated.", stages));
        return quick ? Forked.ofClass(Measurement.class, name, metrics, more)
                : Forked.ofClass(Measurement.class, name, List.of(), both(metrics, more));
    }

    private static Harness chain(String plugin, boolean quick) {
        String prefix = "chain." + plugin;
        List<String> metrics = new ArrayList<>(with(prefix + ".64B.", STAGES));
        metrics.addAll(with(prefix + ".1518B.", STAGES));
        return quick ? Forked.ofClass(Measurement.class, prefix, metrics, List.of())
                : Forked.ofClass(Measurement.class, prefix, List.of(), metrics);
    }

    private static List<String> both(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private static String[] scaled(int guests) {
        String prefix = "scale." + guests + "vm.";
        return new String[] {prefix + "costRatio", prefix + "coldRatio", prefix + "guestNanos", prefix + "bootMillis",
            prefix + "memoryMiB", "scale.evacuate" + guests + ".millis"};
    }

    private static List<String> with(String prefix, List<String> names, String... others) {
        return Stream.concat(names.stream().map(n -> prefix + n), Stream.of(others)).toList();
    }
}
