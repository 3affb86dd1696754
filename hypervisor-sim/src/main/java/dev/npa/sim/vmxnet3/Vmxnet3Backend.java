package dev.npa.sim.vmxnet3;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.pf.RssSettings;
import dev.npa.sim.net.PortFilter;

/**
 * The hypervisor behind a vmxnet3 device: what the device cannot decide alone. Called on the guest's thread from inside
 * a register access; returns when the work is done.
 */
public interface Vmxnet3Backend {

    /** The guest changed its address (MACL, MACH). False: refused by policy, the old one stays. */
    boolean macChanged(MacAddress mac);

    /** The guest changed its receive filter. */
    void filterChanged(PortFilter filter);

    /**
     * The guest configured how received packets are spread over its queues.
     *
     * @param rss null = off
     */
    void rssChanged(RssSettings rss);

    /** ACTIVATE_DEV succeeded. */
    void activated(int mtu);

    /** QUIESCE_DEV or RESET_DEV. */
    void deactivated();

    /** LOAD_PLUGIN with its cmdInfo words; returns the result code of docs/switch-protocol.md. */
    int loadPlugin(int op, int word1, long word2);

    /** ACTIVATE_VF. */
    int activateVf(int slot, int sequence);

    /** STOP_EMULATION; the device has already forgotten the rings. */
    int stopEmulation(int sequence);

    /** Whether a VF carries the data path: decides GET_DID. */
    boolean isPassthrough();

    /** Link state for GET_LINK. */
    LinkState link();
}
