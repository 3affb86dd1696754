package dev.npa.benchmarks.device;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;

/**
 * A VF of a 57712 of which queue pair 0 works: mailbox, doorbell, receive producers, page chains, completions, status
 * block. Section numbers are those of the project's 57712 fact sheet.
 */
public final class Fake57712 extends FakeDevice implements RegisterWindow {

    private static final PciIdentity VF = new PciIdentity(0x14E4, 0x166F, 0x14E4, 0, 1);
    private static final int BAR_BYTES = 0x8000;
    private static final int PRODUCERS = 0x3000 + 32 * VfPfChannel.FIRST_ZONE; // §2, §5.2
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
    /** CQE words: placement; length of the frame, all of it in the first buffer. §5.3 */
    private static final long PLACED = (long) PLACEMENT << 24;
    private static final long WHOLE = (long) FRAME << 32 | (long) FRAME << 16;
    /** Hash valid; checksums were checked and no error is reported. */
    private static final long Q0_RESULTS = (long) HASH << 32 | PLACED | 1 << 11;
    /** Parsing flags: VLAN, IPv4, TCP. */
    private static final long Q1_RESULTS = (long) (1 << 1 | 1 << 3 | 1 << 7) << 48 | TAG;
    private static final long START_AGGREGATION = 2;
    private static final long STOP_AGGREGATION = 3;
    private static final int SEGMENT = 1514;
    private static final int SEGMENTS = 3;

    private final int[] registers = new int[BAR_BYTES >> 2];
    private final VfPfChannel channel;
    private long block;
    private PageRing tx;
    private PageRing rx;
    private PageRing rcq;
    private PageRing sge;
    private int bufferBytes;
    private int packets;
    private int running;

    /** Makes a VF that is valid and holds nothing. */
    public Fake57712(PhysicalMemory memory) {
        super(memory);
        channel = new VfPfChannel(memory, this);
    }

    @Override
    public PciFunction function() {
        return new FakeFunction(VF, this, null);
    }

    @Override
    public int length() {
        return BAR_BYTES;
    }

    @Override
    public int read32(int offset) {
        return offset >= DOORBELL ? ME : registers[offset >> 2];
    }

    @Override
    public void write32(int offset, int value) {
        DmaMemory.releaseFence(); // what every window owes its caller
        registers[offset >> 2] = value;
        if (offset == TRIGGER) {
            channel.answer((long) registers[MESSAGE_HI >> 2] << 32
                    | Integer.toUnsignedLong(registers[MESSAGE_LO >> 2]));
        }
    }

    /** INIT: where the status block of queue pair 0 is. */
    void block(long address) {
        block = address;
    }

    /** SETUP_Q of queue pair 0. §9.4 */
    void setUp(long message) {
        rcq = new PageRing(memory, memory.getLong(message + 8), 6, 63);
        rx = new PageRing(memory, memory.getLong(message + 24), 3, 510);
        long sges = memory.getLong(message + 32);
        sge = sges == 0 ? null : new PageRing(memory, sges, 3, 510);
        bufferBytes = memory.getShort(message + 46);
        tx = new PageRing(memory, memory.getLong(message + 64), 4, 255);
        packets = 0;
    }

    /** CLOSE: no queue is set up any more. */
    void tearDown() {
        tx = null;
        rx = null;
        rcq = null;
        sge = null;
    }

    /** Tells a position in the status block. §6.1 */
    private void update(int index, int value) {
        memory.putShort(block + index, (short) value);
        running++;
        memory.putInt(block + RUNNING_INDEX, running & 0xFFFF | running << 16);
    }

    @Override
    public int transmit(int most) {
        int producer = registers[DOORBELL >> 2] >>> 16;
        int frames = 0;
        while (tx.position != producer && frames < most) {
            long at = tx.at();
            long q1 = memory.getLong(at + 8);
            sent[frames] = memory.getLong(at);
            sentLength[frames++] = (int) q1 >>> 16;
            for (int i = (int) q1 & 0xFFFF; i > 0; i--) {
                tx.step(); // start, parse and data descriptors; §4.1
            }
        }
        if (frames > 0) {
            packets += frames;
            update(TX_INDEX, packets);
        }
        return frames;
    }

    @Override
    public int receive(int most) {
        int producers = registers[PRODUCERS >> 2];
        int bdProducer = producers >>> 16;
        int cqeProducer = producers & 0xFFFF;
        int frames = 0;
        while (rx.position != bdProducer && rcq.position != cqeProducer && frames < most) {
            long frame = memory.getLong(rx.at()) + PLACEMENT;
            rx.step();
            filled[frames++] = frame;
            memory.putLong(frame, sequence++);
            complete(PLACED, WHOLE);
        }
        if (frames > 0) {
            update(RX_INDEX, rcq.position);
        }
        return frames;
    }

    /** Writes a completion, its marker last. §5.3 */
    private void complete(long q0, long q1) {
        long at = rcq.at();
        memory.putLong(at, q0);
        memory.putLong(at + 8, q1);
        memory.putInt(at + MARKER, 0);
        rcq.step();
    }

    @Override
    public int receiveResults(int most) {
        int frames = 0;
        while (frames < most && hasRoom()) {
            int onBd = bufferBytes - PLACEMENT;
            memory.putLong(memory.getLong(rx.at()) + PLACEMENT, sequence++);
            if (frames % 3 == 0) {
                rx.step();
                complete(Q0_RESULTS, Q1_RESULTS | WHOLE);
            } else if (frames % 3 == 1) {
                rx.step();
                sges(1);
                complete(Q0_RESULTS, Q1_RESULTS | (long) onBd << 32 | onBd + SEGMENT << 16);
            } else {
                merge(frames & 63);
            }
            frames++;
        }
        update(RX_INDEX, rcq.position);
        return frames;
    }

    /** Segments that become one packet: first its first buffer, then an end that tells the rest. §5.5 */
    private void merge(int bin) {
        rx.step();
        complete(Q0_RESULTS | bin << 16 | START_AGGREGATION,
                Q1_RESULTS | (long) SEGMENT << 32 | (long) SEGMENT << 16);
        sges(2);
        complete(bin << 16 | STOP_AGGREGATION, (long) (SEGMENT + bufferBytes + FRAME) << 16 | SEGMENTS);
    }

    /** Uses SGEs for the completion that is written next. */
    private void sges(int count) {
        for (int i = 0; i < count; i++) {
            memory.putShort(rcq.at() + SGL + 2 * i, (short) sge.slot());
            sge.step();
        }
    }

    /** Whether the driver has posted what any frame needs. */
    private boolean hasRoom() {
        int producers = registers[PRODUCERS >> 2];
        return rx.distance(producers >>> 16) > 0 && rcq.distance(producers & 0xFFFF) > 3
                && sge.distance(registers[SGE_PRODUCER >> 2]) > 2 * BUFFERS;
    }

    /** The device writes no descriptor and the same completions again: positions are all there is to remember. */
    @Override
    public void save() {
        tx.save();
        rx.save();
        rcq.save();
        if (sge != null) {
            sge.save();
        }
    }

    @Override
    public void rewindTransmit() {
        tx.restore();
    }

    @Override
    public void rewindReceive() {
        rx.restore();
        rcq.restore();
        if (sge != null) {
            sge.restore();
        }
    }
}
