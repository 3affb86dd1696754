package dev.npa.plugin.intel.ring;

import dev.npa.hw.Clock;
import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;
import dev.npa.plugin.intel.regs.QueueRegisters;

/** Register sequences that bring one queue up and down. Control path, bounded waits. 82599 §7, §9; 82576 §6. */
public final class QueueSetup {

    private static final long POLL_NANOS = 5_000;
    private static final int POLLS = 2_000;

    private QueueSetup() {}

    /** Programs a disabled transmit queue. */
    public static void program(TxRing ring) {
        ring.prepare();
        base(ring, ring.size << AdvancedTxDescriptor.SHIFT);
        long writeBack = ring.headWriteBack();
        ring.write(QueueRegisters.TDWBAH, (int) (writeBack >>> 32));
        ring.write(QueueRegisters.TDWBAL, (int) writeBack); // survives a VF reset, so always written
        ring.write(ring.chip.txDca(), QueueRegisters.TX_RELAXED_READS);
    }

    /** Programs a disabled receive queue. DROP_EN stays off: a short ring holds frames back instead of losing them. */
    public static void program(RxRing ring) {
        ring.prepare();
        base(ring, RxRing.bytes(ring.size));
        ring.write(ring.chip.srrctl(), QueueRegisters.SRRCTL_ADVANCED_ONE_BUFFER
                | ring.bufferBytes() / QueueRegisters.BSIZEPACKET_UNIT);
        if (ring.chip.rsc() != 0) {
            ring.write(ring.chip.rsc(), 0); // RSC must be off with SR-IOV, 82599 §6.7
        }
        ring.write(ring.chip.rxDca(), QueueRegisters.RX_RELAXED_READS);
    }

    private static void base(Ring ring, int bytes) {
        long address = ring.ring.address();
        ring.write(QueueRegisters.DCTL, 0);
        ring.write(QueueRegisters.BAL, (int) address);
        ring.write(QueueRegisters.BAH, (int) (address >>> 32));
        ring.write(QueueRegisters.LEN, bytes);
        ring.write(QueueRegisters.HEAD, 0);
        ring.write(QueueRegisters.TAIL, 0);
    }

    /** Enables a transmit queue; false if the device does not confirm. */
    public static boolean enable(TxRing ring, Clock clock) {
        boolean on = enable(ring, clock, ring.chip.txdctl());
        if (on) {
            ring.begin();
        }
        return on;
    }

    /** Enables a receive queue and posts buffers; false if the device does not confirm. */
    public static boolean enable(RxRing ring, Clock clock, boolean stripVlan) {
        boolean on = enable(ring, clock, ring.chip.rxdctl() | (stripVlan ? ring.chip.stripVlan() : 0));
        if (on) {
            ring.begin(); // the tail moves only after ENABLE reads 1
        }
        return on;
    }

    private static boolean enable(Ring ring, Clock clock, int control) {
        ring.write(QueueRegisters.DCTL, control | QueueRegisters.ENABLE);
        for (int i = 0; i < POLLS; i++) {
            int value = ring.read(QueueRegisters.DCTL);
            if (value != -1 && (value & QueueRegisters.ENABLE) != 0) {
                return true;
            }
            clock.stall(POLL_NANOS);
        }
        return false;
    }

    /** Asks a queue to stop; {@link #isDisabled} tells when it has. */
    public static void disable(Ring ring) {
        ring.write(QueueRegisters.DCTL, ring.read(QueueRegisters.DCTL) & ~QueueRegisters.ENABLE);
    }

    /** Whether a queue is off. A device that is gone answers all ones and does no DMA either. */
    public static boolean isDisabled(Ring ring) {
        int value = ring.read(QueueRegisters.DCTL);
        return (value & QueueRegisters.ENABLE) == 0 || value == -1;
    }

    /** Disables a queue and waits; false if the device does not confirm. */
    public static boolean disableAndWait(Ring ring, Clock clock) {
        disable(ring);
        for (int i = 0; i < POLLS; i++) {
            if (isDisabled(ring)) {
                return true;
            }
            clock.stall(POLL_NANOS);
        }
        return false;
    }

    /** Leaves a disabled transmit queue no address to write its head to; a reset does not clear it. */
    public static void forgetWriteBack(TxRing ring) {
        ring.write(QueueRegisters.TDWBAL, 0);
    }
}
