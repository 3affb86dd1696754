package dev.npa.sim.contract;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.pf.RssSettings;
import dev.npa.pf.RssType;
import dev.npa.pf.VfSettings;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.vmxnet3.Vmxnet3Plugin;
import dev.npa.plugin.vmxnet3.control.RssConf;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Control;
import dev.npa.sim.host.BareMachine;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.net.PortFilter;
import dev.npa.sim.net.Uplink;
import dev.npa.sim.net.VirtualSwitch;
import dev.npa.sim.net.VlanPolicy;
import dev.npa.sim.vmxnet3.Vmxnet3Backend;
import dev.npa.sim.vmxnet3.Vmxnet3Device;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Emulated devices at a virtual switch, whose uplink is the wire. */
final class EmulatedBench extends Bench {

    private final VirtualSwitch network;
    private final List<Vmxnet3Control> controls = new ArrayList<>();
    private final List<RssSettings> rss = new ArrayList<>();
    private final List<byte[]> out = new ArrayList<>();
    private final ArrayDeque<byte[]> in = new ArrayDeque<>();
    private LinkState link = new LinkState(true, 10_000);

    EmulatedBench(Product product, Setup setup) {
        super(product, setup);
        network = new VirtualSwitch("switch", clock);
        network.uplink(new FarEnd());
        for (int v = 0; v < setup.vms(); v++) {
            up();
        }
    }

    private void up() {
        MacAddress mac = mac(vms.size());
        DmaPort dma = new DmaPort("vm" + vms.size(), violations);
        VfSettings wanted = setup.settings().apply(VfSettings.of(mac, setup.mtu()));
        Vmxnet3Device device = new Vmxnet3Device("vm" + vms.size(), clock, violations, mac,
                network.addPort("vm" + vms.size(), mac, new VlanPolicy(wanted.vlan(), wanted.vlans())), dma,
                new Backend());
        network.addDevice(device);
        BareMachine machine = machine(device.name(), device, dma);
        Vmxnet3Control control = Vmxnet3Control.open(machine);
        control.receiveMode(true, true, wanted.allMulticast(), wanted.promiscuous(), wanted.multicast(),
                wanted.vlans().isEmpty() ? IntStream.range(0, 4095).boxed().collect(Collectors.toSet())
                        : wanted.vlans());
        control.rss(wanted.rss() == null ? null : conf(wanted.rss()));
        controls.add(control);
        rss.add(wanted.rss() == null ? null : emulated(wanted.rss()));
        add(machine, new Vmxnet3Plugin(machine, control));
    }

    /** The device knows no types for UDP. */
    private static RssSettings emulated(RssSettings settings) {
        EnumSet<RssType> types = EnumSet.noneOf(RssType.class);
        types.addAll(settings.types());
        types.removeAll(Set.of(RssType.UDP_IPV4, RssType.UDP_IPV6));
        return new RssSettings(types, settings.key(), settings.table());
    }

    private static RssConf conf(RssSettings rss) {
        byte[] table = new byte[RssSettings.TABLE_SIZE];
        for (int i = 0; i < table.length; i++) {
            table[i] = (byte) rss.table()[i];
        }
        Set<RssType> types = rss.types();
        return new RssConf((types.contains(RssType.IPV4) ? 1 : 0) | (types.contains(RssType.TCP_IPV4) ? 2 : 0)
                | (types.contains(RssType.IPV6) ? 4 : 0) | (types.contains(RssType.TCP_IPV6) ? 8 : 0),
                rss.key(), table);
    }

    @Override
    int run() {
        return network.run(64);
    }

    @Override
    List<byte[]> wire() {
        List<byte[]> taken = new ArrayList<>(out);
        out.clear();
        return taken;
    }

    @Override
    boolean offer(byte[] frame) {
        in.add(padded(frame));
        return true;
    }

    @Override
    void rss(int vm, RssSettings settings) {
        rss.set(vm, emulated(settings));
        controls.get(vm).rss(conf(settings));
    }

    @Override
    Plugin another(int vm) {
        return new Vmxnet3Plugin(vm(vm).machine, controls.get(vm));
    }

    @Override
    RssSettings rss(int vm) {
        return rss.get(vm);
    }

    @Override
    LinkState link() {
        return controls.get(0).link();
    }

    @Override
    void cable(boolean plugged) {
        link = plugged ? new LinkState(true, 10_000) : LinkState.DOWN;
    }

    @Override
    public void close() {
        super.close();
        controls.forEach(Vmxnet3Control::close);
    }

    private final class FarEnd implements Uplink {
        private final ByteBuffer frame = ByteBuffer.allocateDirect(1 << 16);
        private long ticket;

        @Override
        public long transmit(ByteBuffer source, int offset, int length) {
            byte[] copy = new byte[length];
            source.get(offset, copy);
            out.add(padded(copy));
            return ++ticket;
        }

        @Override
        public long completed() {
            return ticket;
        }

        @Override
        public int poll(Receiver receiver, int budget) {
            int taken = 0;
            while (taken < budget && !in.isEmpty()) {
                frame.put(0, in.peek());
                if (!receiver.receive(frame, 0, in.peek().length)) {
                    break;
                }
                in.remove();
                taken++;
            }
            return taken;
        }

        @Override
        public void addAddress(MacAddress mac) {}

        @Override
        public void removeAddress(MacAddress mac) {}

        @Override
        public void addVlan(int vlan) {}

        @Override
        public void removeVlan(int vlan) {}
    }

    private final class Backend implements Vmxnet3Backend {
        @Override
        public boolean macChanged(MacAddress mac) {
            return true;
        }

        @Override
        public void filterChanged(PortFilter filter) {}

        @Override
        public void rssChanged(RssSettings rss) {}

        @Override
        public void activated(int mtu) {}

        @Override
        public void deactivated() {}

        @Override
        public int loadPlugin(int op, int word1, long word2) {
            return 1;
        }

        @Override
        public int activateVf(int slot, int sequence) {
            return 1;
        }

        @Override
        public int stopEmulation(int sequence) {
            return 1;
        }

        @Override
        public boolean isPassthrough() {
            return false;
        }

        @Override
        public LinkState link() {
            return link;
        }
    }
}
