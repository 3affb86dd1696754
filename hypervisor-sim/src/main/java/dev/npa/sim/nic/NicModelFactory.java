package dev.npa.sim.nic;

import dev.npa.hw.Clock;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.Wire;

/** Makes NIC models; an OSGi service in the host framework. */
public interface NicModelFactory {

    /** Model name as scenarios use it: {@code 82599}. */
    String model();

    /** Rate of the wire port in Mbit/s. */
    int megabitsPerSecond();

    /** Bytes of the receive packet buffer, a power of two. */
    int packetBufferBytes();

    /** Physical functions that one port can have. */
    default int maxFunctions() {
        return 1;
    }

    /**
     * Creates the silicon of a port after power-on.
     *
     * @param name as {@code host0/nic0}
     * @param clock machine time
     * @param violations where to record what drivers do wrong
     * @param port the NIC's side of its wire
     * @param functions physical functions, 1..{@link #maxFunctions()}
     */
    NicModel create(String name, Clock clock, Violations violations, Wire.End port, int functions);
}
