package dev.npa.pf.intel;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.pf.PfDriver;
import dev.npa.pf.PfException;
import dev.npa.pf.PfHost;
import dev.npa.pf.RssSettings;
import dev.npa.pf.VfSettings;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.plugin.intel.ring.Limits;

/** Driver of one port of a chip of the family. Checks every request before it touches the device. */
public final class IntelPfDriver implements PfDriver {

    private static final int MIN_MTU = 68;
    private static final int MAX_VLAN = 4094;

    private final PfChip chip;
    private final PfHost host;
    private PfDevice device;
    private TxQueue tx;
    private RxQueue rx;
    private long spoofed;

    /**
     * Creates a driver that touches nothing yet.
     *
     * @param chip what it drives
     * @param host what the hypervisor offers
     */
    public IntelPfDriver(PfChip chip, PfHost host) {
        this.chip = chip;
        this.host = host;
    }

    @Override
    public void start(int virtualFunctions) {
        if (device != null) {
            throw failure("the driver is started already; stop it before starting it again");
        }
        SriovCapability sriov = new SriovCapability(host.function());
        int most = limit(sriov);
        if (virtualFunctions < 0 || virtualFunctions > most) {
            throw failure("" + virtualFunctions + " virtual functions cannot be enabled; use 0.."
                    + most);
        }
        PfDevice starting = new PfDevice(chip, host, sriov, virtualFunctions);
        starting.start(host);
        device = starting;
        tx = starting.uplink().tx();
        rx = starting.uplink().rx();
    }

    @Override
    public void stop() {
        if (device == null) {
            return;
        }
        spoofedFrames();
        PfDevice stopping = device;
        device = null;
        stopping.stop();
    }

    @Override
    public int maxVirtualFunctions() {
        return limit(new SriovCapability(host.function()));
    }

    private int limit(SriovCapability sriov) {
        return Math.min(sriov.totalVirtualFunctions(), chip.maxVirtualFunctions());
    }

    @Override
    public int queuesPerVf() {
        return started().port.queuesPerPool();
    }

    @Override
    public RssSettings rss(int vf) {
        VfState state = assigned(vf);
        return device.rss.of(state);
    }

    @Override
    public LinkState link() {
        return started().port.link();
    }

    @Override
    public int maxMtu() {
        return chip.maxMtu();
    }

    @Override
    public TxQueue uplinkTx() {
        return queue(tx);
    }

    @Override
    public int uplinkTsoSegments() {
        return Limits.MAX_SEGMENTS;
    }

    @Override
    public RxQueue uplinkRx() {
        return queue(rx);
    }

    /** Queues of a stopped driver stay, so that aborted packets can be collected. */
    private <T> T queue(T queue) {
        if (queue == null) {
            throw failure("there are no uplink queues before the driver is started");
        }
        return queue;
    }

    @Override
    public void addUplinkAddress(MacAddress mac) {
        checkUnicast(mac, "an uplink address");
        started().addresses.addUplink(mac);
    }

    @Override
    public void removeUplinkAddress(MacAddress mac) {
        started().addresses.removeUplink(mac);
    }

    @Override
    public void addUplinkVlan(int vlan) {
        checkUplinkVlan(vlan);
        started().vlans.addUplink(vlan);
    }

    @Override
    public void removeUplinkVlan(int vlan) {
        checkUplinkVlan(vlan);
        started().vlans.removeUplink(vlan);
    }

    private void checkUplinkVlan(int vlan) {
        if (vlan < 1 || vlan > MAX_VLAN) {
            throw failure("uplink VLAN " + vlan + " is not in 1.." + MAX_VLAN);
        }
    }

    @Override
    public void assign(int vf, VfSettings settings) {
        PfDevice d = started();
        VfState state = vf(vf);
        if (state.isAssigned()) {
            throw failure("VF " + vf + " is assigned to " + state.settings().mac()
                    + "; release it first");
        }
        check(vf, settings);
        state.settings(settings);
        state.forgetRequests();
        d.rss.update(state, d.vfs);
        d.multicast.rebuild(d.vfs);
        d.switching.apply(state);
    }

