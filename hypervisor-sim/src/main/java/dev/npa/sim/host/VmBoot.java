package dev.npa.sim.host;

import dev.npa.hw.InterruptController;
import dev.npa.hw.Machine;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PhysicalMemory;
import dev.npa.pf.PfException;
import dev.npa.sim.host.VirtualMachine.Leftovers;
import dev.npa.sim.host.VmStateMachine.Event;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.GuestMachine;
import dev.npa.sim.machine.IommuDomain;
import dev.npa.sim.net.FrameTap;
import dev.npa.sim.time.Component;
import dev.npa.sim.time.Scheduler;
import dev.npa.sim.traffic.ChannelDevice;
import dev.npa.sim.vmxnet3.Vmxnet3Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One boot of a VM, from power-on to power-off: memory, machine, devices, guest framework and passthrough control.
 * Started and stopped under the host's control lock.
 */
final class VmBoot implements GuestSide {

    /** Guest memory lies above 4 GiB, so that a driver that cuts addresses to 32 bits is found out. */
    static final long MEMORY_BASE = 1L << 32;
    /** One for the data path, one for what would keep it waiting. */
    private static final int VCPUS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(VmBoot.class);

    private final VirtualMachineImpl vm;
    private final HostNic nic;
    private final GuestMachine machine;
    private final ChannelDevice channel;
    private volatile GuestSystem system;
    private Vmxnet3Device device;
    private GatedPort port;
    private PassthroughController controller;
    private Component watch;
    private Leftovers atEnd;

    VmBoot(VirtualMachineImpl vm) {
        this.vm = vm;
        this.nic = vm.nic();
        PhysicalMemory memory = memory(vm);
        this.machine = new GuestMachine(vm.fullName(), memory, scheduler().yieldingClock(), VCPUS);
        this.channel = new ChannelDevice(vm.fullName() + "/channel", memory, machine.interrupts(),
                ChannelDevice.DEFAULT_SLOTS, ChannelDevice.DEFAULT_SLOT_BYTES,
                vm.host().simulation().violations());
    }

