package dev.npa.sim.jar;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Reads a jar of which there can be only one reading. A ZIP can be read from its front (as streams do) or from the
 * directory at its end (as files do), and a crafted one says different things to the two: a checker that reads one way
 * and a loader that reads the other could be made to see different classes. Here both ways must agree: local headers
 * and directory list the same entries in the same order without a byte between, before or after them, and no name
 * twice.
 */
public final class JarReader {

    /** Most bytes that a jar may have when it is unpacked. */
    static final int MAX_UNPACKED = 64 << 20;
    /** Most entries that a jar may have. */
    static final int MAX_ENTRIES = 10_000;

    private static final int END = 22;
    private static final int CENTRAL = 46;
    private static final int LOCAL = 30;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int ENCRYPTED = 1;
    private static final int SIZES_BEHIND_DATA = 8;

    private final ByteBuffer zip;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private int unpacked;

    private JarReader(byte[] bytes) {
        zip = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Unpacks a jar.
     *
     * @return contents by name, in the jar's order; directories are empty and end in a slash
     * @throws ZipException if it is damaged or can be read in two ways; one sentence
     */
    public static Map<String, byte[]> read(byte[] bytes) throws ZipException {
        try {
            JarReader reader = new JarReader(bytes);
            reader.readAll();
            return reader.entries;
        } catch (IndexOutOfBoundsException e) {
            throw new ZipException("not a jar: a header points outside the file");
        }
    }

    private void readAll() throws ZipException {
        int end = zip.capacity() - END;
        if (end < 0 || zip.getInt(end) != 0x0605_4B50 || zip.getShort(end + 20) != 0) {
            throw new ZipException("not a jar: there is no zip end record at its very end");
        }
        int count = u16(end + 10);
        int directory = zip.getInt(end + 16);
        if (zip.getInt(end + 4) != 0 || u16(end + 8) != count || directory < 0
                || directory + (long) zip.getInt(end + 12) != end) {
            throw new ZipException("ambiguous jar: its directory does not end where the end record begins");
        }
        if (count > MAX_ENTRIES) {
            throw new ZipException("the jar has " + count + " entries; it may have " + MAX_ENTRIES);
        }
        int header = directory;
        int expected = 0;
        for (int i = 0; i < count; i++) {
            if (zip.getInt(header) != 0x0201_4B50) {
                throw new ZipException("damaged jar: directory entry " + i + " has no signature");
            }
            int next = header + CENTRAL + u16(header + 28) + u16(header + 30) + u16(header + 32);
            int limit = i + 1 < count ? zip.getInt(next + 42) : directory;
            if (zip.getInt(header + 42) != expected) {
                throw new ZipException("ambiguous jar: there are bytes outside its entries before " + name(header, 46));
            }
            readEntry(header, expected, limit);
            expected = limit;
            header = next;
        }
        if (header != end || expected != directory) {
            throw new ZipException("ambiguous jar: there are bytes outside its entries");
        }
    }

    private void readEntry(int header, int local, int limit) throws ZipException {
        String name = name(header, CENTRAL);
        int flags = u16(header + 8);
        int method = u16(header + 10);
        if (zip.getInt(local) != 0x0403_4B50 || u16(local + 6) != flags || u16(local + 8) != method
                || !name.equals(name(local, LOCAL))) {
            throw new ZipException("ambiguous jar: directory and local header of " + name + " differ");
        }
        boolean behind = (flags & SIZES_BEHIND_DATA) != 0;
        if ((flags & ENCRYPTED) != 0 || method != STORED && method != DEFLATED || behind && method == STORED) {
            throw new ZipException("entry " + name + " is neither stored nor deflated in the plain");
        }
        int crc = zip.getInt(header + 16);
        int packedSize = zip.getInt(header + 20);
        int size = zip.getInt(header + 24);
        int data = local + LOCAL + u16(local + 26) + u16(local + 28);
        long gap = limit - ((long) data + packedSize);
        if (packedSize < 0 || size < 0 || (behind ? gap != 12 && gap != 16 : gap != 0)) {
            throw new ZipException("ambiguous jar: there are bytes outside its entries after " + name);
        }
        int sizes = behind ? data + packedSize + (int) gap - 12 : local + 14;
        if (zip.getInt(sizes) != crc || zip.getInt(sizes + 4) != packedSize || zip.getInt(sizes + 8) != size) {
            throw new ZipException("ambiguous jar: two sizes or checksums of " + name);
        }
        checkName(name);
        unpacked = Math.addExact(unpacked, Math.min(size, MAX_UNPACKED + 1));
        if (unpacked > MAX_UNPACKED) {
            throw new ZipException("the jar unpacks to more than " + MAX_UNPACKED + " bytes");
        }
        byte[] content = method == STORED ? stored(name, data, packedSize, size)
                : inflate(name, data, packedSize, size);
        CRC32 actual = new CRC32();
        actual.update(content);
        if ((int) actual.getValue() != crc) {
            throw new ZipException("damaged jar: checksum of " + name + " is wrong");
        }
        if (entries.put(name, content) != null) {
            throw new ZipException("ambiguous jar: it contains " + name + " twice");
        }
    }

    private static void checkName(String name) throws ZipException {
        boolean odd = name.isEmpty() || name.startsWith("/") || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0;
        if (odd || Arrays.asList(name.split("/")).contains("..")) {
            throw new ZipException("entry name '" + name + "' is not a plain relative path");
        }
    }

    private byte[] stored(String name, int data, int packedSize, int size) throws ZipException {
        if (packedSize != size) {
            throw new ZipException("ambiguous jar: stored entry " + name + " has two sizes");
        }
        byte[] content = new byte[size];
        zip.get(data, content);
        return content;
    }

    private byte[] inflate(String name, int data, int packedSize, int size) throws ZipException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(zip.array(), data, packedSize);
            // One byte more than promised, so that a longer stream shows.
            byte[] content = new byte[size + 1];
            int length = 0;
            int more;
            do {
                more = inflater.inflate(content, length, content.length - length);
                length += more;
            } while (more > 0 && !inflater.finished());
            if (!inflater.finished() || length != size || inflater.getTotalIn() != packedSize) {
                throw new ZipException("ambiguous jar: the data of " + name + " are not as long as its header says");
            }
            return Arrays.copyOf(content, size);
        } catch (DataFormatException e) {
            throw new ZipException("damaged jar: the data of " + name + " do not unpack");
        } finally {
            inflater.end();
        }
    }

    private String name(int header, int fixed) {
        int lengthAt = fixed == CENTRAL ? header + 28 : header + 26;
        byte[] bytes = new byte[u16(lengthAt)];
        zip.get(header + fixed, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private int u16(int at) {
        return Short.toUnsignedInt(zip.getShort(at));
    }
}
