package dev.npa.sim.traffic;

import dev.npa.shell.PacketFlags;
import java.nio.ByteBuffer;

/**
 * Checks what a guest was told about a frame that arrived as it was sent: checksum results, kind and RSS hash. The hash
 * is Toeplitz over the addresses, or over addresses and ports. Has a Toeplitz of its own, shared with no device:
 * a table of half bytes that is made bit by bit from the definition. One thread.
 */
final class ReceiveCheck {

    /** Longest input of the hash: two IPv6 addresses and two ports. */
    private static final int LONGEST_INPUT = 36;

    private final byte[] key;
    /** What a half byte adds to the hash, by its position in the input and its value; made when first needed. */
    private int[] halves;

    /** @param key RSS key of 40 bytes; null = hashes are not checked */
    ReceiveCheck(byte[] key) {
        this.key = key;
    }

    /** One sentence about the first thing said that is not so; null if all is well. */
    String wrong(FrameIdentity frame, ChannelRecord said, boolean merged) {
        if (said.flags() == 0) {
            return null;
        }
        String checksum = checksums(frame, said, merged);
        if (checksum != null) {
            return checksum;
        }
        String kind = kind(frame.layout, said.flags());
        if (kind != null) {
            return "a frame is said to be " + kind + " and is not";
        }
        return said.has(PacketFlags.RX_HASH) && key != null ? hash(frame, said.hash()) : null;
    }

    /** The first kind that it is said to be and is not; null if there is none. */
    private static String kind(FrameLayout at, int said) {
        if (at.ipVersion != 4 && (said & PacketFlags.RX_IPV4) != 0) {
            return "IPv4";
        }
        if (at.ipVersion != 6 && (said & PacketFlags.RX_IPV6) != 0) {
            return "IPv6";
        }
        if ((at.fragment || at.protocol != Ether.TCP) && (said & PacketFlags.RX_TCP) != 0) {
            return "TCP";
        }
        if ((at.fragment || at.protocol != Ether.UDP) && (said & PacketFlags.RX_UDP) != 0) {
            return "UDP";
        }
        return !at.fragment && (said & PacketFlags.RX_FRAGMENT) != 0 ? "a fragment" : null;
    }

    private static String checksums(FrameIdentity frame, ChannelRecord said, boolean merged) {
        boolean bad = said.has(PacketFlags.RX_IP_BAD) || said.has(PacketFlags.RX_L4_BAD);
        boolean good = said.has(PacketFlags.RX_L4_GOOD) && !merged;
        if (!bad && !good) {
            return null;
        }
        String wrong = merged ? null : OnesSum.wrong(frame.buffer, frame.layout);
        if (bad && wrong == null) {
            return "a frame with right checksums is reported as having a wrong one";
        }
        return good && wrong != null ? "a frame is reported with a right checksum, but " + wrong : null;
    }

    private String hash(FrameIdentity frame, int said) {
        FrameLayout at = frame.layout;
        if (at.ipVersion == 0) {
            return "a frame that is not IP has an RSS hash";
        }
        boolean v4 = at.ipVersion == 4;
        int addresses = at.network + (v4 ? Ether.IPV4_SOURCE : Ether.IPV6_SOURCE);
        int length = v4 ? 8 : 32;
        int plain = toeplitz(frame.buffer, addresses, length, 0);
        boolean ports = !at.fragment && (at.protocol == Ether.TCP || at.protocol == Ether.UDP);
        int full = ports ? plain ^ toeplitz(frame.buffer, at.transport, 4, length) : plain;
        return said == full || said == plain ? null : "a frame has RSS hash 0x" + Integer.toHexString(said)
                + ", it must be 0x" + Integer.toHexString(full) + (ports ? " (with ports) or 0x"
                + Integer.toHexString(plain) : "");
    }

    /** Hash of {@code length} bytes that stand at byte {@code position} of the hash's input. */
    private int toeplitz(ByteBuffer b, int from, int length, int position) {
        if (halves == null) {
            halves = halves();
        }
        int hash = 0;
        for (int i = 0; i < length; i++) {
            int octet = b.get(from + i);
            int at = 32 * (position + i);
            hash ^= halves[at + (octet >> 4 & 0xF)] ^ halves[at + 16 + (octet & 0xF)];
        }
        return hash;
    }

    private int[] halves() {
        int[] table = new int[2 * 16 * LONGEST_INPUT];
        for (int i = 0; i < table.length; i++) {
            for (int bit = 0; bit < 4; bit++) {
                if ((i >> 3 - bit & 1) != 0) {
                    table[i] ^= window(4 * (i >> 4) + bit);
                }
            }
        }
        return table;
    }

    /** The 32 bits of the key from a bit of the input on. */
    private int window(int bit) {
        int at = bit >> 3;
        long five = 0;
        for (int i = 0; i < 5; i++) {
            five = five << 8 | (at + i < key.length ? key[at + i] & 0xFF : 0);
        }
        return (int) (five >>> 8 - (bit & 7));
    }
}
