package dev.npa.sim.nic.broadcom;

import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.MsixTable;

/**
 * BAR0 of a PF: the internal register space, as far as PF drivers for SR-IOV use it. Unknown addresses are recorded,
 * read as 0 and drop writes. RX producers are stored without the lock.
 */
final class GrcWindow implements RegisterWindow {

    /** Reads and writes by address, for the DMA engine too. */
    interface Access {
        int read(int address);

        void write(int address, int value);
    }

    static final int LENGTH = 8 << 20;

    private static final int PRETEND = 0x120674;
    private static final int MSIX_SIZE = 0x61C;
    private static final int VF_BASE = 0x624;
    private static final int VF_ACCESS = 0x9438;
    private static final int PBF_DISABLE_VF = 0x1402EC;
    private static final int IGU_CONFIG = 0x130170;
    private static final int IGU_DATA = 0x130124;
    private static final int IGU_CONTROL = 0x13012C;
    private static final int IGU_MAPPING = 0x131000;
    private static final int ZONE_PERMISSION = 0x103400;
    private static final int OPERATION_GEN = 0x1664C4;
    private static final int RX_HOLD = 0x601F0;
    private static final int LINK_STATUS = 0x10328;
    private static final int SHARED_MEMORY_ADDRESS = 0xA2B4;
    private static final int SHARED_MEMORY = 0xA8000;
    private static final int STORM_RAM = 0x400000;
    private static final int IGU_WINDOW = 0x440000;
    private static final int ME = 0x450000;
    private static final int LINK_10G = 1 << 15;
    private static final int CLEANUP = 1 << 31;

    private final Path path;
    private final Func pf;
    private final Parts parts;
    private final MsixTable msix;
    private final Dmae dmae;
    private final int ustormZones;
    private int pretend;
    private int iguData;

    GrcWindow(Path path, Func pf, Parts parts, MsixTable msix) {
        this.path = path;
        this.pf = pf;
        this.parts = parts;
        this.msix = msix;
        this.ustormZones = STORM_RAM + StormRam.SIZE * StormRam.USTORM + StormRam.U_ZONE;
        this.dmae = new Dmae(path, pf, new Access() {
            @Override
            public int read(int address) {
                return readLocked(address);
            }

            @Override
            public void write(int address, int value) {
                writeLocked(address, value);
            }
        });
        reset();
    }

    void reset() {
        pretend = pf.id;
        iguData = 0;
    }

    @Override
    public int length() {
        return LENGTH;
    }

    @Override
    public int read32(int offset) {
        synchronized (path.lock) {
            return readLocked(offset);
        }
    }

    @Override
    public void write32(int offset, int value) {
        int zone = offset - ustormZones;
        if (zone >= 0 && zone < 32 * Path.ZONES && (zone & 31) < 8 && (zone & 3) == 0) {
            path.producers.setRelease(2 * (zone >> 5) + (zone >> 2 & 1), value);
            if (parts.queues().waiting) {
                synchronized (path.lock) {
                    parts.queues().deliver();
                }
            }
            return;
        }
        synchronized (path.lock) {
            writeLocked(offset, value);
        }
    }

    private static boolean within(int address, int first, int bytes) {
        return address >= first && address < first + bytes;
    }

    /** The function that this PF pretends to be, 57712 §1; null if it is none of its own. */
    private Func pretended() {
        Func f = (pretend & 8) == 0 ? path.function(pretend & 7)
                : path.function(Path.FIRST_VF + (pretend >>> 4 & 63));
        if (f == null || f.pf != pf.id || (pretend & 7) != pf.id) {
            path.violation(pf, "register accessed while PGL_PRETEND_FUNC is 0x" + Integer.toHexString(pretend)
                    + ", which is no function of this PF");
            return null;
        }
        return f;
    }

