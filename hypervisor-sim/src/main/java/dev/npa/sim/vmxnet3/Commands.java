package dev.npa.sim.vmxnet3;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.pf.RssSettings;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.PortFilter;
import dev.npa.sim.net.SwitchPort;
import java.util.Objects;

/**
 * Executes what is written to CMD; vmxnet3 §4 and docs/switch-protocol.md. Runs on the guest's thread. The backend
 * and the port are called without the device's lock.
 */
final class Commands {

    /** Result code of docs/switch-protocol.md: no such request or slot. */
    private static final int NO_SUCH_REQUEST = 1;
    private static final int DEVICE_ID = 0x07B0;
    private static final int DEVICE_REVISION = 1;
    private static final int PASSTHROUGH_ID = 0xFFFF;

    private final String name;
    private final Violations violations;
    private final Emulation emulation;
    private final Interrupts interrupts;
    private final MacAddress permanentMac;
    private final SwitchPort port;
    private final DmaPort dma;
    private final Vmxnet3Backend backend;
    private PortFilter applied = PortFilter.CLOSED;
    private RssSettings appliedRss;

    Commands(String name, Violations violations, Emulation emulation, Interrupts interrupts, MacAddress permanentMac,
            SwitchPort port, DmaPort dma, Vmxnet3Backend backend) {
        this.name = name;
        this.violations = violations;
        this.emulation = emulation;
        this.interrupts = interrupts;
        this.permanentMac = permanentMac;
        this.port = port;
        this.dma = dma;
        this.backend = backend;
    }

    /** Executes a command; returns what the next read of CMD shows. */
    int execute(int code) {
        return code >>> 16 == 0xCAFE ? set(code) : get(code);
    }

    private int set(int code) {
        switch (code) {
            case CommandCodes.ACTIVATE_DEV:
                return activate();
            case CommandCodes.QUIESCE_DEV:
                quiesce();
                return 0;
            case CommandCodes.RESET_DEV:
                reset();
                return 0;
            case CommandCodes.UPDATE_RX_MODE:
            case CommandCodes.UPDATE_MAC_FILTERS:
            case CommandCodes.UPDATE_VLAN_FILTERS:
                if (emulation.update(code)) {
                    applyFilter();
                }
                return 0;
            case CommandCodes.UPDATE_RSSIDT:
            case CommandCodes.UPDATE_FEATURE:
                if (emulation.update(code)) {
                    applyRss();
                }
                return 0;
            case CommandCodes.UPDATE_IML:
            case CommandCodes.UPDATE_PMCFG:
                emulation.update(code);
                return 0;
            case CommandCodes.STOP_EMULATION:
            case CommandCodes.LOAD_PLUGIN:
            case CommandCodes.ACTIVATE_VF:
                return switchover(code);
            case CommandCodes.SET_POLLING:
                return 0; // the device polls anyway
            default:
                return unknown(code);
        }
    }

    private int get(int code) {
        switch (code) {
            case CommandCodes.GET_QUEUE_STATUS:
                emulation.writeQueueStatus();
                return 0;
            case CommandCodes.GET_STATS:
                emulation.writeStatistics();
                return 0;
            case CommandCodes.GET_LINK:
                LinkState link = backend.link();
                return Math.min(link.megabitsPerSecond(), 0xFFFF) << 16 | (link.up() ? 1 : 0);
            case CommandCodes.GET_PERM_MAC_LO:
                return permanentMac.low32();
            case CommandCodes.GET_PERM_MAC_HI:
                return permanentMac.high16();
            case CommandCodes.GET_DID_LO:
                return backend.isPassthrough() ? PASSTHROUGH_ID : DEVICE_ID;
            case CommandCodes.GET_DID_HI:
                return backend.isPassthrough() ? PASSTHROUGH_ID : DEVICE_REVISION;
            case CommandCodes.GET_DEV_EXTRA_INFO:
            case CommandCodes.GET_CONF_INTR:
                return 0; // interrupt type and mask mode: auto, auto
            case CommandCodes.GET_ADAPTIVE_RING_INFO:
                return 1; // disabled
            default:
                return unknown(code);
        }
    }

    private int unknown(int code) {
        violations.record(name, "command 0x" + Integer.toHexString(code)
                + " is not one of revisions 1 and 2; it is ignored and reads back 0");
        return 0;
    }

    private int activate() {
        boolean was = emulation.mode() == Emulation.Mode.ACTIVE;
        if (!emulation.activate()) {
            return 1;
        }
        if (!was) {
            applyFilter();
            applyRss();
            backend.activated(emulation.mtu());
        }
        return 0;
    }

    /** QUIESCE_DEV, also for a DSAL of 0. */
    void quiesce() {
        if (emulation.quiesce()) {
            applied = PortFilter.CLOSED;
            port.filter(applied);
            backend.deactivated();
        }
    }

    /** RESET_DEV: as QUIESCE_DEV, and forgets the shared area and all interrupt state. */
    void reset() {
        quiesce();
        emulation.sharedAddress(0);
        interrupts.reset();
        dma.clearAbort();
    }

    private void applyFilter() {
        PortFilter filter = emulation.filter();
        if (!filter.equals(applied)) {
            applied = filter;
            port.filter(filter);
            backend.filterChanged(filter);
        }
    }

    /** The wish outlives QUIESCE_DEV: a driver that starts its rings anew does not disturb a VF in the meantime. */
    private void applyRss() {
        RssSettings rss = emulation.rss();
        if (!Objects.equals(rss, appliedRss)) {
            appliedRss = rss;
            backend.rssChanged(rss);
        }
    }

    private int switchover(int code) {
        int[] info = emulation.commandInfo();
        if (info == null || emulation.pluginArea() == 0) {
            violations.record(name, "command 0x" + Integer.toHexString(code)
                    + " needs an active device and a plugin area (pluginConfDesc)");
            return NO_SUCH_REQUEST;
        }
        switch (code) {
            case CommandCodes.LOAD_PLUGIN:
                return backend.loadPlugin(info[0], info[1], Integer.toUnsignedLong(info[2]) | (long) info[3] << 32);
            case CommandCodes.ACTIVATE_VF:
                return backend.activateVf(info[0], info[1]);
            default:
                return emulation.stop() ? backend.stopEmulation(info[0]) : NO_SUCH_REQUEST;
        }
    }
}
