package dev.npa.sim.contract;

import dev.npa.hw.MacAddress;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A TCP or UDP packet: as it is on the wire, as a stack hands it to a plugin that shall finish it, and the segments
 * that must come of it. Written from the RFCs; shares no code with models or plugins.
 *
 * @param extra bytes of IPv4 options, a multiple of 4, or of an IPv6 extension header, a multiple of 8
 * @param options bytes of TCP options, a multiple of 4
 * @param inner tag inside the frame, or -1
 * @param flags TCP's flags byte
 * @param patch what the first two bytes of payload are, or -1
 */
record Shape(MacAddress from, MacAddress to, boolean v6, boolean udp, int extra, int options, int payload, int inner,
        int flags, int id, int sequence, int source, int target, int patch, long seed) {

    static final int FIN = 1;
    static final int PSH = 8;
    static final int ACK = 0x10;
    static final int CWR = 0x80;

    static Shape tcp(MacAddress from, MacAddress to, int payload) {
        return new Shape(from, to, false, false, 0, 0, payload, -1, ACK, 7, 1000, 4000, 80, -1, payload);
    }

    static Shape udp(MacAddress from, MacAddress to, int payload) {
        return new Shape(from, to, false, true, 0, 0, payload, -1, 0, 7, 0, 4000, 53, -1, payload);
    }

    /** Anything of at most {@code most} bytes of payload. */
    static Shape any(Random random, MacAddress from, MacAddress to, int most) {
        boolean v6 = random.nextBoolean();
        boolean udp = random.nextBoolean();
        int extra = random.nextInt(3) > 0 ? 0 : v6 ? 8 * (1 + random.nextInt(4)) : 4 * (1 + random.nextInt(10));
        return new Shape(from, to, v6, udp, extra, udp ? 0 : 4 * random.nextInt(11), random.nextInt(most + 1),
                random.nextInt(4) > 0 ? -1 : tag(random),
                random.nextInt(0x100) & ~0x07 | ACK, random.nextInt(0x10000), random.nextInt(),
                1 + random.nextInt(65535),
                1 + random.nextInt(65535), -1, random.nextLong());
    }

    /** A tag of a VLAN that guests use, with any PCP and DEI. */
    static int tag(Random random) {
        int[] vlans = Setup.VLANS.stream().sorted().mapToInt(Integer::intValue).toArray();
        return vlans[random.nextInt(vlans.length)] | random.nextInt(16) << 12;
    }

    Shape v6(boolean six) {
        return new Shape(from, to, six, udp, extra, options, payload, inner, flags, id, sequence, source, target, patch,
                seed);
    }

    Shape flags(int tcp) {
        return new Shape(from, to, v6, udp, extra, options, payload, inner, tcp, id, sequence, source, target, patch,
                seed);
    }

    Shape sequence(int number) {
        return new Shape(from, to, v6, udp, extra, options, payload, inner, flags, id, number, source, target, patch,
                seed);
    }

    Shape ports(int src, int dst) {
        return new Shape(from, to, v6, udp, extra, options, payload, inner, flags, id, sequence, src, dst, patch, seed);
    }

    Shape extra(int bytes) {
        return new Shape(from, to, v6, udp, bytes, options, payload, inner, flags, id, sequence, source, target, patch,
                seed);
    }

    Shape options(int bytes) {
        return new Shape(from, to, v6, udp, extra, bytes, payload, inner, flags, id, sequence, source, target, patch,
                seed);
    }

    Shape inner(int tag) {
        return new Shape(from, to, v6, udp, extra, options, payload, tag, flags, id, sequence, source, target, patch,
                seed);
    }

    Shape patch(int word) {
        return new Shape(from, to, v6, udp, extra, options, payload, inner, flags, id, sequence, source, target, word,
                seed);
    }

    int l2() {
        return inner < 0 ? 14 : 18;
    }

    int l3() {
        return (v6 ? 40 : 20) + extra;
    }

    int l4() {
        return udp ? 8 : 20 + options;
    }

    int headers() {
        return l2() + l3() + l4();
    }

    int checksumAt() {
        return l2() + l3() + (udp ? 6 : 16);
    }

    int ipFlag() {
        return v6 ? PacketFlags.TX_IPV6 : PacketFlags.TX_IPV4;
    }

    int l4Flag() {
        return udp ? PacketFlags.TX_UDP_CHECKSUM : PacketFlags.TX_TCP_CHECKSUM;
    }

    long offload(int mss, int vlan) {
        return PacketBurst.txOffload(l2(), l3(), l4(), mss, vlan);
    }

    /** Complete, all checksums right; not padded. */
    byte[] frame() {
        return frame(0, payload, flags, 0);
    }

    /** With the fields open that a request fills in. */
    byte[] request(int requests) {
        byte[] frame = frame();
        ByteBuffer b = ByteBuffer.wrap(frame);
        boolean tso = (requests & PacketFlags.TX_TSO) != 0;
        if (!v6 && (tso || (requests & PacketFlags.TX_IP_CHECKSUM) != 0)) {
            b.putShort(l2() + 10, (short) 0);
        }
        if (tso || (requests & l4Flag()) != 0) {
            b.putShort(checksumAt(), (short) pseudo(b, tso ? 0 : l4() + payload));
        }
        if (tso) {
            b.putShort(l2() + (v6 ? 4 : 2), (short) seed);
        }
        return frame;
    }

    /** What segmentation must make of it. */
    List<byte[]> segments(int mss) {
        List<byte[]> all = new ArrayList<>();
        for (int at = 0, i = 0; at < payload; at += mss, i++) {
            boolean last = at + mss >= payload;
            int of = flags & (last ? 0xFF : ~(FIN | PSH)) & (i == 0 ? 0xFF : ~CWR);
            all.add(frame(at, Math.min(mss, payload - at), of, i));
        }
        return all;
    }

    private byte[] data() {
        byte[] data = new byte[payload];
        new Random(seed).nextBytes(data);
        if (patch >= 0 && payload >= 2) {
            data[0] = (byte) (patch >> 8);
            data[1] = (byte) patch;
        }
        return data;
    }

    private byte[] frame(int at, int length, int tcpFlags, int index) {
        ByteBuffer b = ByteBuffer.allocate(headers() + length);
        for (MacAddress mac : List.of(to, from)) {
            for (int i = 0; i < 6; i++) {
                b.put(mac.octet(i));
            }
        }
        if (inner >= 0) {
            b.putShort((short) 0x8100).putShort((short) inner);
        }
        b.putShort((short) (v6 ? 0x86DD : 0x0800));
        int protocol = udp ? 17 : 6;
        if (v6) {
            b.putInt(0x60012345).putShort((short) (extra + l4() + length))
                    .put((byte) (extra > 0 ? 60 : protocol)).put((byte) 64);
            b.putLong(0x2001_0DB8_0000_0001L).putLong(from.value()).putLong(0x2001_0DB8_0000_0001L).putLong(to.value());
            if (extra > 0) { // destination options: PadN over all
                b.put((byte) protocol).put((byte) (extra / 8 - 1)).put((byte) 1).put((byte) (extra - 4))
                        .put(new byte[extra - 4]);
            }
        } else {
            b.put((byte) (0x40 | l3() / 4)).put((byte) 0x08).putShort((short) (l3() + l4() + length))
                    .putShort((short) (id + index)).putShort((short) 0x4000).put((byte) 64).put((byte) protocol)
                    .putShort((short) 0).putInt(0x0A000000 | (int) from.value() & 0xFFFF)
                    .putInt(0x0A000000 | (int) to.value() & 0xFFFF);
            for (int i = 0; i < extra; i++) {
                b.put((byte) 1);
            }
            b.putShort(l2() + 10, (short) ~sum(b, l2(), l3(), 0));
        }
        b.putShort((short) source).putShort((short) target);
        if (udp) {
            b.putShort((short) (8 + length)).putShort((short) 0);
        } else {
            b.putInt(sequence + at).putInt(0x01020304).put((byte) (l4() / 4 << 4)).put((byte) tcpFlags)
                    .putShort((short) 500).putShort((short) 0).putShort((short) 0);
            for (int i = 0; i < options; i++) {
                b.put((byte) 1);
            }
        }
        b.put(data(), at, length);
        int sum = ~sum(b, l2() + l3(), l4() + length, pseudo(b, l4() + length)) & 0xFFFF;
        b.putShort(checksumAt(), (short) (udp && sum == 0 ? 0xFFFF : sum));
        return b.array();
    }

    private int pseudo(ByteBuffer b, int length) {
        return sum(b, l2() + (v6 ? 8 : 12), v6 ? 32 : 8, (udp ? 17 : 6) + length);
    }

    private static int sum(ByteBuffer b, int at, int length, int start) {
        long sum = start;
        for (int i = 0; i < length; i++) {
            sum += (long) (b.get(at + i) & 0xFF) << ((i & 1) == 0 ? 8 : 0);
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return (int) sum;
    }

    /** An untagged IPv4 or IPv6 frame without options, from and to other addresses, with right checksums. */
    static byte[] readdressed(byte[] frame, byte[] src, byte[] dst) {
        ByteBuffer b = ByteBuffer.wrap(frame.clone());
        boolean v6 = src.length == 16;
        int at = v6 ? 22 : 26;
        b.put(at, src).put(at + src.length, dst);
        int l4 = v6 ? 54 : 34;
        boolean udp = b.get(v6 ? 20 : 23) == 17;
        if (!v6) {
            b.putShort(24, (short) 0).putShort(24, (short) ~sum(b, 14, 20, 0));
        }
        int field = l4 + (udp ? 6 : 16);
        b.putShort(field, (short) 0);
        int pseudo = sum(b, at, 2 * src.length, (udp ? 17 : 6) + frame.length - l4);
        return b.putShort(field, (short) ~sum(b, l4, frame.length - l4, pseudo)).array();
    }

    /** A frame with a tag behind its addresses. */
    static byte[] tagged(byte[] frame, int tci) {
        ByteBuffer b = ByteBuffer.allocate(frame.length + 4);
        b.put(frame, 0, 12).putShort((short) 0x8100).putShort((short) tci).put(frame, 12, frame.length - 12);
        return b.array();
    }
}
