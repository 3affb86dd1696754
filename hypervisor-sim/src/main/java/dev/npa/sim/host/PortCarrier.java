package dev.npa.sim.host;

import dev.npa.hw.MacAddress;

/** The emulated device's port on the virtual switch of a VM's home NIC, as a place for the VM's frames. */
final class PortCarrier implements Carrier {

    private final HostNic home;
    private final GatedPort port;
    private boolean moved = true;

    PortCarrier(HostNic home, GatedPort port) {
        this.home = home;
        this.port = port;
    }

    @Override
    public HostNic nic() {
        return home;
    }

    GatedPort port() {
        return port;
    }

    /** Whether the port has joined or left the switch as wanted last: nothing from before a cut waits in front. */
    boolean isMoved() {
        return moved;
    }

    @Override
    public void open() {
        port.attach();
    }

    @Override
    public void close(MacAddress mac) {
        putAside();
        // At once: the port itself leaves only behind what lies aside, and meanwhile the NIC must not deliver here.
        home.gate().removeAddress(mac);
        behindAside(port::detach);
    }

    /**
     * Puts everything aside that the uplink has received. Call while the NIC's receive is paused.
     *
     * @throws IllegalStateException if it is too much; nothing is lost
     */
    void putAside() {
        if (!home.gate().drain()) {
            throw new IllegalStateException("the uplink holds more received frames than can be put aside");
        }
    }

    /** Has the port join or leave the switch behind what lies aside, which is handed to the switch. */
    void behindAside(Runnable move) {
        moved = false;
        home.gate().whenDelivered(() -> {
            move.run();
            moved = true;
        });
        home.network().drainUplink();
    }
}
