package dev.npa.sim.host;

import dev.npa.hw.MacAddress;

/**
 * A place where a VM's frames can arrive: a virtual function, or the port of its home NIC's virtual switch. Used under
 * the lock of its NIC.
 */
interface Carrier {

    HostNic nic();

    /**
     * Has the NIC deliver the VM's frames here.
     *
     * @throws RuntimeException if it cannot; nothing changed
     */
    void open();

    /**
     * Takes the VM's address off the NIC altogether; what arrived before stays here. Call while the NIC's receive is
     * paused, for an exact cut.
     *
     * @param mac the VM's address
     * @throws RuntimeException if it cannot; it is open still
     */
    void close(MacAddress mac);
}
