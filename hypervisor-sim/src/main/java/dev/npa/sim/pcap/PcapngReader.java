package dev.npa.sim.pcap;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads pcapng: any number of sections in either byte order; blocks that carry no frames are stepped over. */
final class PcapngReader {

    static final int SECTION_HEADER = 0x0A0D_0D0A;
    static final int BYTE_ORDER_MAGIC = 0x1A2B_3C4D;
    static final int INTERFACE_DESCRIPTION = 1;
    static final int OBSOLETE_PACKET = 2;
    static final int SIMPLE_PACKET = 3;
    static final int ENHANCED_PACKET = 6;

    static final int OPTION_END = 0;
    static final int OPTION_IF_TSRESOL = 9;
    static final int OPTION_IF_FCSLEN = 13;
    static final int OPTION_IF_TSOFFSET = 14;

    private static final int MIN_BLOCK = 12;
    private static final BigInteger BILLION = BigInteger.valueOf(1_000_000_000L);

    /** One interface of a section. {@code resolution} is the if_tsresol byte: bit 7 = power of 2, else of 10. */
    private record Interface(int linkType, long snapLength, int resolution, long offsetSeconds, int fcs) {}

    private final String name;
    private final byte[] file;
    private final ByteBuffer bytes;
    private final FrameCollector frames;
    private final List<Interface> interfaces = new ArrayList<>();
    private long lastNanos;

    PcapngReader(String name, byte[] file) {
        this.name = name;
        this.file = file;
        this.bytes = ByteBuffer.wrap(file);
        this.frames = new FrameCollector(name, PcapReader.MAX_FRAME);
    }

    Capture read() throws CaptureException {
        int at = 0;
        while (at < file.length) {
            if (file.length - at < MIN_BLOCK) {
                throw new CaptureException(name + ": ends at offset " + file.length + " inside the block at offset "
                        + at + "; expected at least " + MIN_BLOCK + " bytes");
            }
            // The type of a section header reads the same in both byte orders; its own magic sets the order.
            if (bytes.getInt(at) == SECTION_HEADER) {
                section(at);
            }
            int type = bytes.getInt(at);
            int end = at + length(at);
            block(type, at + 8, end - 4);
            at = end;
        }
        return frames.finish();
    }

    private void section(int at) throws CaptureException {
        bytes.order(ByteOrder.BIG_ENDIAN);
        int magic = bytes.getInt(at + 8);
        if (magic == Integer.reverseBytes(BYTE_ORDER_MAGIC)) {
            bytes.order(ByteOrder.LITTLE_ENDIAN);
        } else if (magic != BYTE_ORDER_MAGIC) {
            throw new CaptureException(String.format("%s: 0x%08x at offset %d; expected the byte-order magic 0x1a2b3c4d"
                    + " of a section header", name, magic, at + 8));
        }
        interfaces.clear();
    }

    private int length(int at) throws CaptureException {
        long length = Integer.toUnsignedLong(bytes.getInt(at + 4));
        if (length < MIN_BLOCK || (length & 3) != 0) {
            throw new CaptureException(name + ": block at offset " + at + " has length " + length
                    + "; expected a multiple of 4 of at least " + MIN_BLOCK);
        }
        if (length > file.length - at) {
            throw new CaptureException(name + ": ends at offset " + file.length + " inside the block at offset " + at
                    + "; expected " + length + " bytes, found " + (file.length - at));
        }
        long again = Integer.toUnsignedLong(bytes.getInt(at + (int) length - 4));
        if (again != length) {
            throw new CaptureException(name + ": block at offset " + at + " has length " + length
                    + " but ends with length " + again + "; both must be the same");
        }
        return (int) length;
    }

    private void block(int type, int body, int end) throws CaptureException {
        switch (type) {
            case SECTION_HEADER -> {
                need(body, end, 16, "section header");
                int major = Short.toUnsignedInt(bytes.getShort(body + 4));
                if (major != 1) {
                    throw new CaptureException(name + ": pcapng version " + major + " at offset " + (body + 4)
                            + " is unknown; expected 1");
                }
            }
            case INTERFACE_DESCRIPTION -> describeInterface(body, end);
            case ENHANCED_PACKET -> {
                need(body, end, 20, "enhanced packet");
                packet(body, end, Integer.toUnsignedLong(bytes.getInt(body)));
            }
            case OBSOLETE_PACKET -> {
                need(body, end, 20, "packet");
                packet(body, end, Short.toUnsignedLong(bytes.getShort(body)));
            }
            case SIMPLE_PACKET -> simplePacket(body, end);
            default -> {
                // Name resolution, statistics, custom and unknown blocks carry no frames.
            }
        }
    }

