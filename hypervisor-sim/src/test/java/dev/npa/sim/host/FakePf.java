package dev.npa.sim.host;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.hw.PciIdentity;
import dev.npa.pf.PfDriver;
import dev.npa.pf.PfException;
import dev.npa.pf.RssSettings;
import dev.npa.pf.VfSettings;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.nic.NicFunction;
import dev.npa.sim.nic.NicAdapter;
import dev.npa.sim.nic.NicModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A NIC without a data path, and its PF driver, which writes down what it is asked. */
final class FakePf implements PfDriver, NicModel, NicAdapter {

    static final PciIdentity VF_ID = new PciIdentity(0x8086, 0x10ED, 0x8086, 0x7B11, 1);

    final List<String> calls = new ArrayList<>();
    final Set<MacAddress> uplink = new TreeSet<>();
    final List<Integer> uplinkVlans = new ArrayList<>();
    final List<FakeFunction> functions = new ArrayList<>();
    final List<Integer> interrupts = new ArrayList<>();
    final FakeFunction physical;
    String failing = "";
    VfSettings lastSettings;
    LinkState link = new LinkState(true, 10000);
    RssSettings rss;
    int queues = 1;
    Consumer<String> listener = call -> { };

    FakePf(int vfs, Violations violations) {
        physical = new FakeFunction("nic0/pf", new PciIdentity(0x8086, 0x10FB, 0, 0, 1), violations);
        for (int i = 0; i < vfs; i++) {
            functions.add(new FakeFunction("nic0/vf" + i, VF_ID, violations));
        }
    }

    private void call(String what) {
        calls.add(what);
        listener.accept(what);
        if (!failing.isEmpty() && what.startsWith(failing)) {
            throw new PfException("the device did not answer " + what);
        }
    }

    @Override
    public void start(int virtualFunctions) {
        call("start " + virtualFunctions);
    }

    @Override
    public void stop() {
        call("stop");
    }

    @Override
    public int maxVirtualFunctions() {
        return functions.size();
    }

    @Override
    public int queuesPerVf() {
        return queues;
    }

    @Override
    public RssSettings rss(int vf) {
        return rss;
    }

    @Override
    public LinkState link() {
        return link;
    }

    @Override
    public int maxMtu() {
        return 9000;
    }

    @Override
    public int uplinkTsoSegments() {
        return 0;
    }

    @Override
    public TxQueue uplinkTx() {
        return null;
    }

    @Override
    public RxQueue uplinkRx() {
        return null;
    }

    @Override
    public void addUplinkVlan(int vlan) {
        uplinkVlans.add(vlan);
    }

    @Override
    public void removeUplinkVlan(int vlan) {
        uplinkVlans.remove((Integer) vlan);
    }

    @Override
    public void addUplinkAddress(MacAddress mac) {
        uplink.add(mac);
    }

    @Override
    public void removeUplinkAddress(MacAddress mac) {
        uplink.remove(mac);
    }

    @Override
    public void assign(int vf, VfSettings settings) {
        lastSettings = settings;
        call("assign " + vf);
    }

    @Override
    public void update(int vf, VfSettings settings) {
        call("update " + vf);
        lastSettings = settings;
    }

    @Override
    public void activate(int vf) {
        call("activate " + vf);
    }

    @Override
    public void deactivate(int vf) {
        call("deactivate " + vf);
        uplink.add(lastSettings.mac());
    }

    @Override
    public void release(int vf) {
        call("release " + vf);
    }

    @Override
    public void pauseReceive() {
        call("pause");
    }

    @Override
    public void resumeReceive() {
        call("resume");
    }

    @Override
    public boolean onInterrupt(int vector) {
        interrupts.add(vector);
        return true;
    }

    @Override
    public int service(int budget) {
        return 0;
    }

    @Override
    public long spoofedFrames() {
        return 0;
    }

    @Override
    public List<FakePf> adapters() {
        return List.of(this);
    }

    @Override
    public NicFunction physicalFunction() {
        return physical;
    }

    @Override
    public int enabledVirtualFunctions() {
        return functions.size();
    }

    @Override
    public FakeFunction virtualFunction(int index) {
        return functions.get(index);
    }

    @Override
    public String describeRing(int vf, int queue, boolean transmit) {
        return "";
    }

    @Override
    public String name() {
        return "nic0";
    }

    @Override
    public long nextEvent() {
        return NEVER;
    }

    @Override
    public int run(int budget) {
        return 0;
    }
}
