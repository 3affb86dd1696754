package dev.npa.sim.nic.intel;

import dev.npa.hw.MacAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A packet for segmentation as a driver leaves it in memory, and the frames that must come of it, built field by field
 * by this test's own arithmetic.
 *
 * @param extra bytes of IPv4 options or IPv6 extension headers; a multiple of 4, or of 8 for IPv6
 * @param options bytes of TCP options, a multiple of 4
 * @param flags flags byte of TCP: CWR 0x80 .. FIN 1
 * @param inner tag that is in the packet already, or -1
 * @param vlan tag that the device inserts, or -1
 */
public record TsoShape(boolean v6, boolean tcp, int extra, int options, int payload, int mss, int flags, int id,
        int sequence, int inner, int vlan) {

    private static final int CWR = 0x80;
    private static final int PSH_FIN = 0x09;

    public int maclen() {
        return inner < 0 ? 14 : 18;
    }

    public int iplen() {
        return (v6 ? 40 : 20) + extra;
    }

    public int l4len() {
        return tcp ? 20 + options : 8;
    }

    public int header() {
        return maclen() + iplen() + l4len();
    }

    private static byte payloadAt(int i) {
        return (byte) (i * 31 + (i >> 8));
    }

    /** What the driver posts: lengths zero, the pseudo-header's sum without length in the checksum field. */
    public byte[] posted() {
        byte[] packet = frame(0, payload, flags, 0, -1, false);
        ByteBuffer b = ByteBuffer.wrap(packet);
        int l3 = maclen();
        b.putShort(l3 + (v6 ? 4 : 2), (short) 0);
        if (!v6) {
            b.putShort(l3 + 10, (short) 0);
        }
        int l4 = l3 + iplen();
        if (!tcp) {
            b.putShort(l4 + 4, (short) 0);
        }
        b.putShort(l4 + (tcp ? 16 : 6), (short) addressSum(b, l3, tcp ? 6 : 17));
        return packet;
    }

    private int addressSum(ByteBuffer b, int l3, int start) {
        return Frames.sum(b, l3 + (v6 ? 8 : 12), v6 ? 32 : 8, start);
    }

    /**
     * The frames on the wire, padded to 60.
     *
     * @param cwrInMiddle whether the chip leaves CWR in the segments between the first and the last
     */
    public List<byte[]> expected(boolean cwrInMiddle) {
        List<byte[]> frames = new ArrayList<>();
        int count = (payload + mss - 1) / mss;
        for (int i = 0; i < count; i++) {
            int of = flags;
            if (i > 0 && (i == count - 1 || !cwrInMiddle)) {
                of &= ~CWR;
            }
            if (i < count - 1) {
                of &= ~PSH_FIN;
            }
            int bytes = Math.min(mss, payload - i * mss);
            byte[] frame = frame(i * mss, bytes, of, i, vlan, true);
            frames.add(frame.length < 60 ? Arrays.copyOf(frame, 60) : frame);
        }
        return frames;
    }

    private byte[] frame(int from, int bytes, int tcpFlags, int index, int tag, boolean sums) {
        ByteBuffer b = ByteBuffer.allocate(header() + bytes + (tag < 0 ? 0 : 4));
        for (String text : new String[] {Frames.FAR, Frames.A}) {
            MacAddress mac = MacAddress.parse(text);
            for (int i = 0; i < 6; i++) {
                b.put(mac.octet(i));
            }
        }
        if (tag >= 0) {
            b.putShort((short) 0x8100).putShort((short) tag);
        }
        if (inner >= 0) {
            b.putShort((short) 0x8100).putShort((short) inner);
        }
        b.putShort((short) (v6 ? 0x86DD : 0x0800));
        int l3 = b.position();
        if (v6) {
            ipv6(b, bytes);
        } else {
            ipv4(b, bytes, index);
        }
        int l4 = b.position();
        b.putShort((short) 4000).putShort((short) 5000);
        if (tcp) {
            b.putInt(sequence + from).putInt(0x0A0B0C0D).put((byte) (l4len() / 4 << 4)).put((byte) tcpFlags)
                    .putShort((short) 0x7210).putShort((short) 0).putShort((short) 0);
            for (int i = 0; i < options; i++) {
                b.put((byte) 1);
            }
        } else {
            b.putShort((short) (8 + bytes)).putShort((short) 0);
        }
        for (int i = 0; i < bytes; i++) {
            b.put(payloadAt(from + i));
        }
        if (sums) {
            sums(b, l3, l4, l4len() + bytes);
        }
        return b.array();
    }

    private void sums(ByteBuffer b, int l3, int l4, int length) {
        if (!v6) {
            b.putShort(l3 + 10, (short) ~Frames.sum(b, l3, iplen(), 0));
        }
        int sum = ~Frames.sum(b, l4, length, addressSum(b, l3, (tcp ? 6 : 17) + length)) & 0xFFFF;
        b.putShort(l4 + (tcp ? 16 : 6), (short) (sum == 0 && !tcp ? 0xFFFF : sum));
    }

    private void ipv4(ByteBuffer b, int bytes, int index) {
        b.put((byte) (0x40 | iplen() / 4)).put((byte) 0x02).putShort((short) (iplen() + l4len() + bytes))
                .putShort((short) (id + index)).putShort((short) 0x4000).put((byte) 63).put((byte) (tcp ? 6 : 17))
                .putShort((short) 0).putInt(0xC0A80117).putInt(0xC0A80218);
        for (int i = 0; i < extra; i++) {
            b.put((byte) 1);
        }
    }

    /** Extension headers: destination options filled with one padding option. */
    private void ipv6(ByteBuffer b, int bytes) {
        int next = tcp ? 6 : 17;
        b.putInt(0x6002_0304).putShort((short) (extra + l4len() + bytes)).put((byte) (extra > 0 ? 60 : next))
                .put((byte) 63);
        for (int i = 0; i < 32; i++) {
            b.put((byte) (0x11 * (i % 15)));
        }
        if (extra > 0) {
            b.put((byte) next).put((byte) (extra / 8 - 1)).put((byte) 1).put((byte) (extra - 4));
            for (int i = 4; i < extra; i++) {
                b.put((byte) 0);
            }
        }
    }
}
