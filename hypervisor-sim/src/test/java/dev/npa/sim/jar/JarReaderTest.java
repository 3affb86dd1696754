package dev.npa.sim.jar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class JarReaderTest {

    private static final byte[] JAR = jar("META-INF/", "", "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n",
            "a/B.class", "x".repeat(3000), "empty", "");

    /** A jar of deflated entries; pairs of name and text. */
    private static byte[] jar(String... namesAndTexts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                zip.putNextEntry(new ZipEntry(namesAndTexts[i]));
                zip.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private static String refusal(byte[] jar) {
        return assertThrows(ZipException.class, () -> JarReader.read(jar)).getMessage();
    }

    @Test
    void readsWhatAStreamReads() throws IOException {
        Map<String, byte[]> entries = JarReader.read(JAR);
        assertEquals(List.of("META-INF/", "META-INF/MANIFEST.MF", "a/B.class", "empty"),
                List.copyOf(entries.keySet()));
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(JAR))) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                assertArrayEquals(zip.readAllBytes(), entries.get(e.getName()), e.getName());
            }
        }
    }

    @Test
    void readsStoredEntriesToo() throws IOException {
        byte[] text = "stored".getBytes(StandardCharsets.UTF_8);
        CRC32 crc = new CRC32();
        crc.update(text);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            ZipEntry entry = new ZipEntry("s");
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(text.length);
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            zip.write(text);
        }
        assertArrayEquals(text, JarReader.read(bytes.toByteArray()).get("s"));
    }

    @Test
    void twoJarsInOneFileAreRefused() {
        // Read from the front it is the first, read from the end it is the second.
        assertTrue(refusal(concat(JAR, jar("evil.class", "evil"))).startsWith("ambiguous jar"));
    }

    @Test
    void secondJarWhoseDirectoryCountsFromTheStartIsRefused() {
        byte[] second = jar("evil.class", "evil");
        byte[] both = concat(JAR, second);
        // A crafted file has offsets that fit: directory and entry moved behind the first jar.
        int end = both.length - 22;
        int directory = u32(both, end + 16) + JAR.length;
        put32(both, end + 16, directory);
        put32(both, directory + 42, JAR.length);
        assertTrue(refusal(both).contains("bytes outside its entries before evil.class"), refusal(both));
    }

    @Test
    void bytesBeforeBetweenOrAfterAreRefused() {
        assertTrue(refusal(concat(new byte[1], JAR)).startsWith("ambiguous jar"));
        assertTrue(refusal(concat(JAR, new byte[1])).startsWith("not a jar"));
        int directory = u32(JAR, JAR.length - 6);
        byte[] gap = concat(Arrays.copyOf(JAR, directory), new byte[7],
                Arrays.copyOfRange(JAR, directory, JAR.length));
        put32(gap, gap.length - 6, directory + 7);
        assertTrue(refusal(gap).contains("bytes outside its entries after empty"), refusal(gap));
    }

    @Test
    void nameThatOccursTwiceIsRefused() {
        byte[] jar = jar("one", "1", "two", "2");
        String text = new String(jar, StandardCharsets.ISO_8859_1).replace("two", "one");
        assertEquals("ambiguous jar: it contains one twice",
                refusal(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void nameThatDiffersBetweenHeaderAndDirectoryIsRefused() {
        byte[] jar = jar("one", "1");
        jar[30] = 'x';
        assertTrue(refusal(jar).contains("directory and local header of one differ"));
    }

    @Test
    void namesThatLeaveTheJarAreRefused() {
        for (String name : List.of("../x", "/etc/x", "a/../../x", "a\\b")) {
            assertTrue(refusal(jar(name, "")).contains("not a plain relative path"), name);
        }
    }

    @Test
    void bombIsRefusedBeforeItIsUnpacked() {
        byte[] jar = jar("a", "0".repeat(100), "b", "0".repeat(100));
        int directory = u32(jar, jar.length - 6);
        int size = JarReader.MAX_UNPACKED + 1;
        put32(jar, directory + 24, size);
        // The second local header starts where the directory says; the size behind the data is 4 bytes before it.
        int secondEntry = u32(jar, directory + 46 + 1 + u16(jar, directory + 30) + 42);
        put32(jar, secondEntry - 4, size);
        assertTrue(refusal(jar).contains("unpacks to more than"), refusal(jar));
    }

    @Test
    void tooManyEntriesAreRefused() {
        String[] entries = new String[2 * (JarReader.MAX_ENTRIES + 1)];
        for (int i = 0; i < entries.length; i += 2) {
            entries[i] = "e" + i;
            entries[i + 1] = "";
        }
        assertEquals("the jar has 10001 entries; it may have 10000", refusal(jar(entries)));
    }

    @Test
    void encryptedEntryIsRefused() {
        byte[] jar = jar("one", "1");
        jar[6] |= 1;
        jar[u32(jar, jar.length - 6) + 8] |= 1;
        assertTrue(refusal(jar).contains("one is neither stored nor deflated in the plain"));
    }

    @Test
    void jarWithACommentIsRefused() {
        // A comment can hold a second end record: which one counts would be up to the reader.
        byte[] jar = concat(JAR, "comment".getBytes(StandardCharsets.UTF_8));
        jar[JAR.length - 2] = 7;
        assertTrue(refusal(jar).startsWith("not a jar"));
    }

    @Property
    void truncatedJarIsRefused(@ForAll @IntRange(min = 0, max = 10_000) int length) {
        refusal(Arrays.copyOf(JAR, length % JAR.length));
    }

    @Property
    void flippedBitChangesNothingThatIsLoaded(@ForAll @IntRange(min = 0, max = 1 << 20) int where) throws IOException {
        byte[] jar = JAR.clone();
        int bit = where % (8 * jar.length);
        jar[bit / 8] ^= (byte) (1 << bit % 8);
        Map<String, byte[]> entries;
        try {
            entries = JarReader.read(jar);
        } catch (ZipException refused) {
            return;
        }
        Map<String, byte[]> original = JarReader.read(JAR);
        assertEquals(original.keySet(), entries.keySet());
        original.forEach((name, bytes) -> assertArrayEquals(bytes, entries.get(name), name));
    }

    @Property
    void noiseIsRefusedWithASentence(@ForAll byte[] noise) {
        try {
            JarReader.read(noise);
            fail("noise was read as a jar");
        } catch (ZipException e) {
            assertTrue(e.getMessage().length() > 10);
        }
    }

    private static int u16(byte[] bytes, int at) {
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8;
    }

    private static int u32(byte[] bytes, int at) {
        return u16(bytes, at) | u16(bytes, at + 2) << 16;
    }

    private static void put32(byte[] bytes, int at, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >>> 8 * i);
        }
    }
}
