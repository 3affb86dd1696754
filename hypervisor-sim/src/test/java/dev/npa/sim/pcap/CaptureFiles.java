package dev.npa.sim.pcap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Builds capture files byte by byte, independently of the writer. */
final class CaptureFiles {

    private final ByteBuffer out = ByteBuffer.allocate(1 << 20);

    CaptureFiles(ByteOrder order) {
        out.order(order);
    }

    static byte[] frame(int length, int seed) {
        byte[] f = new byte[length];
        for (int i = 0; i < length; i++) {
            f[i] = (byte) (i * 31 + seed);
        }
        return f;
    }

    CaptureFiles int32(int value) {
        out.putInt(value);
        return this;
    }

    CaptureFiles int16(int value) {
        out.putShort((short) value);
        return this;
    }

    CaptureFiles raw(byte... bytes) {
        out.put(bytes);
        return this;
    }

    CaptureFiles pcapHeader(int magic, int link) {
        return int32(magic).int16(2).int16(4).int32(0).int32(0).int32(65535).int32(link);
    }

    CaptureFiles pcapRecord(int seconds, int fraction, int original, byte[] frame) {
        return int32(seconds).int32(fraction).int32(frame.length).int32(original).raw(frame);
    }

    /** A pcapng block around a body, which is padded. */
    CaptureFiles block(int type, byte[] body) {
        int padded = body.length + 3 & ~3;
        return int32(type).int32(12 + padded).raw(Arrays.copyOf(body, padded)).int32(12 + padded);
    }

    CaptureFiles section() {
        return block(0x0A0D0D0A, sub().int32(0x1A2B3C4D).int16(1).int16(0).int32(-1).int32(-1).bytes());
    }

    CaptureFiles interfaceDescription(int link, int snap, byte... options) {
        return block(1, sub().int16(link).int16(0).int32(snap).raw(options).bytes());
    }

    CaptureFiles enhanced(int id, long stamp, int original, byte[] frame) {
        return block(6, sub().int32(id).int32((int) (stamp >>> 32)).int32((int) stamp).int32(frame.length)
                .int32(original).raw(frame).bytes());
    }

    /** An empty builder of the same byte order, for bodies and options. */
    CaptureFiles sub() {
        return new CaptureFiles(out.order());
    }

    byte[] bytes() {
        return Arrays.copyOf(out.array(), out.position());
    }
}
