package dev.npa.benchmarks.device;

import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;

/**
 * A vmxnet3 device of revision 1 with one queue pair: commands and the shared area as far as a driver's bring-up
 * needs them, rings by generation bits. Section numbers are those of the project's vmxnet3 fact sheet.
 */
public final class FakeVmxnet3 extends FakeDevice {

    private static final PciIdentity IDENTITY = new PciIdentity(0x15AD, 0x07B0, 0x15AD, 0x07B0, 1);

    private static final int TX_GEN_SHIFT = 14; // §9
    private static final long TX_EOP = 1L << 44;
    private static final long TX_CQ = 1L << 45;
    private static final int TX_LENGTH = 0x3FFF;
    private static final int RX_GEN_SHIFT = 31;
    private static final long RX_BODY = 1L << 14;
    /** Second half of a receive completion: type 3, length. */
    private static final long RX_DONE = 3L << 56 | FRAME;
    /** First half: checksum not calculated, first and last of its packet. */
    private static final long RX_WHOLE = 1L << 30 | 3L << 14;
    private static final long RX_EOP = 1L << 14;
    private static final long RX_SOP = 1L << 15;
    /** First half: hash of type TCP over IPv4. */
    private static final long RX_HASHED = 2L << 26;
    /** Second half: type 3, FCS good, IPv4 and TCP, both checksums good, tag stripped. */
    private static final long RX_RESULTS = 3L << 56 | 0xADL << 48 | (long) TAG << 16 | 1L << 15;
    private static final int BUFFER = 2048;
    private static final int GEN_OF_COMPLETION = 63;

    private final Vmxnet3Bars bars;
    private final GenerationRing tx = new GenerationRing();
    private final GenerationRing txDone = new GenerationRing();
    private final GenerationRing rx = new GenerationRing();
    private final GenerationRing rxDone = new GenerationRing();

    public FakeVmxnet3(PhysicalMemory memory) {
        super(memory);
        bars = new Vmxnet3Bars(memory, this);
    }

    @Override
    public PciFunction function() {
        return new FakeFunction(IDENTITY, bars.pt(), bars.vd());
    }

    /**
     * ACTIVATE_DEV: takes the rings of the first queue of each kind; descriptors for transmit come before those for
     * receive. §8
     */
    void activate(long descriptors, int txQueues) {
        tx.place(memory, descriptors, 0x10, 0x38);
        txDone.place(memory, descriptors, 0x20, 0x40);
        memory.putInt(descriptors + 0x04, 1); // txThreshold: every call rings
        long receive = descriptors + 256L * txQueues;
        rx.place(memory, receive, 0x10, 0x38);
        rxDone.place(memory, receive, 0x20, 0x40);
        memory.putByte(receive, (byte) 0); // updateRxProd: generation bits are enough, no doorbells
    }

    @Override
    public int transmit(int most) {
        int frames = 0;
        while (frames < most) {
            long at = tx.at();
            long word = memory.getLong(at + 8);
            if ((int) (word >>> TX_GEN_SHIFT & 1) != tx.generation) {
                break;
            }
            if ((word & TX_EOP) != 0) {
                sent[frames] = memory.getLong(at);
                sentLength[frames++] = (int) word & TX_LENGTH;
            }
            if ((word & TX_CQ) != 0) {
                long done = txDone.at();
                memory.putLong(done, tx.index);
                memory.putLong(done + 8, (long) txDone.generation << GEN_OF_COMPLETION);
                txDone.step();
            }
            tx.step();
        }
        return frames;
    }

    @Override
    public int receive(int most) {
        int frames = 0;
        while (frames < most) {
            long at = rx.at();
            long word = memory.getLong(at + 8);
            if ((int) (word >>> RX_GEN_SHIFT & 1) != rx.generation) {
                break;
            }
            if ((word & RX_BODY) == 0) { // a BODY holds no start of a frame: passed over
                long buffer = memory.getLong(at);
                filled[frames++] = buffer;
                memory.putLong(buffer, sequence++);
                long done = rxDone.at();
                memory.putLong(done, RX_WHOLE | rx.index);
                memory.putLong(done + 8, RX_DONE | (long) rxDone.generation << GEN_OF_COMPLETION);
                rxDone.step();
            }
            rx.step();
        }
        return frames;
    }

    @Override
    public int receiveResults(int most) {
        int frames = 0;
        while (frames < most && isPosted(false)) {
            boolean several = (frames & 1) != 0;
            memory.putLong(memory.getLong(rx.at()), sequence++);
            complete(several ? BUFFER : FRAME, RX_SOP | (several ? 0 : RX_EOP));
            for (int i = 2; several && i <= BUFFERS && isPosted(true); i++) {
                complete(i < BUFFERS ? BUFFER : FRAME, i < BUFFERS ? 0 : RX_EOP);
            }
            frames++;
        }
        return frames;
    }

    /** Goes to the next descriptor of a kind; false if the driver has not posted one. */
    private boolean isPosted(boolean body) {
        while (true) {
            long word = memory.getLong(rx.at() + 8);
            if ((int) (word >>> RX_GEN_SHIFT & 1) != rx.generation) {
                return false;
            }
            if ((word & RX_BODY) != 0 == body) {
                return true;
            }
            rx.step();
        }
    }

    private void complete(int length, long place) {
        long done = rxDone.at();
        memory.putLong(done, (long) HASH << 32 | RX_HASHED | place | rx.index);
        memory.putLong(done + 8, RX_RESULTS | length | (long) rxDone.generation << GEN_OF_COMPLETION);
        rxDone.step();
        rx.step();
    }

    /** The device writes no descriptor of a command ring, so positions are all that there is to remember. */
    @Override
    public void save() {
        tx.save();
        txDone.save();
        rx.save();
        rxDone.save();
    }

    @Override
    public void rewindTransmit() {
        tx.restore();
        txDone.restore();
    }

    @Override
    public void rewindReceive() {
        rx.restore();
        rxDone.restore();
    }
}