    private int readLocked(int a) {
        if ((a & 3) != 0) {
            return unknown("read", a);
        }
        if (within(a, STORM_RAM, 4 * StormRam.SIZE)) {
            return path.ram.word(a - STORM_RAM >> 16, a & StormRam.SIZE - 1);
        }
        if (within(a, IGU_WINDOW, 0x10000)) {
            return readIgu(a - IGU_WINDOW);
        }
        if (within(a, IGU_MAPPING, 4 * Path.ZONES)) {
            return parts.igu().mapping(a - IGU_MAPPING >> 2);
        }
        if (within(a, ZONE_PERMISSION, 4 * Path.ZONES)) {
            return path.zonePermission.get(a - ZONE_PERMISSION >> 2);
        }
        if (within(a, SHARED_MEMORY, 0x200)) {
            return sharedMemory(a - SHARED_MEMORY);
        }
        if (within(a, Dmae.COMMAND, 4 * Dmae.COMMAND_DWORDS)) {
            return dmae.read(a - Dmae.COMMAND >> 2);
        }
        return PathRegisters.has(a) ? parts.registers().read(a) : readRegister(a);
    }

    private int readRegister(int a) {
        return switch (a) {
            case 0xA408 -> 0x1662; // MISC CHIP_NUM, 57712 §1
            case 0xA40C, 0xA404, 0xA400 -> 0; // CHIP_REV, CHIP_METAL, BOND_ID
            case SHARED_MEMORY_ADDRESS -> SHARED_MEMORY;
            case LINK_STATUS -> path.wire.isUp() ? LINK_10G : 0;
            case VF_BASE -> path.firstVf(pf.id) / 8;
            case PRETEND, PRETEND + 4, PRETEND + 8, PRETEND + 12 -> pretend;
            case IGU_DATA -> iguData;
            case RX_HOLD -> path.hold | 1 << 31; // nothing is between acceptance and the rings
            case Dmae.GO, IGU_CONTROL, OPERATION_GEN -> 0;
            case ME -> pf.id | pf.id << 16;
            case MSIX_SIZE, VF_ACCESS, PBF_DISABLE_VF, IGU_CONFIG -> readPretended(a);
            default -> unknown("read", a);
        };
    }

    private int readPretended(int a) {
        Func f = pretended();
        if (f == null) {
            return 0;
        }
        return switch (a) {
            case MSIX_SIZE -> f.msixSize;
            case VF_ACCESS -> f.internalAccess ? 1 : 0;
            case PBF_DISABLE_VF -> f.transmitDisabled ? 1 : 0;
            default -> f.iguConfig;
        };
    }

    /** Layout: default VFs at 0x10; permanent address of PF n at 0x100 + 16n, upper two bytes first. */
    private int sharedMemory(int offset) {
        if (offset == 0x10) {
            return path.vfsPerPf();
        }
        int n = offset - 0x100 >> 4;
        if (offset < 0x100 || n >= path.pfs) {
            return 0;
        }
        long mac = parts.permanentAddress(n);
        return (offset & 15) == 0 ? (int) (mac >>> 32) : (offset & 15) == 4 ? (int) mac : 0;
    }

    private int readIgu(int offset) {
        if (within(offset, 0, 16 * msix.vectors())) {
            return msix.readTable(offset);
        }
        if (within(offset, VfWindow.PENDING, (msix.vectors() + 63) / 64 * 8)) {
            return msix.readPending(offset - VfWindow.PENDING);
        }
        return 0;
    }

    private void writeLocked(int a, int value) {
        if ((a & 3) != 0) {
            unknown("write", a);
        } else if (within(a, STORM_RAM, 4 * StormRam.SIZE)) {
            writeStorm(a - STORM_RAM >> 16, a & StormRam.SIZE - 1, value);
        } else if (within(a, IGU_WINDOW, 0x10000)) {
            writeIgu(a - IGU_WINDOW, value);
        } else if (within(a, IGU_MAPPING, 4 * Path.ZONES)) {
            parts.igu().mapping(a - IGU_MAPPING >> 2, value);
        } else if (within(a, ZONE_PERMISSION, 4 * Path.ZONES)) {
            path.zonePermission.set(a - ZONE_PERMISSION >> 2, value & 0x7F);
        } else if (within(a, Dmae.COMMAND, 4 * Dmae.COMMAND_DWORDS)) {
            dmae.write(a - Dmae.COMMAND >> 2, value);
        } else if (PathRegisters.has(a)) {
            parts.registers().write(a, value);
        } else {
            writeRegister(a, value);
        }
    }

