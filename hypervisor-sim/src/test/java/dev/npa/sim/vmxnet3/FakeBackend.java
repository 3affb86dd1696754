package dev.npa.sim.vmxnet3;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.pf.RssSettings;
import dev.npa.sim.net.PortFilter;
import java.util.ArrayList;
import java.util.List;

/** A hypervisor that writes down what it is told. */
final class FakeBackend implements Vmxnet3Backend {
    final List<String> calls = new ArrayList<>();
    boolean acceptMac = true;
    boolean passthrough;
    int result;
    LinkState link = new LinkState(true, 10_000);
    PortFilter filter = PortFilter.CLOSED;

    @Override
    public boolean macChanged(MacAddress mac) {
        calls.add("mac " + mac);
        return acceptMac;
    }

    @Override
    public void filterChanged(PortFilter newFilter) {
        calls.add("filter");
        filter = newFilter;
    }

    @Override
    public void rssChanged(RssSettings rss) {
        calls.add("rss");
    }

    @Override
    public void activated(int mtu) {
        calls.add("activated " + mtu);
    }

    @Override
    public void deactivated() {
        calls.add("deactivated");
    }

    @Override
    public int loadPlugin(int op, int word1, long word2) {
        calls.add("load " + op + " " + word1 + " " + Long.toHexString(word2));
        return result;
    }

    @Override
    public int activateVf(int slot, int sequence) {
        calls.add("activate " + slot + " " + sequence);
        return result;
    }

    @Override
    public int stopEmulation(int sequence) {
        calls.add("stop " + sequence);
        return result;
    }

    @Override
    public boolean isPassthrough() {
        return passthrough;
    }

    @Override
    public LinkState link() {
        return link;
    }
}
