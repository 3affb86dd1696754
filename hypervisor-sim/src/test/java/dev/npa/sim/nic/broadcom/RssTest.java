package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RSS over absolute client ids with the key reversed in the ramrod, 57712 §7 and §8.4. */
class RssTest {

    /** The key and two packets of Microsoft's verification suite. */
    private static final byte[] KEY = HexFormat.of().parseHex("6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b4"
            + "77cb2da38030f20c6a42b73bbeac01fa");

    private final Lab lab = new Lab(1, 2, 2);
    private final Firmware fw = lab.pf[0];

    private int update(int capabilities) {
        ByteBuffer b = ByteBuffer.allocate(184).order(ByteOrder.LITTLE_ENDIAN);
        b.put(0, (byte) 8).put(1, (byte) 1).putShort(2, (short) (capabilities | RssEngine.UPDATE_KEY)).put(4,
                (byte) 0x7F);
        for (int i = 0; i < 128; i++) {
            b.put(8 + i, (byte) fw.block(0, i & 1));
        }
        for (int i = 0; i < 40; i++) {
            b.put(136 + i, KEY[39 - i]);
        }
        b.putInt(176, 4711);
        fw.ramrod(12, 0, b.array());
        Firmware.Event e = fw.event();
        assertEquals(11, e.opcode());
        assertEquals(4711, e.data0());
        return e.error();
    }

    private static byte[] frame(int protocol, int source, int sourcePort, int destination, int port) {
        byte[] f = Frames.ipv4(Frames.A, Frames.FAR, protocol, 64);
        ByteBuffer.wrap(f).putInt(26, source).putInt(30, destination).putShort(34, (short) sourcePort)
                .putShort(36, (short) port);
        return f;
    }

    /** 66.9.149.187:2794 to 161.142.100.80:1766 hashes to 0x51ccc178, without ports to 0x323e8fc2. */
    @ParameterizedTest
    @CsvSource({"6, 3, 2, 0x51ccc178", "6, 1, 1, 0x323e8fc2", "17, 3, 1, 0x323e8fc2", "17, 7, 2, 0x51ccc178",
        "6, 0x30, 0, 0"})
    void hashes(int protocol, String capabilities, int type, String hash) {
        Queue leading = lab.vf(0, Frames.A);
        Queue second = fw.openVf(fw.vfSpec(0, 1)).post(20);
        lab.ramrodDone(0, 1);
        assertEquals(0, update(Integer.decode(capabilities)));
        lab.arrive(frame(protocol, 0x420995BB, 2794, 0xA18E6450, 1766));
        int h = Long.decode(hash).intValue();
        Queue expected = (h & 1) != 0 ? second : leading;
        byte[] cqe = expected.nextCqe();
        assertNotNull(cqe, "in the queue of table[hash & 0x7f]");
        assertEquals(type | (type == 0 ? 0 : 8), cqe[1] & 0x0F);
        assertEquals(h, ByteBuffer.wrap(cqe).order(ByteOrder.LITTLE_ENDIAN).getInt(4));
        assertNull((expected == second ? leading : second).nextCqe());
        lab.noViolations();
    }

    @Test
    void bothQueuesAreHitAndFramesThatAreNotIpGoToTheLeadingOne() {
        Queue leading = lab.vf(0, Frames.A);
        Queue second = fw.openVf(fw.vfSpec(0, 1)).post(60);
        lab.ramrodDone(0, 1);
        update(3);
        for (int i = 0; i < 30; i++) {
            lab.arrive(frame(6, 1, 1000 + i, 2, 80));
        }
        assertEquals(30, leading.index(1) + second.index(1));
        assertEquals(true, leading.index(1) > 5 && second.index(1) > 5);
        int before = leading.index(1);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        assertEquals(before + 1, leading.index(1));
    }

    @Test
    void udpWithoutTcpIsRefused() {
        lab.vf(0, Frames.A);
        assertEquals(1, update(RssEngine.V4 | RssEngine.V4_UDP));
        lab.oneViolation("erratum 2");
    }
}
