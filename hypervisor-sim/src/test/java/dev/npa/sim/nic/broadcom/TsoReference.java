package dev.npa.sim.nic.broadcom;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Segmentation of a TCP frame, written from the RFCs and not from the model. */
final class TsoReference {

    private TsoReference() {
    }

    /** Segments of a frame whose checksums do not matter; the tag of a tagged frame stays in front. */
    static List<byte[]> segments(byte[] frame, int mss) {
        int l3 = (frame[12] & 0xFF) == 0x81 ? 18 : 14;
        boolean v6 = frame[l3] >> 4 == 6;
        int l4 = l3 + (v6 ? 40 : (frame[l3] & 15) * 4);
        int header = l4 + (frame[l4 + 12] >> 4 & 15) * 4;
        List<byte[]> out = new ArrayList<>();
        for (int at = header, i = 0; at < frame.length; at += mss, i++) {
            int end = Math.min(frame.length, at + mss);
            byte[] s = Arrays.copyOf(frame, header + end - at);
            System.arraycopy(frame, at, s, header, end - at);
            ByteBuffer b = ByteBuffer.wrap(s);
            b.putInt(l4 + 4, b.getInt(l4 + 4) + at - header);
            int flags = s[l4 + 13] & 0xFF;
            flags &= end == frame.length ? 0xFF : ~0x09;
            flags &= i == 0 ? 0xFF : ~0x80;
            s[l4 + 13] = (byte) flags;
            b.putShort(l4 + 16, (short) 0);
            if (v6) {
                b.putShort(l3 + 4, (short) (s.length - l3 - 40));
                int pseudo = Frames.sum(b, l3 + 8, 32, 6 + s.length - l4);
                b.putShort(l4 + 16, (short) ~Frames.sum(b, l4, s.length - l4, pseudo));
            } else {
                b.putShort(l3 + 2, (short) (s.length - l3));
                b.putShort(l3 + 4, (short) (b.getShort(l3 + 4) + i));
                b.putShort(l3 + 10, (short) 0);
                b.putShort(l3 + 10, (short) ~Frames.sum(b, l3, l4 - l3, 0));
                int pseudo = Frames.sum(b, l3 + 12, 8, 6 + s.length - l4);
                b.putShort(l4 + 16, (short) ~Frames.sum(b, l4, s.length - l4, pseudo));
            }
            out.add(s);
        }
        return out;
    }
}
