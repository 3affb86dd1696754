package dev.npa.sim.host;

import dev.npa.hw.MacAddress;
import dev.npa.sim.host.VmStateMachine.Event;
import dev.npa.sim.net.FrameTap;
import dev.npa.sim.net.VlanPolicy;
import dev.npa.sim.traffic.GuestChannel;
import java.util.List;
import java.util.Map;

/** A VM over its boots. Control calls hold the host's control lock. */
final class VirtualMachineImpl implements VirtualMachine {

    private final String name;
    private final HostImpl host;
    private final HostNic nic;
    private final int memoryMiB;
    private final VmSettings settings;
    private final GuestOptions guest;
    private final VmStateMachine life;
    private final List<Switchover> switchovers = SwitchControl.newList();
    private final MacAddress burntIn;
    private final VmChannel channel;
    private volatile VmBoot boot;
    private boolean used;
    private volatile FrameTap tap = FrameTap.NONE;
    private Leftovers earlier = new Leftovers(0, 0, 0, 0, 0, 0, 0);

    VirtualMachineImpl(String name, HostImpl host, HostNic nic, MacAddress mac, int memoryMiB, int mtu,
            VlanPolicy vlans, GuestOptions guest) {
        this.name = name;
        this.host = host;
        this.nic = nic;
        this.memoryMiB = memoryMiB;
        this.burntIn = mac;
        this.settings = new VmSettings(mac, mtu, vlans);
        this.guest = guest;
        this.life = new VmStateMachine(host.name() + "/" + name);
        this.boot = new VmBoot(this);
        this.channel = new VmChannel(boot.channel());
    }

    @Override
    public String name() {
        return name;
    }

    String fullName() {
        return host.name() + "/" + name;
    }

    HostImpl host() {
        return host;
    }

    HostNic nic() {
        return nic;
    }

    @Override
    public Host.Nic homeNic() {
        return nic;
    }

    @Override
    public Host.Nic carrierNic() {
        return boot.carrierNic();
    }

    int memoryMiB() {
        return memoryMiB;
    }

    VmSettings settings() {
        return settings;
    }

    @Override
    public GuestOptions guest() {
        return guest;
    }

    @Override
    public Map<String, Long> statistics() {
        return state() == State.OFF ? Map.of() : boot.statistics();
    }

    VmStateMachine life() {
        return life;
    }

    List<Switchover> record() {
        return switchovers;
    }

    @Override
    public MacAddress mac() {
        return settings.mac();
    }

    @Override
    public State state() {
        return life.state();
    }

    @Override
    public String carrier() {
        return boot.carrier();
    }

    @Override
    public void powerOn() {
        synchronized (host.controlLock()) {
            life.check(Event.POWER_ON);
            if (used) {
                boot = new VmBoot(this);
                channel.device(boot.channel());
            }
            used = true;
            settings.mac(burntIn);
            boot.start(tap);
        }
    }

    @Override
    public void powerOff() {
        synchronized (host.controlLock()) {
            life.check(Event.POWER_OFF);
            VmBoot ended = boot;
            ended.stop();
            earlier = sum(earlier, ended.leftovers());
            synchronized (nic.lock()) {
                life.fire(Event.POWER_OFF);
            }
        }
    }

    @Override
    public Switchover passthrough(Host.Nic target, String image, String version) {
        synchronized (host.controlLock()) {
            if (target != null && !host.nics().contains(target)) {
                throw new IllegalArgumentException("VM " + fullName() + ": NIC " + target.name()
                        + " is not one of its host's " + host.nics().stream().map(Host.Nic::name).toList());
            }
            return boot.passthrough((HostNic) target, image, version);
        }
    }

    @Override
    public Switchover emulate() {
        synchronized (host.controlLock()) {
            return boot.emulate();
        }
    }

    @Override
    public List<Switchover> switchovers() {
        return List.copyOf(switchovers);
    }

    @Override
    public GuestChannel channel() {
        return channel;
    }

    @Override
    public void tap(FrameTap newTap) {
        synchronized (host.controlLock()) {
            tap = newTap;
            boot.tap(newTap);
        }
    }

    @Override
    public String describeRing(int queue, boolean transmit) {
        synchronized (host.controlLock()) {
            if (state() == State.OFF) {
                return "VM " + name + " is off";
            }
            return boot.describeRing(queue, transmit);
        }
    }

    @Override
    public Leftovers leftovers() {
        synchronized (host.controlLock()) {
            return state() == State.OFF ? earlier : sum(earlier, boot.leftovers());
        }
    }

    /** Counters add up over boots; what is held is what the later one holds. */
    private static Leftovers sum(Leftovers a, Leftovers b) {
        return new Leftovers(a.unloaded() + b.unloaded(), a.classLoadersCollected() + b.classLoadersCollected(),
                b.vfsHeld(), b.pagesMapped(), a.reclaimedBuffers() + b.reclaimedBuffers(),
                a.reclaimedWindows() + b.reclaimedWindows(), a.faults() + b.faults());
    }
}
