package dev.npa.sim.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.pf.RssSettings;
import dev.npa.pf.RssType;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Toeplitz hash with the published verification suite of Microsoft RSS, and the choice of a queue; vmxnet3 §12. */
class RssTest {

    private static final int CONF = 0x20_3000;
    private static final String KEY =
            "6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa";

    private static Lab lab(int types) {
        Lab lab = new Lab();
        lab.rxQueues = 4;
        lab.describe();
        configure(lab, types, 4);
        lab.activate();
        for (int q = 0; q < 4; q++) {
            lab.rxBuffer(q, 0, 0, 1, 0x400000 + 0x1000L * q, 2048, false);
        }
        return lab;
    }

    private static void configure(Lab lab, int types, int queues) {
        lab.memory.putInt(Lab.SHARED + 0x18, 2);
        lab.memory.putInt(Lab.SHARED + 0x288, 1);
        lab.memory.putInt(Lab.SHARED + 0x28C, 176);
        lab.memory.putLong(Lab.SHARED + 0x290, CONF);
        lab.memory.putInt(CONF, types | 1 << 16);
        lab.memory.putInt(CONF + 4, 40 | 128 << 16);
        lab.memory.copyFrom(CONF + 8, Frames.hex(KEY), 0, 40);
        for (int i = 0; i < 128; i++) {
            lab.memory.putByte(CONF + 48 + i, (byte) (i % queues));
        }
    }

    private static void ports(byte[] frame, int source, int destination) {
        Frames.word(frame, Frames.l4(frame), source);
        Frames.word(frame, Frames.l4(frame) + 2, destination);
    }

    @ParameterizedTest
    @CsvSource({
        "420995bb, a18e6450, 2794, 1766, 0x323e8fc2, 0x51ccc178",
        "c75c6f02, 41458c53, 14230, 4739, 0xd718262a, 0xc626b0ea",
        "1813c65f, 0c16cfb8, 12898, 38024, 0xd2d0a5de, 0x5c2b394a",
    })
    void hashesOfTheVerificationSuite(String source, String destination, int from, int to, String ip, String tcp) {
        byte[] frame = Frames.ip(false, true, 0);
        System.arraycopy(Frames.hex(source + destination), 0, frame, 26, 8);
        ports(frame, from, to);
        check(lab(1), frame, Long.decode(ip).intValue(), 1);
        check(lab(1 | 2), frame, Long.decode(tcp).intValue(), 2);
    }

    @Test
    void hashesOfTheVerificationSuiteForIpv6() {
        byte[] frame = Frames.ip(true, true, 0);
        System.arraycopy(Frames.hex("3ffe250102001fff0000000000000007 3ffe2501020000030000000000000001"), 0, frame, 22,
                32);
        ports(frame, 2794, 1766);
        check(lab(4), frame, 0x2cc18cd5, 3);
        check(lab(4 | 8), frame, 0x40207d3d, 4);
    }

    private static void check(Lab lab, byte[] frame, int hash, int type) {
        lab.port.toGuest(frame);
        lab.run();
        int queue = Integer.remainderUnsigned(hash, 128) % 4;
        int[] d = lab.rxCompletion(queue, 0, 1);
        assertNotNull(d, "no completion in queue " + queue);
        assertEquals(hash, d[1]);
        assertEquals(type, d[0] >>> 26 & 15);
        assertEquals(queue, d[0] >>> 16 & 0x3FF);
    }

    @Test
    void framesWithoutHashGoToQueueZero() {
        Lab lab = lab(2);
        lab.port.toGuest(Frames.ip(false, false, 20));
        lab.run();
        int[] d = lab.rxCompletion(0, 0, 1);
        assertEquals(0, d[0] >>> 26 & 15);
        assertEquals(0, d[1]);
    }

    @Test
    void tableIsReadAgainOnUpdate() {
        Lab lab = lab(1);
        for (int i = 0; i < 128; i++) {
            lab.memory.putByte(CONF + 48 + i, (byte) 3);
        }
        lab.command(0xCAFE0006);
        lab.port.toGuest(Frames.ip(false, true, 0));
        lab.run();
        assertNotNull(lab.rxCompletion(3, 0, 1));
        lab.memory.putByte(CONF + 48, (byte) 4);
        lab.command(0xCAFE0006);
        assertTrue(lab.violation().contains("indTable[0]"));
    }

    @Test
    void hypervisorLearnsTheGuestsWishAndEachChangeOfIt() {
        Lab lab = lab(1 | 2 | 8);
        RssSettings rss = lab.backend.rss;
        assertEquals(Set.of(RssType.IPV4, RssType.TCP_IPV4, RssType.TCP_IPV6), rss.types());
        assertEquals(3, rss.queue(7));
        assertArrayEquals(Frames.hex(KEY), rss.key());
        lab.memory.putByte(CONF + 48 + 7, (byte) 1);
        lab.command(0xCAFE0006);
        assertEquals(1, lab.backend.rss.queue(7));
        lab.memory.putInt(Lab.SHARED + 0x18, 0);
        lab.command(0xCAFE0009);
        assertNull(lab.backend.rss);
        assertEquals(3, lab.backend.calls.stream().filter("rss"::equals).count());
    }

    @Test
    void eightQueuesEachGetTheirFlows() {
        Lab lab = new Lab();
        lab.rxQueues = 8;
        lab.describe();
        configure(lab, 1 | 2, 8);
        lab.activate();
        for (int q = 0; q < 8; q++) {
            for (int i = 0; i < 31; i++) {
                lab.rxBuffer(q, 0, i, 1, 0x400000 + 0x10000L * q + 0x800L * i, 2048, false);
            }
        }
        for (int flow = 0; flow < 100; flow++) {
            byte[] frame = Frames.ip(false, true, 4);
            ports(frame, 1000 + flow, 80);
            Frames.finish(frame);
            lab.port.toGuest(frame);
        }
        lab.run();
        lab.run();
        int all = 0;
        for (int q = 0; q < 8; q++) {
            int count = 0;
            for (int[] d = lab.rxCompletion(q, 0, 1); d != null && count < 31; d = lab.rxCompletion(q, count, 1)) {
                assertEquals(q, d[0] >>> 16 & 0x3FF);
                assertEquals(q, Integer.remainderUnsigned(d[1], 128) % 8);
                count++;
            }
            assertTrue(count > 3, "queue " + q + " got " + count);
            all += count;
        }
        assertEquals(100, all);
    }
}
