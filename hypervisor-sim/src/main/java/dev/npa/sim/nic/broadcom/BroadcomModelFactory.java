package dev.npa.sim.nic.broadcom;

import dev.npa.hw.Clock;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.NicModel;
import dev.npa.sim.nic.NicModelFactory;

/** Makes models of one path of the Broadcom NetXtreme II BCM57712 10 Gigabit Ethernet controller. */
public final class BroadcomModelFactory implements NicModelFactory {

    @Override
    public String model() {
        return "57712";
    }

    @Override
    public int megabitsPerSecond() {
        return 10_000;
    }

    @Override
    public int packetBufferBytes() {
        return 128 * 1024; // 57712 §14: 512 blocks of 256 bytes
    }

    @Override
    public int maxFunctions() {
        return Path.MAX_PFS;
    }

    @Override
    public NicModel create(String name, Clock clock, Violations violations, Wire.End port, int functions) {
        if (functions < 1 || functions > Path.MAX_PFS) {
            throw new IllegalArgumentException("a 57712 path has 1.." + Path.MAX_PFS + " physical functions, not "
                    + functions);
        }
        return new BroadcomModel(name, clock, violations, port, functions);
    }
}
