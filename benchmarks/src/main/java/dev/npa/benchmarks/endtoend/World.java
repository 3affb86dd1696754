package dev.npa.benchmarks.endtoend;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.pf.PfDriver;
import dev.npa.pf.RssSettings;
import dev.npa.pf.VfSettings;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.PortFilter;
import dev.npa.sim.net.VirtualSwitch;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.NicAdapter;
import dev.npa.sim.nic.NicFunction;
import dev.npa.sim.nic.NicModel;
import dev.npa.sim.vmxnet3.Vmxnet3Backend;
import dev.npa.sim.vmxnet3.Vmxnet3Device;

/**
 * A host with one NIC, its guests, and the wire's other end, all on the caller's thread.
 *
 * <p>The wire is faster than any thread here, so that nobody ever waits for it.
 */
final class World {

    /** Who is at the other end of the wire. */
    static final MacAddress FAR = MacAddress.parse("02:00:00:00:ff:01");

    private static final int MEGABITS = 400_000;
    private static final long TURN_NANOS = 20_000;
    private static final int BUDGET = 64;
    private static final int MTU = 1500;

    final Guest[] guests;
    private final StepClock clock = new StepClock();
    private final Violations violations = new Violations(clock::nanos);
    private final NicModel nic;
    private final Wire wire;
    private final PfMachine host;
    private final VirtualSwitch network;
    private final boolean emulated;
    private final Stopwatch watch;

    /**
     * Boots everything.
     *
     * @param emulated whether guests are behind the emulation and the NIC's physical function, or on VFs of the NIC
     * @param watch told of every stage inside of guests and hypervisor; null = of none
     */
    World(Product product, int vms, boolean emulated, Stopwatch watch) {
        this.watch = watch;
        this.emulated = emulated;
        wire = new Wire("wire", clock, MEGABITS, 0, product.model().packetBufferBytes());
        nic = product.model().create("nic", clock, violations, wire.nicSide(), 1);
        NicAdapter adapter = nic.adapters().get(0);
        host = new PfMachine(adapter.physicalFunction(), clock, new Complaints("PF driver"));
        PfDriver driver = product.driver().create(host);
        host.driver(driver);
        clock.turn(this::turn);
        driver.start(vms);
        network = new VirtualSwitch("switch", clock);
        guests = new Guest[vms];
        if (emulated) {
            network.uplink(watch == null ? host.uplink() : Timed.uplink(host.uplink(), watch));
        }
        for (int vm = 0; vm < vms; vm++) {
            guests[vm] = emulated ? emulated(vm) : passthrough(product, adapter, driver, vm);
        }
        settle();
    }

    /** Address of a guest. */
    static MacAddress mac(int vm) {
        return new MacAddress(0x0200_0000_0100L + vm);
    }

    private Guest passthrough(Product product, NicAdapter adapter, PfDriver driver, int vm) {
        driver.assign(vm, VfSettings.of(mac(vm), MTU));
        NicFunction function = adapter.virtualFunction(vm);
        Guest guest = new Guest("vm" + vm, clock, function, function.dma(), watch);
        guest.passthrough(product, mac(vm), product.model().megabitsPerSecond());
        driver.activate(vm);
        return guest;
    }

    private Guest emulated(int vm) {
        DmaPort dma = new DmaPort("vm" + vm, violations);
        Vmxnet3Device device = new Vmxnet3Device("vm" + vm, clock, violations, mac(vm),
                network.addPort("vm" + vm, mac(vm)), dma, new Backend());
        network.addDevice(watch == null ? device : Timed.device(device, watch));
        Guest guest = new Guest("vm" + vm, clock, device, dma, watch);
        guest.emulated();
        return guest;
    }

    private void turn() {
        nic.run(BUDGET);
        host.run();
    }

    /** Lets what is on its way arrive. */
    private void settle() {
        for (int i = 0; i < 100; i++) {
            clock.advance(TURN_NANOS);
            turn();
            hypervisor();
            for (Guest guest : guests) {
                guest.run();
            }
        }
    }

    boolean isEmulated() {
        return emulated;
    }

    /** Time passes; the NIC moves what it can. Returns units of work. */
    int silicon() {
        clock.advance(TURN_NANOS);
        return nic.run(BUDGET);
    }

    /** The hypervisor's share of the data path: emulations, switch and uplink. Returns units of work. */
    int hypervisor() {
        host.run();
        return emulated ? network.run(BUDGET) : 0;
    }

    /** The wire's other end, which takes what arrives and offers what the NIC's packet buffer has room for. */
    Wire.End far() {
        return wire.peerSide();
    }

    /** Fails if anybody did something wrong. */
    void check() {
        for (Guest guest : guests) {
            guest.check();
        }
        if (!violations.list().isEmpty()) {
            throw new IllegalStateException("violations: " + violations.list());
        }
    }

    /** A hypervisor that allows everything and has nothing to offer. */
    private static final class Backend implements Vmxnet3Backend {
        @Override
        public boolean macChanged(MacAddress mac) {
            return true;
        }

        @Override
        public void filterChanged(PortFilter filter) {
            // The port has it.
        }

        @Override
        public void rssChanged(RssSettings rss) {
            // One queue.
        }

        @Override
        public void activated(int mtu) {
            // Nothing waits for it.
        }

        @Override
        public void deactivated() {
            // Nothing waits for it.
        }

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
            return new LinkState(true, MEGABITS);
        }
    }
}
