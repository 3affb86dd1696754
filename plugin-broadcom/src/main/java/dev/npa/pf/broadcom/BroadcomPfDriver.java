package dev.npa.pf.broadcom;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.pf.PfDriver;
import dev.npa.pf.PfException;
import dev.npa.pf.PfHost;
import dev.npa.pf.RssSettings;
import dev.npa.pf.VfSettings;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.plugin.broadcom.ring.Limits;

/** Driver of one physical function of a 57712. Checks every request before it touches the device. */
public final class BroadcomPfDriver implements PfDriver {

    /** §1 */
    static final int MAX_MTU = 9600;
    private static final int MIN_MTU = 46;
    private static final int MAX_VLAN = 4094;

    private final PfHost host;
    private PfDevice device;
    private ServiceRound rounds;
    private TxQueue tx;
    private RxQueue rx;
    private long spoofed;
    private int acknowledged;

    BroadcomPfDriver(PfHost host) {
        this.host = host;
    }

    @Override
    public void start(int virtualFunctions) {
        if (device != null) {
            throw new PfException("57712: the driver is started already; stop it before starting it again");
        }
        SriovCapability sriov = new SriovCapability(host.function());
        int most = sriov.totalVirtualFunctions();
        if (virtualFunctions < 0 || virtualFunctions > most) {
            throw new PfException("57712: " + virtualFunctions + " virtual functions cannot be enabled; use 0.."
                    + most);
        }
        Registers registers = new Registers(host.function().bar(0), host.clock());
        PfDevice starting = new PfDevice(host, registers, sriov, virtualFunctions, MAX_MTU);
        starting.start();
        device = starting;
        rounds = new ServiceRound(starting, host.log());
        acknowledged = 0;
        tx = starting.uplink().tx();
        rx = starting.uplink().rx();
    }

    @Override
    public void stop() {
        if (device == null) {
            return;
        }
        PfDevice stopping = device;
        device = null;
        try {
            stopping.stop();
        } finally {
            spoofed += stopping.statistics.spoofed();
        }
    }

    /** 64 for the path, in equal parts for its PFs. §1 */
    @Override
    public int maxVirtualFunctions() {
        return new SriovCapability(host.function()).totalVirtualFunctions();
    }

    @Override
    public int queuesPerVf() {
        return started().layout.queuesPerVf();
    }

    @Override
    public LinkState link() {
        return started().link.state();
    }

    @Override
    public int maxMtu() {
        return MAX_MTU;
    }

    @Override
    public TxQueue uplinkTx() {
        return queue(tx);
    }

    @Override
    public int uplinkTsoSegments() {
        return Limits.CAPABILITIES.maxTxSegments();
    }

    @Override
    public RxQueue uplinkRx() {
        return queue(rx);
    }

    /** Queues of a stopped driver stay, so that aborted packets can be collected. */
    private static <T> T queue(T queue) {
        if (queue == null) {
            throw new PfException("57712: there are no uplink queues before the driver is started");
        }
        return queue;
    }

    @Override
    public void addUplinkAddress(MacAddress mac) {
        checkUnicast(mac, "an uplink address");
        started().filters.add(mac);
    }

    @Override
    public void removeUplinkAddress(MacAddress mac) {
        started().filters.remove(mac);
    }

    @Override
    public void addUplinkVlan(int vlan) {
        checkUplinkVlan(vlan);
        started().filters.addVlan(vlan);
    }

    @Override
    public void removeUplinkVlan(int vlan) {
        checkUplinkVlan(vlan);
        started().filters.removeVlan(vlan);
    }

    private static void checkUplinkVlan(int vlan) {
        if (vlan < 1 || vlan > MAX_VLAN) {
            throw new PfException("57712: uplink VLAN " + vlan + " is not in 1.." + MAX_VLAN);
        }
    }

    @Override
    public void assign(int vf, VfSettings settings) {
        PfDevice d = started();
        VfState state = vf(vf);
        if (state.isAssigned()) {
            throw new PfException("57712: VF " + vf + " is assigned to " + state.settings().mac()
                    + "; release it first");
        }
        check(state, settings);
        state.settings(settings);
        d.control.open(state);
    }

    @Override
    public void update(int vf, VfSettings settings) {
        PfDevice d = started();
        VfState state = assigned(vf);
        check(state, settings);
        VfSettings before = state.settings();
        state.settings(settings);
        if (before.spoofCheck() != settings.spoofCheck() || before.vlan() != settings.vlan()) {
            d.switching.updateQueues(state);
        }
        d.switching.apply(state);
        d.filters.refresh();
        if (!before.mac().equals(settings.mac()) || before.vlan() != settings.vlan()) {
            d.bulletins.post(state);
        }
    }

