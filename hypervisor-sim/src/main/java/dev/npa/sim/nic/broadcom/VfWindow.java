package dev.npa.sim.nic.broadcom;

import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.MsixTable;

/**
 * BAR0 of a VF, 57712 §2: MSI-X table, interrupt acknowledge, queue zones, mailbox, doorbells. Producers and doorbells
 * are stored without the lock.
 *
 * <p>While the PF has not opened internal windows, the window reads all ones and drops writes, except for the MSI-X
 * table and the ME register.
 */
final class VfWindow implements RegisterWindow {

    static final int LENGTH = 32 * 1024;
    static final int PENDING = 0x1000;
    static final int ACK = 0x2000;

    private static final int IGU_END = 0x3000;
    private static final int USDM = 0x3000;
    private static final int USDM_END = USDM + 32 * Path.ZONES;
    private static final int MAILBOX = 0x7600;
    private static final int MAILBOX_END = 0x7800;
    private static final int TRIGGER = MAILBOX + 8;
    private static final int DOORBELLS = 0x7C00;
    private static final int DOORBELLS_END = 0x7E00;
    private static final int OWNED = 1 << 6;

    private final Path path;
    private final Func f;
    private final Parts parts;
    private final MsixTable msix;

    VfWindow(Path path, Func f, Parts parts, MsixTable msix) {
        this.path = path;
        this.f = f;
        this.parts = parts;
        this.msix = msix;
    }

    @Override
    public int length() {
        return LENGTH;
    }

    /** ME register, 57712 §1. */
    private int me() {
        return f.pf | (f.malicious ? 1 << 3 : 0) | (f.internalAccess ? 1 << 8 : 0) | f.vf() << 9 | f.pf << 16;
    }

    @Override
    public int read32(int offset) {
        if (offset < 0 || offset >= LENGTH || (offset & 3) != 0) {
            unknown("read", offset);
            return 0;
        }
        if (offset < 16 * msix.vectors()) {
            return msix.readTable(offset);
        }
        if (offset >= PENDING && offset < PENDING + 8) {
            return msix.readPending(offset - PENDING);
        }
        if (offset >= DOORBELLS && offset < DOORBELLS_END) {
            return me();
        }
        if (!f.internalAccess) {
            return -1;
        }
        if (offset == MAILBOX || offset == MAILBOX + 4) {
            synchronized (path.lock) {
                return parts.channel().address(f, offset != MAILBOX);
            }
        }
        return 0;
    }

    @Override
    public void write32(int offset, int value) {
        if (offset < 0 || offset >= LENGTH || (offset & 3) != 0) {
            unknown("write", offset);
        } else if (offset < 16 * msix.vectors()) {
            msix.writeTable(offset, value);
        } else if (f.internalAccess) {
            write(offset, value);
        }
    }

    private void write(int offset, int value) {
        if (offset >= DOORBELLS && offset < DOORBELLS_END) {
            if (!parts.registers().doorbellsReady) {
                path.violation(f, "doorbell before the doorbell queue was set up for VFs, 57712 §10.3");
            } else if (Doorbell.isLegal(path, f, value) && (offset & 7) == 0) {
                Doorbell.ring(path, f.id, offset - DOORBELLS >> 3, value);
            }
        } else if (offset >= USDM && offset < USDM_END) {
            producer(offset - USDM, value);
        } else if (offset < IGU_END) {
            acknowledge(offset, value);
        } else if (offset >= MAILBOX && offset < MAILBOX_END) {
            mailbox(offset, value);
        } else {
            unknown("write", offset);
        }
    }

    private void producer(int at, int value) {
        int zone = at >> 5;
        if (path.zonePermission.getAcquire(zone) != (f.vf() | OWNED)) {
            path.violation(f, "producers of queue zone " + zone + ", which this VF does not own; dropped");
        } else if ((at & 31) < 8) {
            path.producers.setRelease(2 * zone + (at >> 2 & 1), value);
        } else {
            unknown("write", USDM + at);
        }
    }

    private void acknowledge(int offset, int value) {
        int sb = offset - ACK >> 3;
        synchronized (path.lock) {
            if (offset >= ACK && (offset & 7) == 0 && parts.igu().owns(f, sb)) {
                parts.igu().ack(sb, value & 0x7FFF_FFFF); // cleanup is for the PF
            } else {
                path.violation(f, "write of IGU offset 0x" + Integer.toHexString(offset)
                        + ", which is not the acknowledge of a status block of this VF; dropped");
            }
        }
    }

    private void mailbox(int offset, int value) {
        synchronized (path.lock) {
            if (offset == TRIGGER && (value & 0xFF) == 1) {
                parts.channel().trigger(f);
            } else if (offset == MAILBOX || offset == MAILBOX + 4) {
                parts.channel().address(f, offset != MAILBOX, value);
            } else {
                unknown("write", offset);
            }
        }
    }

    private void unknown(String access, int offset) {
        path.violation(f, access + " of BAR0 offset 0x" + Integer.toHexString(offset)
                + ((offset & 3) != 0 ? ", which is not a multiple of 4" : ", where drivers have nothing to do"));
    }
}
