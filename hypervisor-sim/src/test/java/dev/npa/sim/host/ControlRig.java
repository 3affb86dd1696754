package dev.npa.sim.host;

import dev.npa.hw.InterruptController;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Passthrough control of a VM with a fake NIC, PF driver and machine; the test plays the guest. */
final class ControlRig implements GuestSide {

    static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
    static final MacAddress PROBE = MacAddress.parse("02:4e:50:42:00:01");
    static final long AREA = VmBoot.MEMORY_BASE + 0x10000;
    static final long IMAGE_AT = VmBoot.MEMORY_BASE + 0x100000;
    static final long LIMIT = 5_000_000_000L;

    final Violations violations = new Violations(() -> 0);
    final VirtualClock clock = new VirtualClock();
    final PhysicalMemory memory = PhysicalMemory.allocate(VmBoot.MEMORY_BASE, 4 << 20);
    final LocalInterrupts interrupts = new LocalInterrupts(() -> { });
    final Map<Integer, PciFunction> pci = new HashMap<>();
    final FakePf pf;
    final FakeUplink uplink;
    final HostNic nic;
    final GatedPort port;
    final VmSettings settings = new VmSettings(MAC, 1500, new VlanPolicy(0, Set.of(100)));
    final VmStateMachine life = new VmStateMachine("vm0");
    final List<Switchover> switchovers = SwitchControl.newList();
    final SwitchControl control;
    final PassthroughController controller;
    long areaAddress = AREA;
    int events;

    ControlRig(Path images, int vfs) throws IOException {
        Files.write(images.resolve("v10.jar"), ImageJar.good().bytes());
        Files.write(images.resolve("v11.jar"), ImageJar.good().version("1.1.0").bytes());
        pf = new FakePf(vfs, violations);
        uplink = new FakeUplink(pf.uplink);
        VirtualSwitch network = new VirtualSwitch("switch", clock);
        UplinkGate gate = new UplinkGate(uplink);
        network.uplink(gate);
        nic = new HostNic("nic0", 0, PROBE, pf, pf, new Wire("wire", clock, 10000, 0, 1 << 19), pf, network, gate);
        port = new GatedPort(network.addPort("vm0", MAC), gate);
        port.filter(new PortFilter(true, true, false, false, Set.of(), null));
        DataPath path = new DataPath(new PortCarrier(nic, port), settings, new CrossingTurn(), clock);
        control = new SwitchControl("vm0", path, this, new ImageRepository(images), settings, life, clock, LIMIT,
                switchovers);
        controller = new PassthroughController("vm0/control", this, port, settings, life, control,
                mac -> !mac.equals(MacAddress.parse("02:00:00:00:00:99")));
        life.fire(Event.POWER_ON);
        controller.activated(1500);
        memory.putInt(AREA, PluginArea.MAGIC);
        memory.putInt(AREA + 4, 1);
        memory.putShort(AREA + 0xA, (short) 1);
        memory.putInt(AREA + 0xC, 2);
    }

    /** What a well-behaved shell does on the way in, up to and including the answer. */
    void enter(Switchover switchover, int slot) {
        int sequence = memory.getInt(AREA + 0x40);
        boolean swap = controller.isPassthrough();
        copy(sequence);
        check(controller.activateVf(slot, sequence));
        settle();
        if (swap) {
            check(controller.loadPlugin(3, 1 - slot, 0));
        } else {
            check(controller.stopEmulation(sequence));
        }
        answer(sequence, 0, "");
        settle();
    }

    /** What it does on the way back. */
    void leave(int slot) {
        int sequence = memory.getInt(AREA + 0x40);
        check(controller.activateVf(-1, sequence));
        check(controller.loadPlugin(3, slot, 0));
        answer(sequence, 0, "");
        settle();
    }

    void copy(int sequence) {
        memory.putLong(AREA + 0x108, IMAGE_AT);
        memory.putInt(AREA + 0x110, 1 << 20);
        memory.putIntRelease(AREA + 0x100, sequence);
        check(controller.loadPlugin(1, sequence, 0));
    }

    void answer(int sequence, int result, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        memory.putInt(AREA + 0x104, result);
        memory.putInt(AREA + 0x114, bytes.length);
        memory.copyFrom(AREA + 0x118, bytes, 0, bytes.length);
        memory.putIntRelease(AREA + 0x100, sequence);
    }

    /** Runs switch and control until they are idle. */
    void settle() {
        int work;
        do {
            work = nic.network().run(64) + controller.run(64);
        } while (work > 0);
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
        return interrupts;
    }

    @Override
    public void plug(int slot, PciFunction function) {
        if (pci.putIfAbsent(slot, function) != null) {
            throw new IllegalStateException("slot " + slot + " is taken");
        }
    }

    @Override
    public void unplug(int slot) {
        pci.remove(slot);
    }

    @Override
    public long pluginArea() {
        return areaAddress;
    }

    @Override
    public void raiseEvents(int ecrBits) {
        events |= ecrBits;
    }

    @Override
    public boolean receiveDrained() {
        return port.toGuest().isEmpty();
    }
}
