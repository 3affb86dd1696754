package dev.npa.sim.net.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PacketHeadersTest {

    private static final String MACS = "02000000000a02000000000b";
    private static final String IPV4 = "4600002800010000401100000a0000010a00000201010101";
    private static final String UDP = "0001000200100000 0102030405060708";

    private static PacketHeaders parse(String text, int cut) {
        String digits = text.replace(" ", "");
        int length = digits.length() / 2 - cut;
        ByteBuffer buffer = ByteBuffer.allocateDirect(length + 5);
        for (int i = 0; i < length; i++) {
            buffer.put(5 + i, (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16));
        }
        PacketHeaders headers = new PacketHeaders();
        headers.parse(buffer, 5, length);
        return headers;
    }

    @Test
    void ipv4WithOptionsBehindATag() {
        PacketHeaders h = parse(MACS + "8100600708 00" + IPV4 + UDP + "0000", 0);
        assertEquals(0x6007, h.vlanTci());
        assertEquals(18, h.l3());
        assertEquals(4, h.ipVersion());
        assertEquals(42, h.l4());
        assertEquals(58, h.ipEnd(), "padding is not part of the packet");
        assertTrue(h.isUdp());
        assertTrue(h.isExtended());
        assertFalse(h.isTcp());
        assertFalse(h.hasL4Checksum(), "a UDP checksum of 0 is none");
    }

    @Test
    void ipv6WithExtensionHeaders() {
        String addresses = "20".repeat(32);
        PacketHeaders h = parse(MACS + "86dd" + "60000000 0028 00 40" + addresses + "3c01000000000000"
                + "ffffffffffffffff" + "1100000000000000" + UDP, 0);
        assertEquals(6, h.ipVersion());
        assertEquals(14 + 40 + 24, h.l4());
        assertEquals(94, h.ipEnd());
        assertTrue(h.isUdp());
        assertTrue(h.hasL4Checksum(), "over IPv6 a UDP checksum is mandatory");
        assertTrue(h.isExtended());
    }

    @Test
    void sctpHasALayer4ButNoInternetChecksum() {
        String addresses = "20".repeat(32);
        PacketHeaders h = parse(MACS + "86dd" + "60000000 000c 84 40" + addresses + "0102030400000000ffffffff", 0);
        assertTrue(h.isSctp());
        assertEquals(14 + 40, h.l4());
        assertFalse(h.isExtended());
        assertFalse(h.hasL4Checksum());
        PacketHeaders cut = parse(MACS + "86dd" + "60000000 000b 84 40" + addresses + "0102030400000000ffffff", 0);
        assertFalse(cut.isSctp());
    }

    @Test
    void fragmentsHaveNoLayer4() {
        PacketHeaders v4 = parse(MACS + "0800" + IPV4.replace("00010000", "00012000") + UDP, 0);
        assertTrue(v4.isFragment());
        assertEquals(0, v4.l4());
        String addresses = "20".repeat(32);
        PacketHeaders v6 = parse(MACS + "86dd" + "60000000 0018 2c 40" + addresses + "1100000100000001" + UDP, 0);
        assertTrue(v6.isFragment());
        assertEquals(0, v6.l4());
        assertEquals(PacketHeaders.UDP, v6.protocol());
    }

    @Test
    void headerThatIsCutOffCountsAsAbsent() {
        assertEquals(0, parse(MACS + "0800" + IPV4 + UDP, 1).ipVersion());
        assertEquals(0, parse(MACS + "08", 0).l3());
        assertEquals(-1, parse(MACS + "8100", 0).vlanTci());
    }

    @Property
    void anyBytesAreParsedWithinTheFrame(@ForAll @Size(max = 80) byte[] bytes, @ForAll @IntRange(max = 2) int kind) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
        int[] types = {0x0800, 0x86DD, 0x8100};
        if (bytes.length > 14) {
            buffer.put(12, (byte) (types[kind] >>> 8)).put(13, (byte) types[kind]);
            buffer.put(14, (byte) (kind == 0 ? 0x45 : 0x60));
        }
        PacketHeaders h = new PacketHeaders();
        h.parse(buffer, 0, bytes.length);
        assertTrue(h.ipEnd() <= bytes.length);
        if (h.hasL4Checksum()) {
            h.l4ChecksumGood();
        }
        if (h.ipVersion() == 4) {
            h.ipv4ChecksumGood();
        }
    }
}
