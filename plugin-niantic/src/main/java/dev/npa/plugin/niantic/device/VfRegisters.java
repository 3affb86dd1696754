package dev.npa.plugin.niantic.device;

import dev.npa.plugin.intel.device.ControlRegisters;
import dev.npa.plugin.intel.device.CounterRegisters;

/** Registers of an 82599 virtual function, offsets in BAR 0. Fact sheet §2. */
final class VfRegisters {

    /** Receive queue 0. */
    static final int RX = 0x1000;
    /** Transmit queue 0. */
    static final int TX = 0x2000;
    /** Bytes from one queue's registers to the next one's. */
    static final int STRIDE = 0x40;

    /** VFCTRL, VTEICR, VTEIMS, VTEIMC, VTEIAC, VTEIAM, VTIVAR, VTIVAR_MISC, VTEITR, VFMAILBOX, VFPSRTYPE. */
    static final ControlRegisters CONTROL = new ControlRegisters(0x0000, 0x0100, 0x0108, 0x010C, 0x0110, 0x0114,
            0x0120, 0x0140, 0x0820, 0x02FC, 0x0300);

    /** VFGPRC, VFGORC, VFMPRC, VFGPTC, VFGOTC; octets have 36 bits. */
    static final CounterRegisters COUNTERS = new CounterRegisters(0x101C, 0x1020, 0x1034, 0x201C, 0x2020, 36);

    private VfRegisters() {}
}
