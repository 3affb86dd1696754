package dev.npa.shell.runtime.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A jar, read strictly from bytes: exactly one archive, local headers and central directory agree, no gaps, no
 * duplicates, checksums right. A jar that two readers could understand differently (a second archive appended, an entry
 * that only one of the two directories lists) is refused, since what is judged has to be what the framework loads.
 */
final class ImageJar {

    private static final int LOCAL = 0x04034B50;
    private static final int CENTRAL = 0x02014B50;
    private static final int END = 0x06054B50;
    private static final int END_BYTES = 22;
    private static final int LARGEST_ENTRY = 16 << 20;
    private static final int LARGEST_JAR = 64 << 20;
    private static final int FLAG_ENCRYPTED = 1;
    private static final int FLAG_DESCRIPTOR = 1 << 3;

    private final ByteBuffer jar;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private long inflated;

    private ImageJar(byte[] bytes) {
        jar = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads a jar.
     *
     * @return contents by entry name, directories left out, in the order of the central directory
     * @throws IllegalArgumentException saying what is wrong and where
     */
    static Map<String, byte[]> read(byte[] bytes) {
        ImageJar reader = new ImageJar(bytes);
        try {
            reader.readDirectory();
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("it is truncated or its directory points outside of it");
        }
        return reader.entries;
    }

    private void readDirectory() {
        int end = jar.capacity() - END_BYTES;
        if (end < 0 || jar.getInt(0) != LOCAL) {
            throw new IllegalArgumentException("it does not begin like a jar");
        }
        if (jar.getInt(end) != END || u16(end + 20) != 0) {
            throw new IllegalArgumentException("it does not end with a jar's directory; it is truncated or has a "
                    + "comment or something else appended");
        }
        int count = u16(end + 10);
        int directory = jar.getInt(end + 16);
        if (u16(end + 4) != 0 || u16(end + 6) != 0 || u16(end + 8) != count || count == 0xFFFF
                || directory < 0 || (long) directory + (jar.getInt(end + 12) & 0xFFFF_FFFFL) != end) {
            throw new IllegalArgumentException("its directory does not lie right before its end; ZIP64, several parts "
                    + "and appended archives are not allowed");
        }
        int at = directory;
        int next = 0;
        for (int i = 0; i < count; i++) {
            next = readEntry(at, next);
            at += 46 + u16(at + 28) + u16(at + 30) + u16(at + 32);
        }
        if (at != end || next != directory) {
            throw new IllegalArgumentException("bytes between its entries and its directory belong to no entry");
        }
    }

    /** Reads the entry of a central header; returns where its data ends. */
    private int readEntry(int central, int local) {
        if (jar.getInt(central) != CENTRAL) {
            throw new IllegalArgumentException("its directory is damaged at byte " + central);
        }
        String name = name(central + 46, u16(central + 28));
        int flags = u16(central + 8);
        int method = u16(central + 10);
        int crc = jar.getInt(central + 16);
        int packed = jar.getInt(central + 20);
        int size = jar.getInt(central + 24);
        if (jar.getInt(central + 42) != local || jar.getInt(local) != LOCAL
                || !name.equals(name(local + 30, u16(local + 26))) || u16(local + 8) != method) {
            throw new IllegalArgumentException("entry '" + name + "' is not where its directory says, or differently "
                    + "named there");
        }
        if ((flags & FLAG_ENCRYPTED) != 0 || method != 0 && method != 8) {
            throw new IllegalArgumentException("entry '" + name + "' is encrypted or packed by method " + method
                    + "; only stored and deflated entries are allowed");
        }
        if (packed < 0 || size < 0 || size > LARGEST_ENTRY || (inflated += size) > LARGEST_JAR) {
            throw new IllegalArgumentException("entry '" + name + "' makes it larger than is allowed ("
                    + LARGEST_ENTRY + " bytes an entry, " + LARGEST_JAR + " in all)");
        }
        int data = local + 30 + u16(local + 26) + u16(local + 28);
        byte[] content = content(name, method, data, packed, size);
        CRC32 sum = new CRC32();
        sum.update(content);
        if ((int) sum.getValue() != crc) {
            throw new IllegalArgumentException("entry '" + name + "' has a wrong checksum");
        }
        add(name, content);
        boolean descriptor = (u16(local + 6) & FLAG_DESCRIPTOR) != 0;
        return data + packed + (descriptor ? descriptorLength(name, data + packed, crc) : 0);
    }

    private int descriptorLength(String name, int at, int crc) {
        // The signature before the checksum is optional.
        if (jar.getInt(at) == 0x08074B50 && jar.getInt(at + 4) == crc) {
            return 16;
        }
        if (jar.getInt(at) != crc) {
            throw new IllegalArgumentException("entry '" + name + "' has no data descriptor although it says so");
        }
        return 12;
    }

    private void add(String name, byte[] content) {
        if (name.isEmpty() || name.startsWith("/") || name.contains("\\") || ("/" + name + "/").contains("/../")) {
            throw new IllegalArgumentException("entry name '" + name + "' is not allowed");
        }
        if (name.endsWith("/")) {
            if (content.length != 0) {
                throw new IllegalArgumentException("directory '" + name + "' has contents");
            }
            return;
        }
        if (entries.put(name, content) != null) {
            throw new IllegalArgumentException("entry '" + name + "' stands twice in it");
        }
    }

    private byte[] content(String name, int method, int data, int packed, int size) {
        byte[] raw = new byte[packed];
        jar.get(data, raw);
        if (method == 0) {
            return raw;
        }
        byte[] content = new byte[size];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(raw);
            int got = size == 0 ? 0 : inflater.inflate(content);
            // One byte more than it should have shows data that the directory does not know of.
            if (got != size || inflater.inflate(new byte[1]) != 0 || !inflater.finished()
                    || inflater.getRemaining() != 0) {
                throw new IllegalArgumentException("entry '" + name + "' has another size than its directory says");
            }
            return content;
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("entry '" + name + "' cannot be unpacked: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }

    private String name(int at, int length) {
        byte[] utf8 = new byte[length];
        jar.get(at, utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private int u16(int at) {
        return Short.toUnsignedInt(jar.getShort(at));
    }
}
