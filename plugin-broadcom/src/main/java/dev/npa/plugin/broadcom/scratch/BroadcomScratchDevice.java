package dev.npa.plugin.broadcom.scratch;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.ScratchDevice;

/**
 * Queue pair 0 of a VF in memory: mailbox, doorbell, receive producers, page chains, completions with their markers,
 * status block.
 */
public final class BroadcomScratchDevice implements ScratchDevice {

    private static final int BYTES = 0x8000;
    private static final int PRODUCERS = 0x3000 + 32 * ScratchChannel.ZONE; // §2, §5.2
    private static final int SGE_PRODUCER = PRODUCERS + 4;
    private static final int MESSAGE_LO = 0x7600; // §9
    private static final int MESSAGE_HI = 0x7604;
    private static final int TRIGGER = 0x7608;
    private static final int DOORBELL = 0x7C00;
    /** VF 5, valid. §1 */
    private static final int ME = 5 << 9 | 1 << 8;

    private static final int RX_INDEX = 2; // §6.1, byte offsets
    private static final int TX_INDEX = 10;
    private static final int RUNNING_INDEX = 16;

    /** Bytes from a buffer's address to the frame. §5.1 */
    private static final int PLACEMENT = 2;
    private static final int MARKER = 60;
    private static final int SGL = 16;
    /** CQE words: hash valid, placement; IPv4 and TCP, checksums checked, no error. §5.3 */
    private static final long Q0 = 0x5EEDL << 32 | (long) PLACEMENT << 24 | 1 << 11;
    private static final long Q1 = (long) (1 << 3 | 1 << 7) << 48;

    private final DmaMemory memory;
    private final ScratchChannel channel;
    private final int[] registers = new int[BYTES >> 2];
    private int block;
    private int bufferBytes;
    private int packets;
    private int running;
    private ScratchRing tx;
    private ScratchRing rx;
    private ScratchRing rcq;
    private ScratchRing sge;

    /**
     * Creates a VF that is valid and holds nothing.
     *
     * @param memory what it may read and write
     */
    public BroadcomScratchDevice(DmaMemory memory) {
        this.memory = memory;
        this.channel = new ScratchChannel(memory, this);
    }

    @Override
    public int barBytes(int bar) {
        return bar == 0 ? BYTES : 0;
    }

    @Override
    public int read32(int bar, int offset) {
        return offset >= DOORBELL ? ME : registers[offset >> 2];
    }

    @Override
    public void write32(int bar, int offset, int value) {
        registers[offset >> 2] = value;
        if (offset == TRIGGER) {
            channel.answer(offset((long) registers[MESSAGE_HI >> 2] << 32
                    | Integer.toUnsignedLong(registers[MESSAGE_LO >> 2])));
        }
    }

    private int offset(long address) {
        return (int) (address - memory.address());
    }

    /** INIT: where the status block of queue pair 0 is. */
    void block(long address) {
        block = offset(address);
    }

    /** SETUP_Q of queue pair 0. §9.4 */
    void setUp(int message) {
        rcq = new ScratchRing(memory, memory.getLong(message + 8), 6, 63);
        rx = new ScratchRing(memory, memory.getLong(message + 24), 3, 510);
        long sges = memory.getLong(message + 32);
        sge = sges == 0 ? null : new ScratchRing(memory, sges, 3, 510);
        bufferBytes = Short.toUnsignedInt(memory.getShort(message + 46));
        tx = new ScratchRing(memory, memory.getLong(message + 64), 4, 255);
        packets = 0;
    }

    /** Tells a position in the status block. §6.1 */
    private void update(int index, int value) {
        memory.putShort(block + index, (short) value);
        running++;
        memory.putInt(block + RUNNING_INDEX, running & 0xFFFF | running << 16);
    }

    @Override
    public int send(int budget) {
        int producer = registers[DOORBELL >> 2] >>> 16;
        int sent = 0;
        while (tx.position() != producer && sent < budget) {
            for (int i = (int) memory.getLong(tx.at() + 8) & 0xFFFF; i > 0; i--) {
                tx.step(); // start, parse and data descriptors; §4.1
            }
            sent++;
        }
        if (sent > 0) {
            packets += sent;
            update(TX_INDEX, packets);
        }
        return sent;
    }

    @Override
    public int receive(int frames, int length) {
        int producers = registers[PRODUCERS >> 2];
        int room = bufferBytes - PLACEMENT;
        int onBd = Math.min(length, room);
        int sges = (length - onBd + bufferBytes - 1) / bufferBytes;
        int received = 0;
        while (received < frames && rx.position() != producers >>> 16 && rcq.position() != (producers & 0xFFFF)
                && (sges == 0 || sge != null && sge.distance(registers[SGE_PRODUCER >> 2]) > 2 * sges)) {
            rx.step();
            int at = rcq.at();
            for (int i = 0; i < sges; i++) {
                memory.putShort(at + SGL + 2 * i, (short) sge.slot());
                sge.step();
            }
            memory.putLong(at, Q0);
            memory.putLong(at + 8, Q1 | (long) onBd << 32 | (long) length << 16);
            memory.putInt(at + MARKER, 0); // last: it says that the rest is there
            rcq.step();
            received++;
        }
        if (received > 0) {
            update(RX_INDEX, rcq.position());
        }
        return received;
    }
}
