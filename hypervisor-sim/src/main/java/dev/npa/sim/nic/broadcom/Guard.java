package dev.npa.sim.nic.broadcom;

/**
 * Ends of a function's work: firmware finds a VF malicious, a function-level reset, final cleanup by the PF, 57712 §8.5
 * and §10.1. Used under the path's lock.
 */
final class Guard {

    private final Path path;
    private final SwitchTables tables;
    private final StatusBlocks blocks;
    private final Igu igu;
    private final EventRing[] events;
    private final RxEngine receive;

    Guard(Path path, SwitchTables tables, StatusBlocks blocks, Igu igu, EventRing[] events, RxEngine receive) {
        this.path = path;
        this.tables = tables;
        this.blocks = blocks;
        this.igu = igu;
        this.events = events;
        this.receive = receive;
    }

    /** Stops all queues of a function until its reset, and tells the PF if it is a VF. */
    void malicious(Func f, Malice error, String where) {
        path.violation(f, where + ": " + error.text + " (malicious VF error " + error.id + ", 57712 §8.5)");
        f.malicious = true;
        stopQueues(f);
        f.refresh();
        if (f.isVf()) {
            events[f.pf].post(EventRing.MALICIOUS_VF, 0, f.vf() | error.id << 8);
        }
    }

    private void stopQueues(Func f) {
        for (Client c : path.clients) {
            if (c.owner == f) {
                c.rx.stop();
                c.tx.stop();
                receive.tpa().forget(c.rx);
            }
        }
    }

    /** Function-level reset of a VF: its enables go, nothing moves until the PF has cleaned up. */
    void resetVf(Func f, boolean tellPf) {
        stopQueues(f);
        path.ram.disable(f.id);
        path.ram.octet(StormRam.CSTORM, StormRam.C_CHANNEL + 8 * f.vf() + 1, 0);
        igu.clean(f);
        f.internalAccess = false;
        f.iguConfig = 0;
        f.transmitDisabled = true;
        f.malicious = false;
        f.dirty = true;
        f.refresh();
        if (f.port != null) {
            f.port.clearAbort();
        }
        if (tellPf) {
            events[f.pf].post(EventRing.VF_FLR, 0, f.vf());
        }
    }

    /** Firmware forgets a function: clients, rules, bins, RSS. */
    void finalCleanup(Func f) {
        for (Client c : path.clients) {
            if (c.owner == f) {
                delete(c);
            }
        }
        tables.forgetBins(f.id);
        receive.rss(f.id).reset();
        for (int i = 0; i < Path.WINDOW; i++) {
            path.doorbells.set(f.id * Path.WINDOW + i, 0);
        }
        f.dirty = false;
        f.malicious = false;
        f.refresh();
        path.ram.word(StormRam.CSTORM, StormRam.C_FINAL_CLEANUP + 8 * f.id, 1);
    }

    /** Reset of a PF: it and its VFs are as after power-on; what is common to the path stays. */
    void resetPf(Func pf) {
        for (Func f : path.functions) {
            if (f != null && f.pf == pf.id) {
                stopQueues(f);
                finalCleanup(f);
                path.ram.word(StormRam.CSTORM, StormRam.C_FINAL_CLEANUP + 8 * f.id, 0);
                path.ram.disable(f.id);
                igu.clean(f);
                f.reset();
            }
        }
        pf.port.clearAbort();
        path.hold &= ~(1 << pf.id);
        path.ram.word(StormRam.CSTORM, StormRam.eventRing(pf.id), 0);
        path.ram.word(StormRam.CSTORM, StormRam.eventRing(pf.id) + 4, 0);
        path.ram.word(StormRam.CSTORM, StormRam.C_SP_SB + 16 * pf.id, 0);
        path.ram.word(StormRam.CSTORM, StormRam.C_SP_SB + 16 * pf.id + 4, 0);
        events[pf.id].reset();
    }

    /** A client leaves; its zone and doorbell begin at 0 for the next. */
    void delete(Client c) {
        path.listening.set(c.connection, 0);
        path.doorbells.set(c.connection, 0);
        path.connections[c.connection] = null;
        if (c.rx.zone < Path.ZONES) {
            path.producers.set(2 * c.rx.zone, 0);
            path.producers.set(2 * c.rx.zone + 1, 0);
        }
        blocks.restart(c.rx.statusBlock, c.rx.sbIndex);
        blocks.restart(c.tx.statusBlock, c.tx.sbIndex);
        receive.tpa().forget(c.rx);
        tables.forget(c.id);
        c.clear();
    }
}
