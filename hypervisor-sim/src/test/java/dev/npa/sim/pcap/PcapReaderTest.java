package dev.npa.sim.pcap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PcapReaderTest {

    private static final int MICROS = 0xA1B2C3D4;
    private static final int NANOS = 0xA1B23C4D;

    private static CaptureFiles little() {
        return new CaptureFiles(ByteOrder.LITTLE_ENDIAN);
    }

    private static String refusal(byte[] file) {
        String message = assertThrows(CaptureException.class, () -> PcapReader.read("f.pcap", file)).getMessage();
        assertTrue(message.startsWith("f.pcap: "), message);
        assertEquals(-1, message.indexOf('\n'));
        return message;
    }

    private static void assertContains(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "'" + part + "' is not in: " + message);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void readsBothByteOrdersAndResolutions(boolean littleEndian, boolean nanos) throws IOException {
        byte[] file = new CaptureFiles(littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                .pcapHeader(nanos ? NANOS : MICROS, 1)
                .pcapRecord(3, 7, 60, CaptureFiles.frame(60, 1))
                .pcapRecord(4, 999_999, 1514, CaptureFiles.frame(1514, 2)).bytes();
        Capture capture = PcapReader.read("f", file);
        assertEquals(2, capture.frames().size());
        assertEquals(3_000_000_000L + (nanos ? 7 : 7_000), capture.frames().get(0).nanos());
        assertEquals(4_000_000_000L + (nanos ? 999_999 : 999_999_000), capture.frames().get(1).nanos());
        assertArrayEquals(CaptureFiles.frame(60, 1), capture.frames().get(0).bytes());
        assertArrayEquals(CaptureFiles.frame(1514, 2), capture.frames().get(1).bytes());
    }

    @Test
    void cutFramesAndRuntsAreLeftOutAndCounted() throws IOException {
        Capture capture = PcapReader.read("f", little().pcapHeader(MICROS, 1)
                .pcapRecord(0, 0, 1514, CaptureFiles.frame(96, 1))
                .pcapRecord(0, 1, 13, CaptureFiles.frame(13, 1))
                .pcapRecord(0, 2, 60, CaptureFiles.frame(60, 1)).bytes());
        assertEquals(1, capture.frames().size());
        assertEquals(1, capture.cut());
        assertEquals(1, capture.runts());
        assertContains(capture.describe(), "1 frames", "snap length", "shorter than an Ethernet header");
    }

    @Test
    void frameCheckSequenceIsRemoved() throws IOException {
        int fourByteFcs = 2 << 28 | 1 << 26 | 1;
        Capture capture = PcapReader.read("f", little().pcapHeader(MICROS, fourByteFcs)
                .pcapRecord(0, 0, 64, CaptureFiles.frame(64, 1)).bytes());
        assertArrayEquals(CaptureFiles.frame(60, 1), capture.frames().get(0).bytes());
    }

    @Test
    void headerWithoutFramesIsAnEmptyCapture() throws IOException {
        assertEquals(0, PcapReader.read("f", little().pcapHeader(MICROS, 1).bytes()).frames().size());
    }

    @Test
    void emptyFileIsNamedAsSuch() {
        assertContains(refusal(new byte[0]), "0 bytes", "offset 0");
    }

    @Test
    void truncatedHeaderNamesOffsetAndExpectation() {
        assertContains(refusal(Arrays.copyOf(little().pcapHeader(MICROS, 1).bytes(), 20)), "offset 20", "24 bytes");
    }

    @Test
    void truncatedRecordHeaderNamesOffsetAndExpectation() {
        byte[] file = little().pcapHeader(MICROS, 1).pcapRecord(0, 0, 60, CaptureFiles.frame(60, 1)).int32(1).bytes();
        assertContains(refusal(file), "ends at offset 104", "record header at offset 100", "16 bytes");
    }

    @Test
    void truncatedFrameNamesOffsetAndExpectation() {
        byte[] file = little().pcapHeader(MICROS, 1).pcapRecord(0, 0, 60, CaptureFiles.frame(60, 1)).bytes();
        assertContains(refusal(Arrays.copyOf(file, file.length - 7)), "ends at offset 93", "record at offset 24",
                "expected 60 bytes, found 53");
    }

    @Test
    void everyTruncationIsRefusedOrIsAtARecordBorder() throws IOException {
        byte[] file = little().pcapHeader(MICROS, 1).pcapRecord(0, 0, 20, CaptureFiles.frame(20, 1)).bytes();
        for (int length = 0; length < file.length; length++) {
            byte[] part = Arrays.copyOf(file, length);
            if (length == 24) {
                assertEquals(0, PcapReader.read("f", part).frames().size());
            } else {
                refusal(part);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"262145, 262145", "2147483647, 2147483647", "-1, 4294967295"})
    void absurdLengthsAreRefused(int length, String shown) {
        byte[] file = little().pcapHeader(MICROS, 1).int32(0).int32(0).int32(length).int32(length).bytes();
        assertContains(refusal(file), "record at offset 24", shown, "262144");
    }

    @Test
    void foreignFilesShowTheirFirstBytes() {
        assertContains(refusal("%PDF-1.7 and so on".getBytes(java.nio.charset.StandardCharsets.US_ASCII)), "0x25504446",
                "0xa1b2c3d4", "0x0a0d0d0a");
        assertContains(refusal(new byte[] {0x1F, (byte) 0x8B, 8, 0}), "gzip");
        assertContains(refusal(little().int32(0xA1B2CD34).bytes()), "modified");
    }

    @ParameterizedTest
    @CsvSource({"113, Linux cooked", "101, raw IP", "105, IEEE 802.11", "4711, unknown"})
    void otherLinkTypesAreNamed(int link, String name) {
        assertContains(refusal(little().pcapHeader(MICROS, link).bytes()), "link type " + link, name, "Ethernet");
    }

    @Test
    void unknownVersionIsRefused() {
        byte[] file = little().pcapHeader(MICROS, 1).bytes();
        file[4] = 9;
        assertContains(refusal(file), "version 9.4", "offset 4");
    }

    @Test
    void missingFilesAndDirectoriesAreNamed(@TempDir Path directory) throws IOException {
        String missing = assertThrows(CaptureException.class, () -> PcapReader.read(directory.resolve("none.pcap")))
                .getMessage();
        assertContains(missing, "none.pcap", "no such file");
        assertContains(assertThrows(CaptureException.class, () -> PcapReader.read(directory)).getMessage(),
                "is a directory");
        Path file = directory.resolve("some.pcap");
        Files.write(file, little().pcapHeader(MICROS, 1).pcapRecord(0, 0, 60, CaptureFiles.frame(60, 1)).bytes());
        assertEquals(1, PcapReader.read(file).frames().size());
    }
}
