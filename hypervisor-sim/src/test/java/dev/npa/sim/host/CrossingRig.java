package dev.npa.sim.host;

import dev.npa.hw.InterruptController;
import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PhysicalMemory;
import dev.npa.sim.host.VmStateMachine.Event;
import dev.npa.sim.image.ImageJar;
import dev.npa.sim.image.ImageRepository;
import dev.npa.sim.machine.LocalInterrupts;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.PortFilter;
import dev.npa.sim.net.VirtualSwitch;
import dev.npa.sim.net.VlanPolicy;
import dev.npa.sim.net.Wire;
import dev.npa.sim.time.VirtualClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A VM at home on the first of several fake NICs; the test plays guest and network. All NICs write what they are asked
 * into one list, in the order of events.
 */
final class CrossingRig implements GuestSide {

    static final MacAddress MAC = ControlRig.MAC;
    static final long AREA = ControlRig.AREA;

    /** A frame that a NIC's uplink sent. */
    record Sent(int nic, byte[] frame) {
        long to() {
            return mac(frame, 0);
        }

        long from() {
            return mac(frame, 6);
        }

        private static long mac(byte[] f, int at) {
            long value = 0;
            for (int i = 0; i < 6; i++) {
                value = value << 8 | f[at + i] & 0xFF;
            }
            return value;
        }
    }

    final VirtualClock clock = new VirtualClock();
    final PhysicalMemory memory = PhysicalMemory.allocate(VmBoot.MEMORY_BASE, 4 << 20);
    final Map<Integer, PciFunction> pci = new HashMap<>();
    final List<String> events = new ArrayList<>();
    final List<Sent> sent = new ArrayList<>();
    final List<FakePf> pfs = new ArrayList<>();
    final List<FakeUplink> uplinks = new ArrayList<>();
    final List<HostNic> nics = new ArrayList<>();
    final GatedPort port;
    final VmSettings settings = new VmSettings(MAC, 1500, VlanPolicy.UNTAGGED);
    final VmStateMachine life = new VmStateMachine("vm0");
    final List<Switchover> switchovers = SwitchControl.newList();
    final CrossingTurn turn = new CrossingTurn();
    final SwitchControl control;
    final PassthroughController controller;
    int raised;
    /** Whether frames between NICs arrive. */
    boolean connected = true;

    /**
     * Makes the rig.
     *
     * @param wires for each NIC the number of its wire; the same number twice means two functions of one port
     */
    CrossingRig(Path images, int... wires) throws IOException {
        Files.write(images.resolve("v10.jar"), ImageJar.good().bytes());
        Files.write(images.resolve("v11.jar"), ImageJar.good().version("1.1.0").bytes());
        Violations violations = new Violations(() -> 0);
        Map<Integer, Wire> byNumber = new HashMap<>();
        for (int wire : wires) {
            int number = nics.size();
            FakePf pf = new FakePf(2, violations);
            pf.listener = call -> events.add("nic" + number + " " + call);
            FakeUplink uplink = new FakeUplink(pf.uplink);
            uplink.completed = Long.MAX_VALUE;
            uplink.onTransmit = frame -> transmitted(number, frame);
            VirtualSwitch network = new VirtualSwitch("switch" + number, clock);
            UplinkGate gate = new UplinkGate(uplink);
            MacAddress probe = turn.nextProbe();
            gate.listenAt(probe);
            network.uplink(gate);
            pfs.add(pf);
            uplinks.add(uplink);
            nics.add(new HostNic("nic" + number, number, probe, pf, pf, byNumber.computeIfAbsent(wire,
                    w -> new Wire("wire" + w, clock, 10000, 0, 1 << 19)), pf, network, gate));
        }
        port = new GatedPort(nics.get(0).network().addPort("vm0", MAC), nics.get(0).gate());
        port.filter(new PortFilter(true, true, false, false, Set.of(), null));
        DataPath path = new DataPath(new PortCarrier(nics.get(0), port), settings, turn, clock);
        control = new SwitchControl("vm0", path, this, new ImageRepository(images), settings, life, clock,
                ControlRig.LIMIT, switchovers);
        controller = new PassthroughController("vm0/control", this, port, settings, life, control, mac -> true);
        life.fire(Event.POWER_ON);
        controller.activated(1500);
        memory.putInt(AREA, PluginArea.MAGIC);
        memory.putInt(AREA + 4, 1);
        memory.putShort(AREA + 0xA, (short) 1);
        memory.putInt(AREA + 0xC, 2);
        events.clear();
    }