    /** Zeroed memory: of this process, or a new file that others can map. */
    private static PhysicalMemory memory(VirtualMachineImpl vm) {
        long bytes = (long) vm.memoryMiB() << 20;
        Path directory = vm.host().simulation().parts().memory();
        if (directory == null) {
            return PhysicalMemory.allocate(MEMORY_BASE, bytes);
        }
        Path file = directory.resolve(vm.fullName().replace('/', '-') + ".mem");
        try {
            Files.createDirectories(directory);
            Files.deleteIfExists(file);
            return PhysicalMemory.map(file, MEMORY_BASE, bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException("memory of VM " + vm.fullName() + " cannot be mapped from " + file + ": "
                    + e.getMessage(), e);
        }
    }

    private Scheduler scheduler() {
        return vm.host().simulation().scheduler();
    }

    /** Connects the devices and boots the guest; what was set up is taken back when that fails. */
    void start(FrameTap tap) {
        String name = vm.fullName();
        SimulationImpl simulation = vm.host().simulation();
        try {
            port = new GatedPort(nic.network().addPort(name, vm.mac(), vm.settings().policy()), nic.gate());
        } catch (PfException e) {
            throw new IllegalStateException("VM " + name + " did not boot: " + e.getMessage(), e);
        }
        port.tap(tap);
        DataPath path = new DataPath(new PortCarrier(nic, port), vm.settings(), simulation.crossingTurn(),
                simulation.clock());
        SwitchControl control = new SwitchControl(name, path, this, vm.host().repository(), vm.settings(), vm.life(),
                simulation.clock(), SwitchControl.DEFAULT_LIMIT_NANOS, vm.record());
        controller = new PassthroughController(name + "/control", this, port, vm.settings(), vm.life(), control,
                mac -> vm.host().isFree(mac, vm));
        DmaPort dma = new DmaPort(name + "/vmxnet3", simulation.violations());
        IommuDomain whole = new IommuDomain(name + "/vmxnet3", memory());
        whole.map(memory().base(), memory().size(), IommuDomain.READ | IommuDomain.WRITE);
        dma.attach(whole, machine.interrupts());
        device = new Vmxnet3Device(name + "/vmxnet3", simulation.clock(), simulation.violations(), vm.mac(), port, dma,
                controller);
        machine.plug(Machine.SLOT_VMXNET3, device);
        machine.plug(Machine.SLOT_CHANNEL, channel);
        nic.network().addDevice(device);
        watch = new CrashWatch(controller, machine, this::crashed);
        scheduler().add(vm.host().switchGroup(nic), watch);
        synchronized (nic.lock()) {
            vm.life().fire(Event.POWER_ON);
        }
        for (int i = 0; i < VCPUS; i++) {
            scheduler().add(name + "/vcpu" + i, machine.vcpu(i));
        }
        try {
            system = simulation.guests().create(machine, vm.guest().parameters(vm.settings().mtu(), simulation.mode()));
            system.boot();
        } catch (RuntimeException e) {
            stop();
            synchronized (nic.lock()) {
                vm.life().fire(Event.POWER_OFF);
            }
            throw new IllegalStateException("VM " + name + " did not boot: " + e.getMessage(), e);
        }
    }

    /** The guest crashed: nothing of it runs any more, and nothing of the host shall wait for it. */
    private void crashed(String reason) {
        controller.control().locked(() -> {
            LOG.error("{}: {}", vm.fullName(), reason);
            controller.control().abandon(reason);
            nic.network().removePort(port.port());
            vm.life().fire(Event.GUEST_FAULT);
        });
    }

    /** Ends the guest, whatever it is doing, and takes everything back. */
    void stop() {
        machine.halt();
        for (int i = 0; i < VCPUS; i++) {
            scheduler().remove(machine.vcpu(i));
        }
        scheduler().remove(watch);
        atEnd = leftovers();
        SwitchControl control = controller.control();
        PluginArea area = pluginArea() == 0 ? null : control.area();
        if (system != null) {
            system.stop();
        }
        control.locked(() -> {
            control.abandon("VM " + vm.fullName() + " was powered off");
            nic.network().removeDevice(device);
            nic.network().removePort(port.port());
            machine.unplug(Machine.SLOT_VMXNET3);
            machine.unplug(Machine.SLOT_CHANNEL);
            // What the guest had to take from its plugin as it stopped is in its memory, which is still there.
            atEnd = new Leftovers(atEnd.unloaded(), atEnd.classLoadersCollected(), control.vfs().count(),
                    control.vfs().pagesMapped(), area == null ? 0 : area.reclaimedBuffers(),
                    area == null ? 0 : area.reclaimedWindows(), atEnd.faults());
        });
    }

    Switchover passthrough(HostNic target, String image, String version) {
        requireStarted(Event.REQUEST_PASSTHROUGH);
        return controller.control().passthrough(target, image, version);
    }

    Switchover emulate() {
        requireStarted(Event.REQUEST_EMULATION);
        return controller.control().locked(controller.control()::emulate);
    }

    private void requireStarted(Event event) {
        vm.life().check(event);
    }

    String carrier() {
        PassthroughController c = controller;
        return c == null ? SwitchControl.EMULATED : c.control().carrier();
    }

    HostNic carrierNic() {
        PassthroughController c = controller;
        return c == null ? nic : c.control().path().nic();
    }

    ChannelDevice channel() {
        return channel;
    }

    void tap(FrameTap tap) {
        if (port != null) {
            port.tap(tap);
        }
    }

    String describeRing(int queue, boolean transmit) {
        SwitchControl control = controller.control();
        return control.locked(() -> {
            VfLease carrier = control.path().active();
            return carrier == null ? device.describeRing(queue, transmit)
                    : carrier.nic().adapter().describeRing(carrier.vf(), queue, transmit);
        });
    }

    /** Counters of the guest's network device. */
    Map<String, Long> statistics() {
        GuestSystem s = system;
        return s == null ? Map.of() : s.statistics();
    }

    /** Census of this boot; after its end as it was then. */
    Leftovers leftovers() {
        if (atEnd != null) {
            return atEnd;
        }
        if (controller == null) {
            return new Leftovers(0, 0, 0, 0, 0, 0, 0);
        }
        int unloaded = system == null ? 0 : system.unloaded();
        int collected = unloaded == 0 ? 0 : system.classLoadersCollected();
        SwitchControl control = controller.control();
        return control.locked(() -> {
            int held = control.vfs().count();
            int mapped = control.vfs().pagesMapped();
            if (pluginArea() == 0) {
                return new Leftovers(unloaded, collected, held, mapped, 0, 0, 0);
            }
            PluginArea area = control.area();
            return new Leftovers(unloaded, collected, held, mapped, area.reclaimedBuffers(), area.reclaimedWindows(),
                    area.faults());
        });
    }

    // ------------------------------------------------------------------------------------- GuestSide

    @Override
    public PhysicalMemory memory() {
        return machine.memory();
    }

    @Override
    public InterruptController interrupts() {
        return machine.interrupts();
    }

    @Override
    public void plug(int slot, PciFunction function) {
        machine.plug(slot, function);
    }

    @Override
    public void unplug(int slot) {
        machine.unplug(slot);
    }

    @Override
    public long pluginArea() {
        return device.pluginArea();
    }

    @Override
    public void raiseEvents(int ecrBits) {
        device.raiseEvents(ecrBits);
    }

    @Override
    public boolean receiveDrained() {
        return device.receiveDrained();
    }
}
