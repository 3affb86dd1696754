package dev.npa.benchmarks.endtoend;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.plugin.Plugin;
import dev.npa.shell.Shell;
import dev.npa.shell.runtime.control.NicControl;
import dev.npa.shell.runtime.netdev.RssConfig;

/** The control channel of a guest that begins in passthrough and stays there. */
final class VfNicControl implements NicControl {

    private final MacAddress mac;
    private final int megabits;

    VfNicControl(MacAddress mac, int megabits) {
        this.mac = mac;
        this.megabits = megabits;
    }

    @Override
    public void announce(long address, int length) {
        throw unused();
    }

    @Override
    public int loadPlugin(int operation, int argument) {
        throw unused();
    }

    @Override
    public int activateVf(int slot, int sequence) {
        throw unused();
    }

    @Override
    public int stopEmulation(int sequence) {
        throw unused();
    }

    @Override
    public int takeEvents() {
        return 0;
    }

    @Override
    public int eventVector() {
        return -1;
    }

    @Override
    public void enableEvents() {
        // There are none.
    }

    @Override
    public void openFilter() {
        // The PF driver has set the filter.
    }

    @Override
    public void rss(RssConfig config) {
        if (config != null) {
            throw unused();
        }
    }

    @Override
    public LinkState link() {
        return new LinkState(true, megabits);
    }

    @Override
    public MacAddress mac() {
        return mac;
    }

    @Override
    public Plugin emulation(Shell shell) {
        throw unused();
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("a measured guest in passthrough has one queue pair and never switches");
    }
}
