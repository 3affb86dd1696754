package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.LinkState;
import dev.npa.sim.host.Switchover.Outcome;
import dev.npa.sim.host.VirtualMachine.State;
import dev.npa.sim.net.VlanPolicy;
import dev.npa.sim.traffic.GeneratorSpec;
import dev.npa.sim.traffic.Pacing;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Switchovers between NICs of one network with the real shell, plugins, PF driver and NIC model. */
class SeveralNicsIT {

    private static final String FAST = "82599";

    @TempDir
    Path storage;

    private NetworkLab lab(Simulation.Mode mode, long seed, Pacing pacing, String... models) {
        return new NetworkLab(mode, seed, storage, pacing, models);
    }

    /** A VM on NIC 0 that talks to a station at each NIC, and to an emulated VM and one on a VF of each NIC. */
    private NetworkLab neighbourhood(Simulation.Mode mode, long seed, Pacing pacing) {
        NetworkLab lab = lab(mode, seed, pacing, FAST, FAST, FAST);
        VirtualMachine mover = lab.vm(0);
        for (int nic = 0; nic < 3; nic++) {
            lab.flow(mover, nic);
            lab.flow(mover, lab.vm(nic));
            lab.flow(lab.vm(nic), mover);
        }
        lab.start();
        for (int nic = 0; nic < 3; nic++) {
            lab.to(lab.vms.get(2 + 2 * nic), nic, "1.0.0");
        }
        return lab;
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,1", "SEEDED,2", "SEEDED,3", "THREADED,1"})
    void vmGoesFromNicToNicAndHomeWithoutLosingAFrame(Simulation.Mode mode, long seed) {
        try (NetworkLab lab = neighbourhood(mode, seed, Pacing.framesPerSecond(10_000))) {
            VirtualMachine vm = lab.vms.get(0);
            lab.to(vm, 0, "1.0.0");
            lab.to(vm, 1, "1.1.0");
            assertEquals("niantic 1.1.0 on nic1", vm.carrier());
            lab.to(vm, 2, "1.0.0");
            lab.to(vm, 2, "1.1.0");
            lab.home(vm);
            lab.to(vm, 1, "1.0.0");
            lab.home(vm);
            lab.assertNothingLost();
            lab.assertNothingLeft();
            assertEquals(6, vm.leftovers().unloaded() + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,11", "SEEDED,12", "THREADED,11"})
    void neighboursOnVfsFollowToOtherNics(Simulation.Mode mode, long seed) {
        try (NetworkLab lab = neighbourhood(mode, seed, Pacing.framesPerSecond(5_000))) {
            for (int round = 1; round < 3; round++) {
                for (int i = 0; i < lab.vms.size(); i++) {
                    lab.to(lab.vms.get(i), (i + round) % 3, null);
                }
            }
            for (VirtualMachine vm : lab.vms) {
                lab.home(vm);
            }
            lab.assertNothingLost();
            lab.assertNothingLeft();
        }
    }
}
