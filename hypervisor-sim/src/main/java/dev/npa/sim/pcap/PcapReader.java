package dev.npa.sim.pcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads capture files: classic pcap in both byte orders with microseconds or nanoseconds, and pcapng. Frames that the
 * capture cut at its snap length are left out and counted ({@link Capture#cut()}).
 */
public final class PcapReader {

    /** Longest frame that is believed: the largest snap length of common tools. */
    public static final int MAX_FRAME = 262_144;
    /** Largest file that is read into memory. */
    public static final long MAX_FILE = 1L << 30;

    private static final int MICROS = 0xA1B2_C3D4;
    private static final int NANOS = 0xA1B2_3C4D;
    private static final int MODIFIED = 0xA1B2_CD34;
    private static final int HEADER = 24;
    private static final int RECORD = 16;
    /** In the link type word: bit 26 says that bits 28..31 hold the FCS length in 16-bit units. */
    private static final int FCS_PRESENT = 1 << 26;

    private PcapReader() {}

    /**
     * Reads a file.
     *
     * @throws CaptureException if it is no usable capture; the message is one sentence for the user
     * @throws IOException if it cannot be read
     */
    public static Capture read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new CaptureException(file + ": is a directory; name a pcap or pcapng file");
        }
        long size;
        try {
            size = Files.size(file);
        } catch (NoSuchFileException e) {
            throw new CaptureException(file + ": no such file; name a pcap or pcapng file");
        }
        if (size > MAX_FILE) {
            throw new CaptureException(file + ": " + size + " bytes are more than the limit of " + MAX_FILE
                    + "; split the capture");
        }
        return read(file.toString(), Files.readAllBytes(file));
    }

    /**
     * Reads a capture from memory.
     *
     * @param name how messages call it
     */
    public static Capture read(String name, byte[] file) throws CaptureException {
        if (file.length < 4) {
            throw new CaptureException(name + ": has " + file.length
                    + " bytes; expected the magic number of a pcap or pcapng file at offset 0");
        }
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int magic = bytes.getInt(0);
        if (magic == PcapngReader.SECTION_HEADER) {
            return new PcapngReader(name, file).read();
        }
        if (magic == MICROS || magic == NANOS) {
            return classic(name, bytes, magic == NANOS);
        }
        int swapped = Integer.reverseBytes(magic);
        if (swapped == MICROS || swapped == NANOS) {
            return classic(name, bytes.order(ByteOrder.BIG_ENDIAN), swapped == NANOS);
        }
        throw new CaptureException(name + ": " + foreign(magic, swapped));
    }

    private static String foreign(int magic, int swapped) {
        if (magic == MODIFIED || swapped == MODIFIED) {
            return "is a capture in Kuznetzov's modified pcap format; convert it to pcapng";
        }
        if ((magic & 0xFFFF) == 0x8B1F) {
            return "is compressed with gzip; decompress it first";
        }
        return String.format("starts with 0x%08x; expected the magic number of a pcap file (0xa1b2c3d4 or 0xa1b23c4d in"
                + " either byte order) or of a pcapng file (0x0a0d0d0a)", swapped);
    }

    private static Capture classic(String name, ByteBuffer bytes, boolean nanoseconds) throws CaptureException {
        int size = bytes.capacity();
        if (size < HEADER) {
            throw new CaptureException(name + ": ends at offset " + size + " inside the file header; expected " + HEADER
                    + " bytes");
        }
        int major = Short.toUnsignedInt(bytes.getShort(4));
        if (major != 2) {
            throw new CaptureException(name + ": version " + major + "." + Short.toUnsignedInt(bytes.getShort(6))
                    + " at offset 4 is unknown; expected 2.4");
        }
        int link = bytes.getInt(20);
        if ((link & 0xFFFF) != LinkType.ETHERNET) {
            throw new CaptureException(LinkType.refusal(name, link & 0xFFFF));
        }
        int fcs = (link & FCS_PRESENT) != 0 ? 2 * (link >>> 28) : 0;
        FrameCollector frames = new FrameCollector(name, MAX_FRAME);
        int at = HEADER;
        while (at < size) {
            if (size - at < RECORD) {
                throw new CaptureException(name + ": ends at offset " + size + " inside the record header at offset "
                        + at + "; expected " + RECORD + " bytes");
            }
            long fraction = Integer.toUnsignedLong(bytes.getInt(at + 4));
            long nanos = Integer.toUnsignedLong(bytes.getInt(at)) * 1_000_000_000L
                    + (nanoseconds ? fraction : fraction * 1_000L);
            long length = Integer.toUnsignedLong(bytes.getInt(at + 8));
            frames.checkLength(length, at);
            if (length > size - at - RECORD) {
                throw new CaptureException(name + ": ends at offset " + size + " inside the frame of the record at"
                        + " offset " + at + "; expected " + length + " bytes, found " + (size - at - RECORD));
            }
            frames.add(nanos, bytes.array(), at + RECORD, (int) length,
                    Integer.toUnsignedLong(bytes.getInt(at + 12)), fcs);
            at += RECORD + (int) length;
        }
        return frames.finish();
    }
}
