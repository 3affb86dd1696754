package dev.npa.sim.nic.broadcom;

import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.MsixTable;

/**
 * A function as firmware sees it: 0..3 a PF, 8 + n VF n of the path. What the registers "under pretend" hold of it, and
 * whether it may move frames.
 */
final class Func {

    final int id;
    /** The PF itself, or the parent of a VF. */
    final int pf;
    private final Path path;

    /** Way to memory; null while the function is not on the bus. */
    DmaPort port;
    MsixTable msix;

    /** FUNCTION_START was completed (PF). */
    boolean started;
    /** Register 0x9438: the VF reaches internal windows. Read without the lock. */
    volatile boolean internalAccess;
    /** Register 0x1402ec: BDs stay in their rings. */
    boolean transmitDisabled;
    /** Register 0x130170. */
    int iguConfig;
    /** Register 0x61c: MSI-X vectors - 1. */
    int msixSize;
    /** Firmware found it to be malicious; only a reset helps. */
    volatile boolean malicious;
    /** It was reset and the PF has not cleaned up behind it, 57712 §10.1. */
    boolean dirty;

    private boolean live;

    Func(Path path, int id, int pf) {
        this.path = path;
        this.id = id;
        this.pf = pf;
        this.internalAccess = !isVf();
        this.transmitDisabled = isVf();
    }

    boolean isVf() {
        return id >= Path.FIRST_VF;
    }

    /** Absolute VF id. */
    int vf() {
        return id - Path.FIRST_VF;
    }

    /** Function number as the IGU's mapping has it: bit 6 set for a PF, 57712 §6.4. */
    int iguNumber() {
        return isVf() ? vf() : 64 | id;
    }

    String name() {
        if (isVf()) {
            return pfName() + "/vf" + (vf() - path.firstVf(pf));
        }
        return pfName() + "/pf";
    }

    private String pfName() {
        return path.pfs == 1 ? path.name : path.name + "." + pf;
    }

    /** Whether its queues run. */
    boolean isLive() {
        return live;
    }

    boolean maySend() {
        return live && !transmitDisabled && port.isReady();
    }

    boolean mayReceive() {
        return live && port.isReady();
    }

    /** Something that {@link #isLive} depends on has changed. */
    void refresh() {
        live = port != null && !dirty && !malicious && path.functions[pf].started && path.ram.isEnabled(id)
                && (!isVf() || path.ram.belongsTo(id, pf));
    }

    /** State after power-on, as far as no register of the PF holds it. */
    void reset() {
        started = false;
        internalAccess = !isVf();
        iguConfig = 0;
        malicious = false;
        transmitDisabled = isVf();
        dirty = false;
        live = false;
    }
}
