package dev.npa.sim.pcap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PcapngReaderTest {

    private static final byte[] FRAME = CaptureFiles.frame(61, 5);

    private static CaptureFiles little() {
        return new CaptureFiles(ByteOrder.LITTLE_ENDIAN);
    }

    private static void assertRefused(byte[] file, String... parts) {
        String message = assertThrows(CaptureException.class, () -> PcapReader.read("f.pcapng", file)).getMessage();
        assertTrue(message.startsWith("f.pcapng: "), message);
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "'" + part + "' is not in: " + message);
        }
    }

    /** An if_tsresol option and the end of options. */
    private static byte[] resolution(int value) {
        return little().int16(9).int16(1).int32(value).int32(0).bytes();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsBothByteOrders(boolean littleEndian) throws IOException {
        Capture capture = PcapReader.read("f",
                new CaptureFiles(littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                        .section().interfaceDescription(1, 0).enhanced(0, 0x1_0000_0005L, 61, FRAME).bytes());
        assertArrayEquals(FRAME, capture.frames().get(0).bytes());
        assertEquals(0x1_0000_0005L * 1_000, capture.frames().get(0).nanos());
    }

    @ParameterizedTest
    @CsvSource({"9, 1500000001, 1500000001", "6, 1500000, 1500000000", "0, 2, 2000000000", "3, 1500, 1500000000",
        "12, 1500000001999, 1500000001", "138, 1536, 1500000000", "160, 6442450944, 1500000000"})
    void timeStampsFollowTheResolution(int tsresol, long stamp, long nanos) throws IOException {
        Capture capture = PcapReader.read("f", little().section().interfaceDescription(1, 0, resolution(tsresol))
                .enhanced(0, stamp, 61, FRAME).bytes());
        assertEquals(nanos, capture.frames().get(0).nanos());
    }

    @Test
    void timeOffsetOfAnInterfaceIsAdded() throws IOException {
        byte[] options = little().int16(14).int16(8).int32(100).int32(0).int32(0).bytes();
        Capture capture = PcapReader.read("f", little().section().interfaceDescription(1, 0, options)
                .enhanced(0, 5, 61, FRAME).bytes());
        assertEquals(100_000_005_000L, capture.frames().get(0).nanos());
    }

    @Test
    void optionsArePaddedToFourBytes() throws IOException {
        byte[] options = little().int16(2).int16(5).raw((byte) 'e', (byte) 't', (byte) 'h', (byte) '1', (byte) '2')
                .raw(new byte[3]).raw(resolution(9)).bytes();
        Capture capture = PcapReader.read("f", little().section().interfaceDescription(1, 0, options)
                .enhanced(0, 5, 61, FRAME).bytes());
        assertEquals(5, capture.frames().get(0).nanos());
    }

    @Test
    void blocksWithoutFramesAreSteppedOver() throws IOException {
        Capture capture = PcapReader.read("f", little().section().block(0x0BAD_BEEF, new byte[33])
                .interfaceDescription(1, 0).block(4, new byte[8]).enhanced(0, 1, 61, FRAME).block(5, new byte[12])
                .block(0x8000_0BAD, new byte[0]).enhanced(0, 2, 61, FRAME).bytes());
        assertEquals(2, capture.frames().size());
    }

    @Test
    void simpleAndObsoletePacketsAreRead() throws IOException {
        CaptureFiles f = little();
        byte[] simple = f.sub().int32(61).raw(FRAME).bytes();
        byte[] obsolete = f.sub().int16(0).int16(7).int32(0).int32(9).int32(61).int32(61).raw(FRAME).bytes();
        Capture capture = PcapReader.read("f",
                f.section().interfaceDescription(1, 0).block(2, obsolete).block(3, simple).bytes());
        assertEquals(2, capture.frames().size());
        assertArrayEquals(FRAME, capture.frames().get(0).bytes());
        assertArrayEquals(FRAME, capture.frames().get(1).bytes());
        assertEquals(9_000, capture.frames().get(1).nanos());
    }

    @Test
    void simplePacketBeyondTheSnapLengthIsCut() throws IOException {
        CaptureFiles f = little();
        byte[] simple = f.sub().int32(1514).raw(CaptureFiles.frame(64, 1)).bytes();
        assertEquals(1, PcapReader.read("f", f.section().interfaceDescription(1, 64).block(3, simple).bytes()).cut());
    }

    @Test
    void anotherSectionHasInterfacesAndByteOrderOfItsOwn() throws IOException {
        byte[] second = new CaptureFiles(ByteOrder.BIG_ENDIAN).section().interfaceDescription(1, 0)
                .enhanced(0, 8, 61, FRAME).bytes();
        Capture capture = PcapReader.read("f", little().section().interfaceDescription(1, 0)
                .enhanced(0, 7, 61, FRAME).raw(second).bytes());
        assertEquals(8_000, capture.frames().get(1).nanos());
        byte[] orphan = new CaptureFiles(ByteOrder.BIG_ENDIAN).section().enhanced(0, 8, 61, FRAME).bytes();
        assertRefused(little().section().interfaceDescription(1, 0).raw(orphan).bytes(), "names interface 0",
                "describes 0");
    }

    @Test
    void otherLinkTypesMatterOnlyWithFrames() throws IOException {
        CaptureFiles f = little().section().interfaceDescription(113, 0).interfaceDescription(1, 0)
                .enhanced(1, 7, 61, FRAME);
        assertEquals(1, PcapReader.read("f", f.bytes()).frames().size());
        assertRefused(f.enhanced(0, 7, 61, FRAME).bytes(), "interface 0", "113", "Linux cooked");
    }

    @Test
    void wrongLengthsAreRefused() {
        byte[] good = little().section().interfaceDescription(1, 0).enhanced(0, 7, 61, FRAME).bytes();
        byte[] odd = good.clone();
        odd[28 + 4] = 21;
        assertRefused(odd, "offset 28", "21", "multiple of 4");
        byte[] small = good.clone();
        small[28 + 4] = 8;
        assertRefused(small, "offset 28", "has length 8");
        byte[] unequal = good.clone();
        unequal[good.length - 4] ^= 4;
        assertRefused(unequal, "offset 48", "ends with length");
        byte[] huge = good.clone();
        huge[28 + 7] = 0x7F;
        assertRefused(huge, "ends at offset " + good.length, "offset 28");
        byte[] greedy = good.clone();
        greedy[48 + 8 + 12] = 99;
        assertRefused(greedy, "offset 48", "99 bytes", "room for 64");
        byte[] absurd = good.clone();
        absurd[48 + 8 + 15] = 0x40;
        assertRefused(absurd, "offset 48", "262144");
    }

    @Test
    void everyTruncationInsideABlockIsRefused() throws IOException {
        byte[] good = little().section().interfaceDescription(1, 0).enhanced(0, 7, 61, FRAME).bytes();
        for (int length = 4; length < good.length; length++) {
            byte[] part = Arrays.copyOf(good, length);
            if (length == 28 || length == 48) {
                assertEquals(0, PcapReader.read("f", part).frames().size());
            } else {
                assertRefused(part, "offset");
            }
        }
    }

    @Test
    void brokenHeadersAndOptionsAreRefused() {
        byte[] magic = little().section().bytes();
        magic[8] = 0;
        assertRefused(magic, "offset 8", "0x1a2b3c4d");
        byte[] version = little().section().bytes();
        version[12] = 2;
        assertRefused(version, "version 2", "offset 12");
        byte[] option = little().int16(9).int16(200).int32(0).bytes();
        assertRefused(little().section().interfaceDescription(1, 0, option).bytes(), "option 9", "offset 44", "200");
        assertRefused(little().section().interfaceDescription(1, 0, resolution(64)).bytes(), "if_tsresol 64");
    }
}
