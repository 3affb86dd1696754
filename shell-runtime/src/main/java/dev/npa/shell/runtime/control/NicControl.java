package dev.npa.shell.runtime.control;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.plugin.Plugin;
import dev.npa.shell.Shell;
import dev.npa.shell.runtime.netdev.RssConfig;

/**
 * The control channel of the paravirtual NIC as the shell uses it. Commands are synchronous; the result is the
 * device's. An exception means that the device is out of order.
 */
public interface NicControl {

    /** Link state changed. */
    int EVENT_LINK = 1;
    /** A queue of the emulated device stopped; only a re-initialisation helps. */
    int EVENT_QUEUE_ERROR = 1 << 1;
    /** A request, or {@code drained}, stands in the plugin area. */
    int EVENT_DIC = 1 << 2;

    /** Announces the plugin area; before the first activation. */
    void announce(long address, int length);

    /** LOAD_PLUGIN with operation and its argument. */
    int loadPlugin(int operation, int argument);

    /** ACTIVATE_VF; slot -1 turns the traffic to the emulation. */
    int activateVf(int slot, int sequence);

    /** STOP_EMULATION. */
    int stopEmulation(int sequence);

    /** Takes and acknowledges events, as bits of this interface. */
    int takeEvents();

    /** The device's vector for events. */
    int eventVector();

    /** Lets the next event interrupt; one that is there already does at once. */
    void enableEvents();

    /** Puts the receive filter in force: unicast, broadcast, all multicast, every VLAN. */
    void openFilter();

    /** Sets how the device spreads received packets, in force at once and for a VF as well; null = not at all. */
    void rss(RssConfig config);

    LinkState link();

    MacAddress mac();

    /** A new emulation plugin on this device, in state PROBED. */
    Plugin emulation(Shell shell);

    /** Resets the device; nothing of it is used afterwards. */
    void close();
}
