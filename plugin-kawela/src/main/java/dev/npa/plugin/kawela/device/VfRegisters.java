package dev.npa.plugin.kawela.device;

import dev.npa.plugin.intel.device.ControlRegisters;
import dev.npa.plugin.intel.device.CounterRegisters;

/** Registers of an 82576 virtual function, offsets in BAR 0. Fact sheet §2. */
final class VfRegisters {

    /** Receive queue 0. */
    static final int RX = 0x2800;
    /** Transmit queue 0. */
    static final int TX = 0x3800;
    /** Bytes from one queue's registers to the next one's. */
    static final int STRIDE = 0x100;
    /** First word of the mailbox memory. */
    static final int VMBMEM = 0x0800;

    /** VTCTRL, EICR, EIMS, EIMC, EIAC, EIAM, IVAR, IVAR_MISC, EITR, V2PMAILBOX, PSRTYPE. */
    static final ControlRegisters CONTROL = new ControlRegisters(0x0000, 0x1580, 0x1524, 0x1528, 0x152C, 0x1530,
            0x1700, 0x1740, 0x1680, 0x0C40, 0x0F0C);

    /** VFGPRC, VFGORC, VFMPRC, VFGPTC, VFGOTC; all have 32 bits. */
    static final CounterRegisters COUNTERS = new CounterRegisters(0x0F10, 0x0F18, 0x0F3C, 0x0F14, 0x0F34, 32);

    private VfRegisters() {}
}