    private void transmitted(int nic, byte[] frame) {
        Sent s = new Sent(nic, frame);
        sent.add(s);
        events.add("nic" + nic + " sends");
        if (connected) {
            deliver(s);
        }
    }

    /** Brings a frame to the NIC that has its destination. */
    void deliver(Sent s) {
        for (int i = 0; i < nics.size(); i++) {
            if (nics.get(i).probe().value() == s.to()) {
                uplinks.get(i).received.add(s.frame());
            }
        }
    }

    Switchover passthrough(int nic) {
        return control.passthrough(nics.get(nic), "example", null);
    }

    int sequence() {
        return memory.getInt(AREA + 0x40);
    }

    int slot() {
        return memory.getInt(AREA + 0x48);
    }

    int flags() {
        return memory.getInt(AREA + 0x80);
    }

    void copy() {
        memory.putLong(AREA + 0x108, ControlRig.IMAGE_AT);
        memory.putInt(AREA + 0x110, 1 << 20);
        memory.putIntRelease(AREA + 0x100, sequence());
        check(controller.loadPlugin(1, sequence(), 0));
    }

    /** ACTIVATE_VF of the request, again and again while it answers 11 and something moves. */
    int activate(int slot, int sequence) {
        int result = SwitchResult.NOT_YET;
        for (int i = 0; i < 20 && result == SwitchResult.NOT_YET; i++) {
            result = controller.activateVf(slot, sequence);
            settle();
        }
        return result;
    }

    /** A whole way in or swap as a well-behaved shell does it. */
    void enter(Switchover switchover) {
        int slot = slot();
        boolean swap = controller.isPassthrough();
        copy();
        check(activate(slot, sequence()));
        if (swap) {
            check(controller.loadPlugin(3, 1 - slot, 0));
        } else {
            check(controller.stopEmulation(sequence()));
        }
        answer(0, "");
        settle();
        if (switchover.outcome() != Switchover.Outcome.DONE) {
            throw new AssertionError(switchover.toString());
        }
    }

    /** The way home of a VM on the VF of this plugin slot. */
    void leave(int slot) {
        check(activate(-1, sequence()));
        check(controller.loadPlugin(3, slot, 0));
        answer(0, "");
        settle();
    }

    void answer(int result, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        memory.putInt(AREA + 0x104, result);
        memory.putInt(AREA + 0x114, bytes.length);
        memory.copyFrom(AREA + 0x118, bytes, 0, bytes.length);
        memory.putIntRelease(AREA + 0x100, sequence());
    }

    /** The shell gives up: FAILED. */
    void refuse() {
        answer(9, "");
        check(controller.loadPlugin(2, sequence(), 0));
        settle();
    }

    void settle() {
        int work;
        do {
            work = controller.run(64);
            for (HostNic nic : nics) {
                work += nic.network().run(64);
            }
        } while (work > 0);
    }

    static ByteBuffer frame(MacAddress to, int marker) {
        ByteBuffer frame = ByteBuffer.allocate(60);
        for (int i = 0; i < 6; i++) {
            frame.put(i, to.octet(i));
        }
        return frame.put(6, (byte) 2).put(14, (byte) marker);
    }

    private static void check(int result) {
        if (result != 0) {
            throw new AssertionError("command answered " + result);
        }
    }

    @Override
    public PhysicalMemory memory() {
        return memory;
    }

    @Override
    public InterruptController interrupts() {
        return new LocalInterrupts(() -> { });
    }

    @Override
    public void plug(int slot, PciFunction function) {
        pci.put(slot, function);
    }

    @Override
    public void unplug(int slot) {
        pci.remove(slot);
    }

    @Override
    public long pluginArea() {
        return AREA;
    }

    @Override
    public void raiseEvents(int ecrBits) {
        raised |= ecrBits;
    }

    @Override
    public boolean receiveDrained() {
        return port.toGuest().isEmpty();
    }

    /** Sets the link that a NIC's PF driver reports. */
    void link(int nic, LinkState link) {
        pfs.get(nic).link = link;
    }
}
