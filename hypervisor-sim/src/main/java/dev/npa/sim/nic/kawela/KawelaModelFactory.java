package dev.npa.sim.nic.kawela;

import dev.npa.hw.Clock;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.NicModel;
import dev.npa.sim.nic.NicModelFactory;
import dev.npa.sim.nic.intel.IntelModel;

/** Makes models of the Intel 82576 Gigabit Ethernet controller ("Kawela"), one port each. */
public final class KawelaModelFactory implements NicModelFactory {

    @Override
    public String model() {
        return "82576";
    }

    @Override
    public int megabitsPerSecond() {
        return 1_000;
    }

    @Override
    public int packetBufferBytes() {
        return 64 * 1024; // RXPBS, 82576 §1
    }

    @Override
    public NicModel create(String name, Clock clock, Violations violations, Wire.End port, int functions) {
        if (functions != 1) {
            throw new IllegalArgumentException("an 82576 port has one physical function, not " + functions);
        }
        return new IntelModel(new KawelaChip(name, clock, violations, port));
    }
}
