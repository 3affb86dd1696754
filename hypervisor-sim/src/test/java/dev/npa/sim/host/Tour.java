package dev.npa.sim.host;

import dev.npa.sim.traffic.GeneratorSpec;
import dev.npa.sim.traffic.GeneratorSpec.Sizes;
import dev.npa.sim.traffic.GeneratorSpec.Transport;
import dev.npa.sim.traffic.Offloads;
import dev.npa.sim.traffic.Pacing;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** One VM that goes round the NICs of three vendors in one network; its home is the 82599. */
final class Tour implements AutoCloseable {

    /** Where the data path can be. */
    enum Stop {
        EMULATED(0, null, 10_000), NIANTIC(0, "niantic", 10_000), KAWELA(1, "kawela", 1_000),
        BROADCOM(2, "broadcom", 10_000);

        /** Place of the NIC. */
        final int nic;
        final String image;
        final int megabits;

        Stop(int nic, String image, int megabits) {
            this.nic = nic;
            this.image = image;
            this.megabits = megabits;
        }
    }

    /** Each carrier after another one, and faster ones after slower ones. */
    static final List<Stop> STOPS = List.of(Stop.NIANTIC, Stop.KAWELA, Stop.BROADCOM, Stop.EMULATED);

    final NetworkLab lab;
    final VirtualMachine vm;

    Tour(Simulation.Mode mode, long seed, Path storage, String os, int queues) {
        lab = new NetworkLab(mode, seed, storage, Pacing.framesPerSecond(10_000),
                new GuestOptions(os, queues, Set.of(), GuestOptions.BY_MODE), "82599", "82576", "57712");
        vm = lab.vm(0);
    }

    /** Flows of complete frames. */
    static GeneratorSpec spec(List<Transport> transports, int flows, boolean bothWays, long seed) {
        return new GeneratorSpec(Sizes.range(90, 1514), transports, 0, flows, Pacing.framesPerSecond(10_000), 0,
                bothWays, 1500, seed, Offloads.NONE, false, 0);
    }

    void go(Stop stop) {
        if (stop.image == null) {
            lab.home(vm);
        } else {
            lab.to(vm, lab.nics.get(stop.nic), stop.image, null);
        }
    }

    GuestConsole console() {
        return lab.console(vm);
    }

    @Override
    public void close() {
        lab.close();
    }
}
