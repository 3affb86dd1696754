package dev.npa.plugin.broadcom.channel;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.support.Fields;

/** The bulletin board, which the PF driver writes whenever it likes: its checksum tells a whole one. §9.7 */
public final class Bulletin {

    /** Bytes of the window. */
    public static final int BYTES = 512;

    private static final int POLYNOMIAL = 0xEDB8_8320;
    private static final int LENGTH = 6;
    private static final int VALID = 8;
    private static final int CHANNEL_DOWN = 1 << 2;
    private static final int SHORTEST = 32;
    private static final int TRIES = 5;

    private final DmaMemory board;
    private boolean channelDown;

    /** A board that says nothing yet. */
    public Bulletin(DmaMemory board) {
        this.board = board;
    }

    public long address() {
        return board.address();
    }

    /** Whether the last whole bulletin said that the PF driver serves the channel no more. */
    public boolean isChannelDown() {
        for (int i = 0; i < TRIES; i++) {
            int crc = board.getIntAcquire(0);
            int length = Fields.u16(board, LENGTH);
            int valid = board.getInt(VALID);
            if (length >= SHORTEST && length <= BYTES && crc == crc(board, 4, length)) {
                channelDown = (valid & CHANNEL_DOWN) != 0;
                break;
            }
        }
        return channelDown;
    }

    /** Reflected CRC-32 that begins with 0 and ends without inversion, over bytes {@code [from, to)}. */
    static int crc(DmaMemory memory, int from, int to) {
        int crc = 0;
        for (int i = from; i < to; i++) {
            crc ^= Fields.u8(memory, i);
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ POLYNOMIAL & -(crc & 1);
            }
        }
        return crc;
    }
}
