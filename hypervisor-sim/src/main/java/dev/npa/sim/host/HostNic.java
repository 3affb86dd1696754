package dev.npa.sim.host;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.pf.PfDriver;
import dev.npa.sim.net.VirtualSwitch;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.NicAdapter;
import dev.npa.sim.nic.NicModel;

/**
 * A NIC of a host, or one function of it, with its PF driver, uplink and virtual switch.
 *
 * <p><b>Locking.</b> {@link #lock()} is the virtual switch's lock. The switch's thread holds it while it runs; every
 * call of the PF driver and every change of the VF pool is made under it, from control threads and from guests' threads
 * in a trapped register access alike. The passthrough state of a VM is under the lock of its home NIC. The order is:
 * the host's control lock, these locks in the order of {@link #index()}, the locks inside the NIC model. Who needs the
 * locks of several NICs takes all of them at once by {@link NicLocks}; a switch's thread takes no other NIC's lock
 * while it holds its own. Nobody who holds this lock waits for a guest.
 */
final class HostNic implements Host.Nic {

    private final String name;
    private final int index;
    private final MacAddress probe;
    private final NicModel model;
    private final NicAdapter adapter;
    private final Wire wire;
    private final PfDriver driver;
    private final VirtualSwitch network;
    private final UplinkGate gate;
    private final VfPool pool;

    /**
     * Puts the parts together.
     *
     * @param index place in the order of locking, differs from NIC to NIC of a host
     * @param probe address at which the gate listens for markers
     * @param driver started
     */
    HostNic(String name, int index, MacAddress probe, NicModel model, NicAdapter adapter, Wire wire, PfDriver driver,
            VirtualSwitch network, UplinkGate gate) {
        this.name = name;
        this.index = index;
        this.probe = probe;
        this.model = model;
        this.adapter = adapter;
        this.wire = wire;
        this.driver = driver;
        this.network = network;
        this.gate = gate;
        this.pool = new VfPool(adapter.enabledVirtualFunctions());
    }

    @Override
    public String name() {
        return name;
    }

    int index() {
        return index;
    }

    /** Address of this NIC's uplink for markers of switchovers between NICs. */
    MacAddress probe() {
        return probe;
    }

    @Override
    public NicAdapter adapter() {
        return adapter;
    }

    /** The silicon that this and the other adapters of the port share. */
    NicModel model() {
        return model;
    }

    @Override
    public Wire wire() {
        return wire;
    }

    @Override
    public int freeVirtualFunctions() {
        return pool.free();
    }

    @Override
    public LinkState link() {
        synchronized (lock()) {
            return driver.link();
        }
    }

    @Override
    public long spoofedFrames() {
        synchronized (lock()) {
            return driver.spoofedFrames();
        }
    }

    Object lock() {
        return network.lock();
    }

    PfDriver driver() {
        return driver;
    }

    VirtualSwitch network() {
        return network;
    }

    UplinkGate gate() {
        return gate;
    }

    VfPool pool() {
        return pool;
    }

    /** Stops the PF driver. */
    void stop() {
        synchronized (lock()) {
            network.uplink(null);
            driver.stop();
        }
    }
}
