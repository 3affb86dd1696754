package dev.npa.sim.host;

import dev.npa.plugin.Feature;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a VM's guest is booted: its boot parameters besides the MTU.
 *
 * @param os operating system, one of {@link #SYSTEMS}
 * @param queues queue pairs of its network device, 1..8; 0 = as many as its memory is good for
 * @param without features that it uses of no NIC, whatever carries its frames
 * @param warmUp packets that a plugin handles on its scratch device before it gets traffic; {@link #BY_MODE} = in real
 *     time as many as the shell thinks right, in virtual time, where speed is no matter, enough to see it work
 */
public record GuestOptions(String os, int queues, Set<Feature> without, int warmUp) {

    /** Warm-up that depends on the simulation's mode. */
    public static final int BY_MODE = -1;

    private static final int WARM_UP_SEEDED = 256;

    /** Operating systems that the shell has. */
    public static final List<String> SYSTEMS = List.of("linux", "windows");

    /** Linux-style, with all that NICs have. */
    public static final GuestOptions DEFAULT = new GuestOptions(SYSTEMS.get(0), 0, Set.of(), BY_MODE);

    /**
     * Checks.
     *
     * @throws IllegalArgumentException with a sentence if there is no such operating system, or the number of queues is
     *     out of range
     */
    public GuestOptions {
        if (!SYSTEMS.contains(os)) {
            throw new IllegalArgumentException("there is no guest operating system '" + os + "'; there are " + SYSTEMS);
        }
        if (queues < 0 || queues > 8) {
            throw new IllegalArgumentException(queues + " queue pairs of a guest are not in 0..8");
        }
        without = Set.copyOf(without);
    }

    /** Boot parameters by the names that the shell knows them by. */
    Map<String, Object> parameters(int mtu, Simulation.Mode mode) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("npa.mtu", mtu);
        parameters.put("npa.os", os);
        parameters.put("npa.queues", queues);
        if (warmUp != BY_MODE || mode == Simulation.Mode.SEEDED) {
            parameters.put("npa.warm-up", warmUp != BY_MODE ? warmUp : WARM_UP_SEEDED);
        }
        if (!without.isEmpty()) {
            parameters.put("npa.without", without.stream().sorted().map(feature -> feature.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(",")));
        }
        return parameters;
    }
}