    @Override
    public void activate(int vf) {
        PfDevice d = started();
        VfState state = assigned(vf);
        MacAddress mac = state.settings().mac();
        d.control.startSending(state);
        // The VF first, then whoever had the address: nothing is lost between the two.
        state.active(true);
        d.switching.accept(state);
        for (VfState other : d.vfs) {
            if (other != state && other.isActive() && other.settings().mac().equals(mac)) {
                other.active(false);
                d.switching.accept(other);
            }
        }
        d.filters.refresh();
    }

    @Override
    public void deactivate(int vf) {
        PfDevice d = started();
        VfState state = assigned(vf);
        if (!state.isActive()) {
            return;
        }
        state.active(false);
        d.filters.turnBack(state.settings().mac());
        d.switching.accept(state);
        d.statistics.collect(state);
    }

    @Override
    public RssSettings rss(int vf) {
        return assigned(vf).rss();
    }

    @Override
    public void release(int vf) {
        PfDevice d = started();
        VfState state = vf(vf);
        boolean reset = d.events.forget(state.number());
        if (!reset && !state.isAssigned()) {
            return;
        }
        state.active(false);
        state.sending(false);
        if (!reset && state.life() == VfState.Life.ENABLED && !state.isMalicious()) {
            d.control.stop(state);
        }
        d.control.close(state);
        state.settings(null);
        d.filters.refresh();
        d.control.afterReset(state);
    }

    @Override
    public void pauseReceive() {
        started().receive.hold();
    }

    @Override
    public void resumeReceive() {
        started().receive.release();
    }

    @Override
    public boolean onInterrupt(int vector) {
        if (device == null || vector != 0) {
            return false;
        }
        int running = device.status.runningIndex();
        boolean raised = running != acknowledged;
        acknowledged = running;
        device.igu.acknowledgeSlowPath(running);
        return raised;
    }

    @Override
    public int service(int budget) {
        return device == null || budget <= 0 ? 0 : rounds.run(budget);
    }

    @Override
    public long spoofedFrames() {
        if (device == null) {
            return spoofed;
        }
        device.vfs.forEach(device.statistics::collect);
        return spoofed + device.statistics.spoofed();
    }

    /** Events of VFs that broke the device's rules since the start. */
    long maliciousEvents() {
        return started().statistics.malicious();
    }

    private PfDevice started() {
        if (device == null) {
            throw new PfException("57712: the driver is not started; call start first");
        }
        return device;
    }

    private VfState vf(int vf) {
        int enabled = started().vfs.size();
        if (vf < 0 || vf >= enabled) {
            throw new PfException("57712: VF " + vf + " does not exist; " + enabled + " are enabled, from 0");
        }
        return device.vfs.get(vf);
    }

    private VfState assigned(int vf) {
        VfState state = vf(vf);
        if (!state.isAssigned()) {
            throw new PfException("57712: VF " + vf + " is not assigned; call assign first");
        }
        return state;
    }

    private void check(VfState vf, VfSettings settings) {
        checkUnicast(settings.mac(), "the address of VF " + vf.index());
        range("vlan", settings.vlan(), 0, MAX_VLAN);
        range("mtu", settings.mtu(), MIN_MTU, MAX_MTU);
        for (int vlan : settings.vlans()) {
            range("vlans", vlan, 0, MAX_VLAN);
        }
        if (settings.megabitsPerSecond() != 0) {
            throw new PfException("57712: VF " + vf.index() + " cannot be limited to " + settings.megabitsPerSecond()
                    + " Mbit/s, this driver has no rate limits; use 0");
        }
        if (settings.promiscuous()) {
            throw new PfException("57712: VF " + vf.index() + " cannot be promiscuous, the embedded switch would keep"
                    + " other VMs' frames from the wire; keep the VM in emulated mode");
        }
        if (settings.rss() != null && !RssRules.isPossible(settings.rss())) {
            throw new PfException("57712: RSS of VF " + vf.index() + " over " + settings.rss().types()
                    + " stops the firmware; hash TCP wherever UDP is hashed");
        }
        device.filters.requireRoomForVlans(vf, new GuestWishes().vlans(settings));
    }

    private static void range(String field, int value, int low, int high) {
        if (value < low || value > high) {
            throw new PfException("57712: " + field + " " + value + " of the VF's settings is not in " + low + ".."
                    + high);
        }
    }

    private static void checkUnicast(MacAddress mac, String what) {
        if (mac.isGroup() || mac.value() == 0) {
            throw new PfException("57712: " + what + " is " + mac + ", which is not a unicast address");
        }
    }
}