    @Override
    public void update(int vf, VfSettings settings) {
        PfDevice d = started();
        VfState state = assigned(vf);
        check(vf, settings);
        MacAddress before = state.settings().mac();
        boolean moved = state.isActive() && !before.equals(settings.mac());
        if (moved) {
            d.addresses.requireRoom(settings.mac());
        }
        state.settings(settings);
        if (moved) {
            d.addresses.turn(settings.mac(), vf);
            d.addresses.withdraw(before, vf);
        }
        d.rss.update(state, d.vfs);
        d.multicast.rebuild(d.vfs);
        d.switching.apply(state);
    }

    @Override
    public void activate(int vf) {
        PfDevice d = started();
        VfState state = assigned(vf);
        MacAddress mac = state.settings().mac();
        d.addresses.requireRoom(mac);
        int previous = d.addresses.poolOf(mac);
        d.switching.open(state);
        d.addresses.turn(mac, vf);
        if (previous >= 0 && previous < d.vfs.size() && previous != vf) {
            d.vfs.get(previous).active(false);
            d.switching.accept(d.vfs.get(previous));
        }
        state.active(true);
        d.switching.accept(state);
    }

    @Override
    public void deactivate(int vf) {
        PfDevice d = started();
        VfState state = assigned(vf);
        if (!state.isActive()) {
            return;
        }
        state.active(false);
        d.switching.accept(state);
        d.addresses.turnBack(state.settings().mac(), vf);
    }

    @Override
    public void release(int vf) {
        PfDevice d = started();
        VfState state = vf(vf);
        if (state.isActive()) {
            state.active(false);
            d.addresses.withdraw(state.settings().mac(), vf);
        }
        state.settings(null);
        state.forgetRequests();
        d.rss.update(state, d.vfs);
        d.switching.clear(vf);
        d.multicast.rebuild(d.vfs);
        d.port.forgetReset(vf);
        d.mailbox.wipe(vf);
    }

    @Override
    public void pauseReceive() {
        started().receive.pause();
    }

    @Override
    public void resumeReceive() {
        started().receive.resume();
    }

    @Override
    public boolean onInterrupt(int vector) {
        return device != null && device.interrupts.fired(vector);
    }

    @Override
    public int service(int budget) {
        return device == null || budget <= 0 ? 0 : new ServiceRound(device).run(budget);
    }

    @Override
    public long spoofedFrames() {
        if (device != null) {
            spoofed += device.port.takeSpoofed();
        }
        return spoofed;
    }

    private PfException failure(String what) {
        return new PfException(chip.name() + ": " + what);
    }

    private PfDevice started() {
        if (device == null) {
            throw failure("the driver is not started; call start first");
        }
        return device;
    }

    private VfState vf(int vf) {
        int enabled = started().vfs.size();
        if (vf < 0 || vf >= enabled) {
            throw failure("VF " + vf + " does not exist; " + enabled + " are enabled, from 0");
        }
        return device.vfs.get(vf);
    }

    private VfState assigned(int vf) {
        VfState state = vf(vf);
        if (!state.isAssigned()) {
            throw failure("VF " + vf + " is not assigned; call assign first");
        }
        return state;
    }

    private void check(int vf, VfSettings settings) {
        checkUnicast(settings.mac(), "the address of VF " + vf);
        range("vlan", settings.vlan(), 0, MAX_VLAN);
        range("mtu", settings.mtu(), MIN_MTU, chip.maxMtu());
        for (int vlan : settings.vlans()) {
            range("vlans", vlan, 0, MAX_VLAN);
        }
        int rate = settings.megabitsPerSecond();
        if (rate != 0 && (rate < chip.minMegabits() || rate > chip.maxMegabits())) {
            throw failure("a rate limit of " + rate + " Mbit/s cannot be programmed; use " + chip.minMegabits() + ".."
                    + chip.maxMegabits() + " or 0 for none");
        }
        if (settings.promiscuous()) {
            throw failure("VF " + vf + " cannot be promiscuous, the device has no such mode for a pool;"
                    + " keep the VM in emulated mode");
        }
        VfState wanted = new VfState(vf, false);
        wanted.settings(settings);
        device.vlans.requireRoom(wanted.vlans(), vf);
    }

    private void range(String field, int value, int low, int high) {
        if (value < low || value > high) {
            throw failure("" + field + " " + value + " of the VF's settings is not in " + low + ".."
                    + high);
        }
    }

    private void checkUnicast(MacAddress mac, String what) {
        if (mac.isGroup() || mac.value() == 0) {
            throw failure("" + what + " is " + mac + ", which is not a unicast address");
        }
    }
}
