package dev.npa.sim.contract;

import dev.npa.hw.LinkState;
import dev.npa.pf.PfDriver;
import dev.npa.pf.RssSettings;
import dev.npa.pf.VfSettings;
import dev.npa.plugin.Plugin;
import dev.npa.shell.PacketBurst;
import dev.npa.sim.host.BareMachine;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.NicAdapter;
import dev.npa.sim.nic.NicFunction;
import dev.npa.sim.nic.NicModel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Virtual functions of a NIC model under its PF driver. */
final class NicBench extends Bench {

    final Wire wire;
    final NicModel nic;
    final List<PfDriver> drivers = new ArrayList<>();
    final List<VfSettings> settings = new ArrayList<>();
    private final List<BareMachine> hosts = new ArrayList<>();
    private final PacketBurst uplink = new PacketBurst(256);
    private final List<byte[]> out = new ArrayList<>();
    /** Frames that the uplink of physical function 0 received. */
    int uplinkFrames;

    NicBench(Product product, Setup setup) {
        super(product, setup);
        wire = new Wire("wire", clock, product.model().megabitsPerSecond(), 0, product.model().packetBufferBytes());
        nic = product.model().create("nic", clock, violations, wire.nicSide(), setup.functions());
        for (NicAdapter adapter : nic.adapters()) {
            NicFunction pf = adapter.physicalFunction();
            BareMachine host = machine(pf.name(), pf, pf.dma());
            PfDriver driver = product.driver(host);
            driver.start(setup.vms());
            hosts.add(host);
            drivers.add(driver);
        }
        for (int f = 0; f < setup.functions(); f++) {
            for (int v = 0; v < setup.vms(); v++) {
                up(f, v);
            }
        }
        settle();
    }

    private void up(int function, int vf) {
        VfSettings wanted = setup.settings().apply(VfSettings.of(mac(vms.size()), setup.mtu()));
        settings.add(wanted);
        PfDriver driver = drivers.get(function);
        driver.assign(vf, wanted);
        NicFunction virtual = nic.adapters().get(function).virtualFunction(vf);
        BareMachine machine = machine(virtual.name(), virtual, virtual.dma());
        add(machine, product.plugin(machine));
        driver.activate(vf);
    }

    /** Driver of a guest's function. */
    PfDriver driver(int vm) {
        return drivers.get(vm / setup.vms());
    }

    int vf(int vm) {
        return vm % setup.vms();
    }

    @Override
    int run() {
        int work = nic.run(64);
        for (int f = 0; f < drivers.size(); f++) {
            PfDriver driver = drivers.get(f);
            for (int vector = hosts.get(f).takeInterrupt(); vector >= 0; vector = hosts.get(f).takeInterrupt()) {
                driver.onInterrupt(vector);
                work++;
            }
            work += driver.service(16);
            uplink.clear();
            driver.uplinkRx().receive(uplink, 64);
            for (int i = 0; i < uplink.size() && f == 0; i++) {
                uplinkFrames += uplink.flags(i) & 1;
            }
            work += uplink.size();
            hosts.get(f).pool().give(uplink, 0, uplink.size());
        }
        Wire.End far = wire.peerSide();
        for (int at = far.peek(); at >= 0; at = far.peek()) {
            byte[] frame = new byte[far.length(at)];
            far.buffer().get(at, frame);
            out.add(frame);
            far.remove(at);
            work++;
        }
        return work + (far.nextArrival() == Long.MAX_VALUE ? 0 : 1);
    }

    @Override
    List<byte[]> wire() {
        List<byte[]> taken = new ArrayList<>(out);
        out.clear();
        return taken;
    }

    @Override
    boolean offer(byte[] frame) {
        return wire.peerSide().send(ByteBuffer.wrap(frame), 0, frame.length);
    }

    @Override
    void rss(int vm, RssSettings rss) {
        driver(vm).update(vf(vm), settings.get(vm).withRss(rss));
    }

    @Override
    Plugin another(int vm) {
        return product.plugin(vm(vm).machine);
    }

    @Override
    RssSettings rss(int vm) {
        return driver(vm).rss(vf(vm));
    }

    @Override
    LinkState link() {
        return drivers.get(0).link();
    }

    @Override
    void cable(boolean plugged) {
        wire.setUp(plugged);
    }

    @Override
    public void close() {
        super.close();
        for (int f = 0; f < drivers.size(); f++) {
            drivers.get(f).stop();
        }
    }
}
