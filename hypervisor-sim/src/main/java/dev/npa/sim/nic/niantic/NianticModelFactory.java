package dev.npa.sim.nic.niantic;

import dev.npa.hw.Clock;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.NicModel;
import dev.npa.sim.nic.NicModelFactory;
import dev.npa.sim.nic.intel.IntelModel;

/** Makes models of the Intel 82599 10 Gigabit Ethernet controller ("Niantic"), one port each. */
public final class NianticModelFactory implements NicModelFactory {

    @Override
    public String model() {
        return "82599";
    }

    @Override
    public int megabitsPerSecond() {
        return 10_000;
    }

    @Override
    public int packetBufferBytes() {
        return 512 * 1024;
    }

    @Override
    public NicModel create(String name, Clock clock, Violations violations, Wire.End port, int functions) {
        if (functions != 1) {
            throw new IllegalArgumentException("an 82599 port has one physical function, not " + functions);
        }
        return new IntelModel(new NianticChip(name, clock, violations, port));
    }
}
