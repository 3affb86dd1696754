package dev.npa.plugin.intel.ring;

import dev.npa.hw.Clock;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.intel.regs.AdvancedRxDescriptor;
import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;
import dev.npa.plugin.intel.regs.QueueRegisters;

/** Register sequences that bring one queue up and down. Control path, bounded waits. 82599 §7, §9; 82576 §6. */
public final class QueueSetup {

    private static final long POLL_NANOS = 5_000;
    private static final int POLLS = 2_000;

    private QueueSetup() {}

    /** Programs a disabled transmit queue. */
    public static void program(RegisterWindow registers, TxRing ring) {
        int base = ring.base();
        ring.prepare();
        registers.write32(base + QueueRegisters.DCTL, 0);
        base(registers, base, ring.memory().address(), ring.size() << AdvancedTxDescriptor.SHIFT);
        long writeBack = ring.headWriteBack();
        registers.write32(base + QueueRegisters.TDWBAH, (int) (writeBack >>> 32));
        registers.write32(base + QueueRegisters.TDWBAL, (int) writeBack); // survives a VF reset, so always written
        registers.write32(base + ring.chip().txDca(), QueueRegisters.TX_RELAXED_READS);
        registers.write32(base + QueueRegisters.HEAD, 0);
        registers.write32(base + QueueRegisters.TAIL, 0);
    }

    /** Programs a disabled receive queue. DROP_EN stays off: a short ring holds frames back instead of losing them. */
    public static void program(RegisterWindow registers, RxRing ring) {
        int base = ring.base();
        ring.prepare();
        registers.write32(base + QueueRegisters.DCTL, 0);
        base(registers, base, ring.memory().address(), ring.size() << AdvancedRxDescriptor.SHIFT);
        registers.write32(base + ring.chip().srrctl(), QueueRegisters.SRRCTL_ADVANCED_ONE_BUFFER
                | ring.bufferBytes() / QueueRegisters.BSIZEPACKET_UNIT);
        if (ring.chip().rsc() != 0) {
            registers.write32(base + ring.chip().rsc(), 0); // RSC must be off with SR-IOV, 82599 §6.7
        }
        registers.write32(base + ring.chip().rxDca(), QueueRegisters.RX_RELAXED_READS);
        registers.write32(base + QueueRegisters.HEAD, 0);
        registers.write32(base + QueueRegisters.TAIL, 0);
    }

    private static void base(RegisterWindow registers, int base, long address, int bytes) {
        registers.write32(base + QueueRegisters.BAL, (int) address);
        registers.write32(base + QueueRegisters.BAH, (int) (address >>> 32));
        registers.write32(base + QueueRegisters.LEN, bytes);
    }

    /** Enables a transmit queue; false if the device does not confirm. */
    public static boolean enable(RegisterWindow registers, Clock clock, TxRing ring) {
        int dctl = ring.base() + QueueRegisters.DCTL;
        registers.write32(dctl, ring.chip().txdctl() | QueueRegisters.ENABLE);
        if (!await(registers, clock, dctl, QueueRegisters.ENABLE, QueueRegisters.ENABLE)) {
            return false;
        }
        ring.begin();
        return true;
    }

    /** Enables a receive queue and posts buffers; false if the device does not confirm. */
    public static boolean enable(RegisterWindow registers, Clock clock, RxRing ring, boolean stripVlan) {
        int dctl = ring.base() + QueueRegisters.DCTL;
        registers.write32(dctl, ring.chip().rxdctl() | QueueRegisters.ENABLE
                | (stripVlan ? ring.chip().stripVlan() : 0));
        if (!await(registers, clock, dctl, QueueRegisters.ENABLE, QueueRegisters.ENABLE)) {
            return false;
        }
        ring.begin(); // the tail moves only after ENABLE reads 1
        return true;
    }

    /** Asks a queue to stop; {@link #isDisabled} tells when it has. */
    public static void disable(RegisterWindow registers, int base) {
        int dctl = base + QueueRegisters.DCTL;
        registers.write32(dctl, registers.read32(dctl) & ~QueueRegisters.ENABLE);
    }

    /** Whether a queue is off. A device that is gone answers all ones and does no DMA either. */
    public static boolean isDisabled(RegisterWindow registers, int base) {
        int value = registers.read32(base + QueueRegisters.DCTL);
        return (value & QueueRegisters.ENABLE) == 0 || value == -1;
    }

    /** Disables a queue and waits; false if the device does not confirm. */
    public static boolean disableAndWait(RegisterWindow registers, Clock clock, int base) {
        disable(registers, base);
        for (int i = 0; i < POLLS; i++) {
            if (isDisabled(registers, base)) {
                return true;
            }
            clock.stall(POLL_NANOS);
        }
        return false;
    }

    /** Polls a register for at most 10 ms until the masked bits have the value; all ones never count. */
    public static boolean await(RegisterWindow registers, Clock clock, int register, int mask, int value) {
        for (int i = 0; i < POLLS; i++) {
            int read = registers.read32(register);
            if (read != -1 && (read & mask) == value) {
                return true;
            }
            clock.stall(POLL_NANOS);
        }
        return false;
    }
}
