package dev.npa.sim.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The entries of a zip file in memory, read strictly.
 *
 * <p>Two readers that disagree about what a jar contains are how checks are bypassed (one follows the central
 * directory, the other the local headers; one takes the first of two entries of a name, the other the last). Here both
 * directories must tell the same, names are unique, nothing precedes the first entry, and the contents match their
 * checksums.
 */
final class ZipContent {

    /** Largest sum of uncompressed sizes. */
    static final int MAX_BYTES = 64 << 20;
    /** Most entries. */
    static final int MAX_ENTRIES = 10_000;

    private static final int END_MAGIC = 0x06054B50;
    private static final int CENTRAL_MAGIC = 0x02014B50;
    private static final int LOCAL_MAGIC = 0x04034B50;
    private static final int END_SIZE = 22;
    private static final int CENTRAL_SIZE = 46;
    private static final int LOCAL_SIZE = 30;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int FLAG_ENCRYPTED = 1;

    private final ByteBuffer file;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private long total;

    private ZipContent(byte[] bytes) {
        file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads all entries.
     *
     * @throws ImageRefusal if the file is not a zip file or not a well-formed one
     */
    static ZipContent read(byte[] bytes) throws ImageRefusal {
        ZipContent content = new ZipContent(bytes);
        try {
            content.readCentralDirectory();
        } catch (IndexOutOfBoundsException e) {
            throw new ImageRefusal("it is a truncated zip file: a directory entry points outside its "
                    + bytes.length + " bytes");
        }
        return content;
    }

    /** Names of all entries, directories included, in the order of the central directory. */
    Set<String> names() {
        return entries.keySet();
    }

    /** Content of an entry; null if there is none of this name. */
    byte[] get(String name) {
        return entries.get(name);
    }

    private void readCentralDirectory() throws ImageRefusal {
        int end = findEnd();
        int count = u16(end + 10);
        int at = file.getInt(end + 16);
        if (u16(end + 4) != 0 || u16(end + 8) != count || at + file.getInt(end + 12) != end) {
            throw new ImageRefusal("its zip directory does not end where the end record says; it was cut or "
                    + "something was appended or inserted");
        }
        if (count > MAX_ENTRIES) {
            throw new ImageRefusal("it has " + count + " entries; a plugin image has at most " + MAX_ENTRIES);
        }
        int firstLocal = at;
        for (int i = 0; i < count; i++) {
            if (file.getInt(at) != CENTRAL_MAGIC) {
                throw new ImageRefusal("entry " + i + " of its zip directory is damaged");
            }
            firstLocal = Math.min(firstLocal, file.getInt(at + 42));
            readEntry(at);
            at += CENTRAL_SIZE + u16(at + 28) + u16(at + 30) + u16(at + 32);
        }
        if (at != end) {
            throw new ImageRefusal("its zip directory has " + (end - at) + " bytes more than its entries need");
        }
        if (count > 0 && firstLocal != 0) {
            throw new ImageRefusal("it has " + firstLocal + " bytes in front of the first zip entry");
        }
    }

    private int findEnd() throws ImageRefusal {
        int last = file.capacity() - END_SIZE;
        for (int at = last; at >= 0 && at > last - 65536; at--) {
            if (file.getInt(at) == END_MAGIC && at + END_SIZE + u16(at + 20) == file.capacity()) {
                return at;
            }
        }
        throw new ImageRefusal("it is not a zip file");
    }

    private void readEntry(int central) throws ImageRefusal {
        int local = file.getInt(central + 42);
        String name = text(central + CENTRAL_SIZE, u16(central + 28));
        if (file.getInt(local) != LOCAL_MAGIC || !name.equals(text(local + LOCAL_SIZE, u16(local + 26)))
                || u16(local + 8) != u16(central + 10)) {
            throw new ImageRefusal("entry '" + name + "' differs between the zip directory and its local header");
        }
        if ((u16(central + 8) & FLAG_ENCRYPTED) != 0) {
            throw new ImageRefusal("entry '" + name + "' is encrypted");
        }
        if (name.startsWith("/") || name.contains("..") || name.contains("\\")) {
            throw new ImageRefusal("entry '" + name + "' has a path that leaves the jar");
        }
        byte[] data = content(central, local, name);
        if (entries.put(name, data) != null) {
            throw new ImageRefusal("entry '" + name + "' is in it twice; which one counts is up to the reader");
        }
    }

    private byte[] content(int central, int local, String name) throws ImageRefusal {
        int compressed = file.getInt(central + 20);
        int size = file.getInt(central + 24);
        int from = local + LOCAL_SIZE + u16(local + 26) + u16(local + 28);
        total += Integer.toUnsignedLong(size);
        if (total > MAX_BYTES) {
            throw new ImageRefusal("its entries have more than " + MAX_BYTES + " bytes uncompressed");
        }
        if (compressed < 0 || from + compressed > file.capacity()) {
            throw new IndexOutOfBoundsException();
        }
        byte[] data = switch (u16(central + 10)) {
            case STORED -> java.util.Arrays.copyOfRange(file.array(), from, from + compressed);
            case DEFLATED -> inflate(from, compressed, size, name);
            default -> throw new ImageRefusal("entry '" + name + "' uses compression method "
                    + u16(central + 10) + "; jars use 0 and 8");
        };
        CRC32 crc = new CRC32();
        crc.update(data);
        if (data.length != size || (int) crc.getValue() != file.getInt(central + 16)) {
            throw new ImageRefusal("entry '" + name + "' does not match its checksum");
        }
        return data;
    }

    private byte[] inflate(int from, int compressed, int size, String name) throws ImageRefusal {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(file.array(), from, compressed);
            ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(32, size));
            byte[] block = new byte[8192];
            while (!inflater.finished()) {
                int n = inflater.inflate(block);
                boolean stuck = n == 0 && !inflater.finished();
                if (stuck || out.size() > size) {
                    throw new ImageRefusal("entry '" + name + "' is compressed wrongly");
                }
                out.write(block, 0, n);
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new ImageRefusal("entry '" + name + "' is compressed wrongly");
        } finally {
            inflater.end();
        }
    }

    private int u16(int at) {
        return Short.toUnsignedInt(file.getShort(at));
    }

    private String text(int at, int length) {
        byte[] name = new byte[length];
        file.get(at, name);
        return new String(name, StandardCharsets.UTF_8);
    }
}
