package dev.npa.sim.net.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The verification vectors that Microsoft publishes for receive-side scaling. */
class ToeplitzTest {

    private static final byte[] KEY = hex("6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b4"
            + "77cb2da38030f20c6a42b73bbeac01fa");
    private static final String MACS = "020000000001020000000002";

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static PacketHeaders parse(String text) {
        byte[] frame = hex(text);
        ByteBuffer buffer = ByteBuffer.allocateDirect(frame.length + 3).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(3, frame);
        PacketHeaders headers = new PacketHeaders();
        headers.parse(buffer, 3, frame.length);
        return headers;
    }

    private static PacketHeaders ipv4(String addresses, String ports) {
        return parse(MACS + "0800 4500002800000000 4006 0000" + addresses + ports
                + "0000000000000000 5000000000000000");
    }

    private static PacketHeaders ipv6(String source, String destination, String ports) {
        return parse(MACS + "86dd 60000000 0014 06 40" + source + destination + ports
                + "0000000000000000 5000000000000000");
    }

    private static Toeplitz toeplitz() {
        Toeplitz toeplitz = new Toeplitz();
        toeplitz.key(KEY);
        return toeplitz;
    }

    @Test
    void ipv4VectorsAreMet() {
        // 66.9.149.187:2794 to 161.142.100.80:1766
        PacketHeaders first = ipv4("420995bb a18e6450", "0aea 06e6");
        assertEquals(0x51CCC178, toeplitz().hash(first, true));
        assertEquals(0x323E8FC2, toeplitz().hash(first, false));
        // 199.92.111.2:14230 to 65.69.140.83:4739
        PacketHeaders second = ipv4("c75c6f02 41458c53", "3796 1283");
        assertEquals(0xC626B0EA, toeplitz().hash(second, true));
        assertEquals(0xD718262A, toeplitz().hash(second, false));
    }

    @Test
    void ipv6VectorsAreMet() {
        // 3ffe:2501:200:1fff::7 port 2794 to 3ffe:2501:200:3::1 port 1766
        PacketHeaders headers = ipv6("3ffe250102001fff0000000000000007", "3ffe2501020000030000000000000001",
                "0aea 06e6");
        assertEquals(0x40207D3D, toeplitz().hash(headers, true));
        assertEquals(0x2CC18CD5, toeplitz().hash(headers, false));
    }

    @Test
    void newKeyReplacesTheOldOne() {
        Toeplitz toeplitz = toeplitz();
        toeplitz.key(new byte[Toeplitz.KEY]);
        assertEquals(0, toeplitz.hash(ipv4("420995bb a18e6450", "0aea 06e6"), true));
    }

    @Test
    void shortKeyGoesOnWithZeros() {
        byte[] padded = Arrays.copyOf(Arrays.copyOf(KEY, 6), Toeplitz.KEY);
        Toeplitz whole = new Toeplitz();
        whole.key(padded);
        Toeplitz brief = new Toeplitz();
        brief.key(Arrays.copyOf(KEY, 6));
        PacketHeaders headers = ipv4("420995bb a18e6450", "0aea 06e6");
        assertEquals(whole.hash(headers, true), brief.hash(headers, true));
    }
}
