package dev.npa.plugin.niantic.ring;

import dev.npa.hw.Clock;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.niantic.regs.AdvancedRxDescriptor;
import dev.npa.plugin.niantic.regs.AdvancedTxDescriptor;
import dev.npa.plugin.niantic.regs.QueueRegisters;

/** Register sequences that bring one queue up and down. Control path; all waits are bounded. Fact sheet §7, §9. */
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
        registers.write32(base + QueueRegisters.TDWBAL, (int) writeBack); // survives a VF reset, so always written; §8
        registers.write32(base + QueueRegisters.DCA_CTRL, QueueRegisters.TX_RELAXED_READS);
        registers.write32(base + QueueRegisters.HEAD, 0);
        registers.write32(base + QueueRegisters.TAIL, 0);
    }

    /** Programs a disabled receive queue. DROP_EN stays off: a short ring holds frames back instead of losing them. */
    public static void program(RegisterWindow registers, RxRing ring) {
        int base = ring.base();
        ring.prepare();
        registers.write32(base + QueueRegisters.DCTL, 0);
        base(registers, base, ring.memory().address(), ring.size() << AdvancedRxDescriptor.SHIFT);
        registers.write32(base + QueueRegisters.SRRCTL, QueueRegisters.SRRCTL_ADVANCED_ONE_BUFFER
                | ring.bufferBytes() / QueueRegisters.BSIZEPACKET_UNIT); // §6.6
        registers.write32(base + QueueRegisters.RSCCTL, 0); // §6.7: RSC must be off with SR-IOV
        registers.write32(base + QueueRegisters.DCA_CTRL, QueueRegisters.RX_RELAXED_READS);
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
        registers.write32(dctl, QueueRegisters.TXDCTL_THRESHOLDS | QueueRegisters.ENABLE);
        if (!await(registers, clock, dctl, QueueRegisters.ENABLE, QueueRegisters.ENABLE)) {
            return false;
        }
        ring.begin();
        return true;
    }

    /** Enables a receive queue and posts buffers; false if the device does not confirm. */
    public static boolean enable(RegisterWindow registers, Clock clock, RxRing ring, boolean stripVlan) {
        int dctl = ring.base() + QueueRegisters.DCTL;
        registers.write32(dctl, QueueRegisters.ENABLE | (stripVlan ? QueueRegisters.RXDCTL_VME : 0));
        if (!await(registers, clock, dctl, QueueRegisters.ENABLE, QueueRegisters.ENABLE)) {
            return false;
        }
        ring.begin(); // the tail moves only after ENABLE reads 1, §9
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