    private void writeRegister(int a, int value) {
        switch (a) {
            case PRETEND, PRETEND + 4, PRETEND + 8, PRETEND + 12 -> {
                if (a == PRETEND + 4 * pf.id) {
                    pretend = value;
                } else {
                    path.violation(pf, "write to another PF's PGL_PRETEND_FUNC");
                }
            }
            case MSIX_SIZE, VF_ACCESS, PBF_DISABLE_VF, IGU_CONFIG -> writePretended(a, value);
            case IGU_DATA -> iguData = value;
            case IGU_CONTROL -> parts.igu().command(pf, iguData, value);
            case OPERATION_GEN -> operation(value);
            case RX_HOLD -> hold(value);
            case Dmae.GO -> {
                if ((value & 1) != 0) {
                    dmae.go();
                }
            }
            default -> unknown("write", a);
        }
    }

    private void writePretended(int a, int value) {
        Func f = pretended();
        if (f == null) {
            return;
        }
        switch (a) {
            case MSIX_SIZE -> {
                if (f.port != null && f.isVf()) {
                    path.violation(pf, "MSI-X table size of " + f.name() + " written while VF Enable is set");
                }
                f.msixSize = value & 0x3F;
            }
            case VF_ACCESS -> f.internalAccess = !f.isVf() || (value & 1) != 0;
            case PBF_DISABLE_VF -> f.transmitDisabled = f.isVf() && (value & 1) != 0;
            default -> {
                f.iguConfig = value;
                parts.igu().configured(f);
            }
        }
    }

    private void operation(int value) {
        Func f = path.function(value & 0x7F);
        if ((value & CLEANUP) == 0 || f == null || f.pf != pf.id) {
            path.violation(pf, "XSDM OPERATION_GEN 0x" + Integer.toHexString(value)
                    + " is not the final cleanup of a function of this PF");
            return;
        }
        parts.guard().finalCleanup(f);
    }

    private void hold(int value) {
        int mine = 1 << pf.id;
        path.hold = path.hold & ~mine | value & mine;
        if (path.hold != 0) {
            long now = path.clock.nanos();
            parts.receive().tpa().closeAll(now);
            parts.blocks().flush(now);
        }
    }

    private void writeIgu(int offset, int value) {
        int sb = offset - VfWindow.ACK >> 3;
        if (within(offset, 0, 16 * msix.vectors())) {
            msix.writeTable(offset, value);
        } else if (within(offset, VfWindow.ACK, 8 * Path.ZONES) && (offset & 7) == 0 && parts.igu().owns(pf, sb)) {
            parts.igu().ack(sb, value);
        } else {
            unknown("write", IGU_WINDOW + offset);
        }
    }

    private void writeStorm(int storm, int offset, int value) {
        path.ram.word(storm, offset, value);
        int sp = StormRam.X_SPQ_BASE + 16 * pf.id;
        int ring = StormRam.eventRing(pf.id);
        if (storm == StormRam.XSTORM) {
            if (offset == sp) {
                parts.slowPath().restart(pf.id);
            } else if (offset == sp + 8) {
                parts.slowPath().run(pf.id);
                parts.blocks().flush(path.clock.nanos());
            }
        } else if (storm == StormRam.CSTORM) {
            if (within(offset, StormRam.C_SB_DATA, 64 * Path.ZONES)) {
                parts.blocks().written(offset);
            } else if (offset == ring) {
                parts.events()[pf.id].restartRing();
            } else if (offset == ring + 8) {
                parts.events()[pf.id].deliver();
            } else if (offset == StormRam.C_SP_SB + 16 * pf.id) {
                parts.events()[pf.id].restartBlock();
            }
        }
        enable(storm, offset);
    }

    /** FUNC_EN and VF_TO_PF decide whether a function lives. */
    private void enable(int storm, int offset) {
        int first = storm == StormRam.XSTORM ? StormRam.X_FUNC_EN : storm == StormRam.TSTORM ? StormRam.T_FUNC_EN
                : StormRam.C_FUNC_EN;
        if (storm != StormRam.USTORM && within(offset, first, 8 * Path.FUNCTIONS)) {
            Func f = path.function(offset - first >> 3);
            if (f != null) {
                f.refresh();
            }
        }
    }

    private int unknown(String access, int address) {
        path.violation(pf, access + " of BAR0 address 0x" + Integer.toHexString(address)
                + ((address & 3) != 0 ? ", which is not a multiple of 4" : ", where this model has no register"));
        return 0;
    }
}
