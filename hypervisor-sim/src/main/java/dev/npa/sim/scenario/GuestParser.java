package dev.npa.sim.scenario;

import dev.npa.plugin.Feature;
import dev.npa.sim.host.GuestOptions;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;

/** Reads how a VM's guest is booted. */
final class GuestParser {

    /** The fields of a VM that it reads. */
    static final List<String> FIELDS = List.of("os", "queues", "without", "warmUp");

    private final YamlReader read;

    GuestParser(YamlReader read) {
        this.read = read;
    }

    GuestOptions options(Map<String, Node> vm) {
        String os = read.string(vm.get("os"), "os", GuestOptions.DEFAULT.os());
        if (!GuestOptions.SYSTEMS.contains(os)) {
            read.problem(vm.get("os"), "os '" + os + "' is not known; it is " + String.join(" or ", GuestOptions.SYSTEMS));
            os = GuestOptions.DEFAULT.os();
        }
        int queues = (int) read.number(vm.get("queues"), "queues", 0, 1, 8);
        int warmUp = (int) read.number(vm.get("warmUp"), "warmUp", GuestOptions.BY_MODE, 0, 100_000_000);
        return new GuestOptions(os, queues, features(vm.get("without")), warmUp);
    }

    private Set<Feature> features(Node node) {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        for (Node item : read.sequence(node, "without")) {
            String text = read.string(item, "feature", "");
            try {
                features.add(Feature.valueOf(text.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                read.problem(item, "feature '" + text + "' is not known; there are "
                        + String.join(", ", EnumSet.allOf(Feature.class).stream()
                                .map(f -> f.name().toLowerCase(Locale.ROOT)).toList()));
            }
        }
        return features;
    }
}
