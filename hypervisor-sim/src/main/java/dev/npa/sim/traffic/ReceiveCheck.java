package dev.npa.sim.traffic;

import dev.npa.shell.PacketFlags;
import java.nio.ByteBuffer;

/**
 * Checks what a guest was told about a frame that arrived as it was sent: checksum results, kind and RSS hash. The hash
 * is Toeplitz over the addresses, or over addresses and ports. Has a Toeplitz of its own, bit by bit, shared with no
 * device. One thread.
 */
final class ReceiveCheck {

    private static final int[] KIND =
            {PacketFlags.RX_IPV4, PacketFlags.RX_IPV6, PacketFlags.RX_TCP, PacketFlags.RX_UDP, PacketFlags.RX_FRAGMENT};
    private static final String[] KIND_NAME = {"IPv4", "IPv6", "TCP", "UDP", "a fragment"};

    private final byte[] key;

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
        FrameLayout at = frame.layout;
        boolean whole = !at.fragment;
        boolean[] is = {at.ipVersion == 4, at.ipVersion == 6, whole && at.protocol == Ether.TCP,
            whole && at.protocol == Ether.UDP, at.fragment};
        for (int i = 0; i < KIND.length; i++) {
            if (said.has(KIND[i]) && !is[i]) {
                return "a frame is said to be " + KIND_NAME[i] + " and is not";
            }
        }
        return said.has(PacketFlags.RX_HASH) && key != null ? hash(frame, said.hash()) : null;
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
        int hash = 0;
        for (int bit = 0; bit < 8 * length; bit++) {
            if ((b.get(from + (bit >> 3)) >> 7 - (bit & 7) & 1) != 0) {
                hash ^= window(8 * position + bit);
            }
        }
        return hash;
    }

    private int window(int bit) {
        int at = bit >> 3;
        long five = 0;
        for (int i = 0; i < 5; i++) {
            five = five << 8 | (at + i < key.length ? key[at + i] & 0xFF : 0);
        }
        return (int) (five >>> 8 - (bit & 7));
    }
}