    private void describeInterface(int body, int end) throws CaptureException {
        need(body, end, 8, "interface description");
        int resolution = 6;
        long offsetSeconds = 0;
        int fcs = 0;
        int at = body + 8;
        while (end - at >= 4) {
            int code = Short.toUnsignedInt(bytes.getShort(at));
            int length = Short.toUnsignedInt(bytes.getShort(at + 2));
            if (code == OPTION_END) {
                break;
            }
            if (length > end - at - 4) {
                throw new CaptureException(name + ": option " + code + " at offset " + at + " has length " + length
                        + "; its block has " + (end - at - 4) + " bytes left");
            }
            if (code == OPTION_IF_TSRESOL && length == 1) {
                resolution = bytes.get(at + 4) & 0xFF;
                checkResolution(resolution, at);
            } else if (code == OPTION_IF_TSOFFSET && length == 8) {
                offsetSeconds = bytes.getLong(at + 4);
            } else if (code == OPTION_IF_FCSLEN && length == 1) {
                fcs = bytes.get(at + 4) & 0xFF;
            }
            at += 4 + (length + 3 & ~3);
        }
        interfaces.add(new Interface(Short.toUnsignedInt(bytes.getShort(body)),
                Integer.toUnsignedLong(bytes.getInt(body + 4)), resolution, offsetSeconds, fcs));
    }

    private void checkResolution(int resolution, int at) throws CaptureException {
        int exponent = resolution & 0x7F;
        if (exponent > ((resolution & 0x80) != 0 ? 63 : 19)) {
            throw new CaptureException(name + ": if_tsresol " + resolution + " at offset " + at
                    + " is finer than 64-bit time stamps can hold");
        }
    }

    private void packet(int body, int end, long interfaceId) throws CaptureException {
        Interface source = source(interfaceId, body);
        long stamp = Integer.toUnsignedLong(bytes.getInt(body + 4)) << 32
                | Integer.toUnsignedLong(bytes.getInt(body + 8));
        long captured = Integer.toUnsignedLong(bytes.getInt(body + 12));
        frames.checkLength(captured, body - 8);
        if (captured > end - body - 20) {
            throw new CaptureException(name + ": packet block at offset " + (body - 8) + " claims a frame of "
                    + captured + " bytes; it has room for " + (end - body - 20));
        }
        lastNanos = nanos(stamp, source);
        frames.add(lastNanos, file, body + 20, (int) captured, Integer.toUnsignedLong(bytes.getInt(body + 16)),
                source.fcs);
    }

    private void simplePacket(int body, int end) throws CaptureException {
        need(body, end, 4, "simple packet");
        Interface source = source(0, body);
        long original = Integer.toUnsignedLong(bytes.getInt(body));
        long captured = source.snapLength == 0 ? original : Math.min(original, source.snapLength);
        frames.checkLength(captured, body - 8);
        if (captured > end - body - 4) {
            throw new CaptureException(name + ": packet block at offset " + (body - 8) + " claims a frame of "
                    + captured + " bytes; it has room for " + (end - body - 4));
        }
        // Simple packets carry no time: they happened when the packet before them did.
        frames.add(lastNanos, file, body + 4, (int) captured, original, source.fcs);
    }

    private Interface source(long id, int body) throws CaptureException {
        if (id >= interfaces.size()) {
            throw new CaptureException(name + ": packet block at offset " + (body - 8) + " names interface " + id
                    + "; the section describes " + interfaces.size());
        }
        Interface source = interfaces.get((int) id);
        if (source.linkType != LinkType.ETHERNET) {
            throw new CaptureException(LinkType.refusal(name + ": interface " + id, source.linkType));
        }
        return source;
    }

    private static long nanos(long stamp, Interface source) {
        int exponent = source.resolution & 0x7F;
        BigInteger units = new BigInteger(Long.toUnsignedString(stamp)).multiply(BILLION);
        BigInteger perSecond = (source.resolution & 0x80) != 0
                ? BigInteger.ONE.shiftLeft(exponent) : BigInteger.TEN.pow(exponent);
        // longValue wraps for times that no clock has; such a file replays with odd gaps but does no harm.
        return units.divide(perSecond).longValue() + source.offsetSeconds * 1_000_000_000L;
    }

    private void need(int body, int end, int length, String what) throws CaptureException {
        if (end - body < length) {
            throw new CaptureException(name + ": " + what + " block at offset " + (body - 8) + " has a body of "
                    + (end - body) + " bytes; expected at least " + length);
        }
    }
}
