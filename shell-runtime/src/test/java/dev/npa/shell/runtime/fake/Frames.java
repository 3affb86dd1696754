package dev.npa.shell.runtime.fake;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Packets with requests, as a network stack prepares them.
 *
 * @param frame its bytes; checksum fields hold what the requests want there
 * @param flags requests
 * @param offload transmit word
 */
public record Frames(byte[] frame, int flags, long offload) {

    /** Header lengths and requests of a packet to make. */
    public static final class Recipe {
        public boolean v4 = true;
        public boolean udp;
        public int tagsInFrame;
        public int ipOptions;
        public int tcpOptions;
        public int payload;
        public int mss;
        public int vlan = -1;
        public int padding;
        public boolean ipChecksum;
        public boolean l4Checksum;
        public int flow;
    }

    /** Makes a packet; payload and numbers are drawn from {@code random}. */
    public static Frames make(Recipe r, Random random) {
        int l2 = 14 + 4 * r.tagsInFrame;
        int l3 = (r.v4 ? 20 : 40) + r.ipOptions;
        int l4 = r.udp ? 8 : 20 + r.tcpOptions;
        ByteBuffer f = ByteBuffer.allocate(l2 + l3 + l4 + r.payload + r.padding);
        random.nextBytes(f.array());
        f.putLong(0, 0x0200_0000_0001_0200L).putInt(8, 0x0000_0002);
        for (int t = 0; t < r.tagsInFrame; t++) {
            f.putShort(12 + 4 * t, (short) 0x8100);
        }
        f.putShort(l2 - 2, (short) (r.v4 ? 0x0800 : 0x86DD));
        int protocol = r.udp ? 17 : 6;
        if (r.v4) {
            f.put(l2, (byte) (0x40 | l3 / 4)).putShort(l2 + 2, (short) (l3 + l4 + r.payload))
                    .putShort(l2 + 6, (short) 0x4000).put(l2 + 9, (byte) protocol).putShort(l2 + 10, (short) 0);
        } else {
            f.put(l2, (byte) 0x60).putShort(l2 + 4, (short) (r.ipOptions + l4 + r.payload))
                    .put(l2 + 6, (byte) (r.ipOptions > 0 ? 60 : protocol));
        }
        f.putShort(l2 + l3, (short) (1024 + r.flow)).putShort(l2 + l3 + 2, (short) 80);
        int flags = r.v4 ? PacketFlags.TX_IPV4 : PacketFlags.TX_IPV6;
        if (!r.udp) {
            f.put(l2 + l3 + 12, (byte) (l4 / 4 << 4));
        }
        if (r.mss > 0) {
            flags |= PacketFlags.TX_TSO | PacketFlags.TX_TCP_CHECKSUM | (r.v4 ? PacketFlags.TX_IP_CHECKSUM : 0);
        } else {
            flags |= r.ipChecksum && r.v4 ? PacketFlags.TX_IP_CHECKSUM : 0;
            flags |= !r.l4Checksum ? 0 : r.udp ? PacketFlags.TX_UDP_CHECKSUM : PacketFlags.TX_TCP_CHECKSUM;
        }
        if ((flags & (PacketFlags.TX_TSO | PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM)) != 0) {
            int length = r.mss > 0 ? 0 : l4 + r.payload;
            f.putShort(l2 + l3 + (r.udp ? 6 : 16),
                    (short) Reference.pseudoSum(f.array(), r.v4, l2, protocol, length));
        }
        flags |= r.vlan >= 0 ? PacketFlags.TX_VLAN : 0;
        return new Frames(f.array(), flags, PacketBurst.txOffload(l2, l3, l4, r.mss, Math.max(0, r.vlan)));
    }
}
