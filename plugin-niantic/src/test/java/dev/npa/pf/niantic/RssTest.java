package dev.npa.pf.niantic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.pf.RssSettings;
import dev.npa.pf.RssType;
import dev.npa.pf.VfSettings;
import dev.npa.pf.intel.IntelPfDriver;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One key and one table for all pools, fact sheet §15: whose they are, and what is told. */
class RssTest {

    private static final int RSSRK = 0x5C80;
    private static final int RETA = 0x5C00;
    private static final int MRQC = 0x5818;

    private final FakePf pf = new FakePf();
    private final IntelPfDriver driver = new IntelPfDriver(new NianticChip(), pf);

    @BeforeEach
    void start() {
        driver.start(8);
        pf.takeWrites();
    }

    private static VfSettings vf(int n, RssSettings rss) {
        return VfSettings.of(new MacAddress(0x0200_0000_0000L + n), 1500).withRss(rss);
    }

    private static RssSettings rss(int first, Set<RssType> types) {
        byte[] key = new byte[RssSettings.KEY_BYTES];
        int[] table = new int[RssSettings.TABLE_SIZE];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (first + i);
        }
        for (int i = 0; i < table.length; i++) {
            table[i] = (i + first) % 4;
        }
        return new RssSettings(types, key, table);
    }

    @Test
    void keyTableAndFieldsAreProgrammedBytewiseAndTheFieldsLast() {
        RssSettings wanted = rss(1, Set.of(RssType.TCP_IPV4, RssType.UDP_IPV6));
        driver.assign(3, vf(3, wanted));
        assertEquals(0x0403_0201, pf.reg(RSSRK));
        assertEquals(0x2827_2625, pf.reg(RSSRK + 36));
        assertEquals(0x0003_0201, pf.reg(RETA));
        assertEquals(0x0003_0201, pf.reg(RETA + 124));
        assertEquals(1 << 16 | 1 << 23 | 0xA, pf.reg(MRQC));
        List<String> writes = pf.takeWrites();
        assertTrue(writes.indexOf("5818=0000000a") < writes.indexOf("5c80=04030201"), "no hash while it changes");
        assertTrue(writes.indexOf("5c7c=00030201") < writes.indexOf("5818=0081000a"));
        assertEquals(wanted, driver.rss(3));
    }

    @Test
    void everyTypeHasItsBit() {
        int[] bits = {17, 16, 22, 20, 21, 23};
        for (RssType type : RssType.values()) {
            driver.assign(0, vf(0, rss(1, Set.of(type))));
            assertEquals(1 << bits[type.ordinal()] | 0xA, pf.reg(MRQC), type.name());
            driver.release(0);
            assertEquals(0xA, pf.reg(MRQC));
        }
    }

    @Test
    void theFirstVfWinsUntilTheLastUserIsGone() {
        RssSettings a = rss(1, Set.of(RssType.IPV4));
        RssSettings b = rss(2, Set.of(RssType.IPV6));
        driver.assign(1, vf(1, a));
        driver.assign(2, vf(2, b));
        driver.assign(4, vf(4, null));
        assertEquals(a, driver.rss(1));
        assertEquals(a, driver.rss(2), "the others get what there is");
        assertNull(driver.rss(4));
        driver.update(2, vf(2, rss(3, Set.of(RssType.IPV6))));
        assertEquals(a, driver.rss(2));
        driver.release(1);
        assertEquals(a, driver.rss(2), "nothing changes under a VF's traffic");
        driver.assign(1, vf(1, b));
        assertEquals(a, driver.rss(1));
        driver.release(1);
        driver.update(2, vf(2, null));
        assertNull(driver.rss(2));
        assertEquals(0xA, pf.reg(MRQC));
        driver.update(4, vf(4, b));
        assertEquals(b, driver.rss(4));
        assertEquals(1 << 20 | 0xA, pf.reg(MRQC));
    }

    @Test
    void theOneThatChoseMayChooseAnewAndOneThatIsAloneToo() {
        RssSettings a = rss(1, Set.of(RssType.IPV4));
        RssSettings b = rss(2, Set.of(RssType.IPV6));
        driver.assign(1, vf(1, a));
        driver.assign(2, vf(2, a));
        driver.update(1, vf(1, b));
        assertEquals(b, driver.rss(2));
        driver.release(1);
        driver.update(2, vf(2, a));
        assertEquals(a, driver.rss(2));
        pf.takeWrites();
        driver.update(2, vf(2, a));
        assertTrue(pf.takeWrites().stream().noneMatch(w -> w.startsWith("5c")), "the same again is not written");
    }

    @Test
    void queuesThatAPoolDoesNotHaveAreFolded() {
        driver.stop();
        driver.start(40);
        driver.assign(1, vf(1, rss(0, Set.of(RssType.IPV4))));
        assertEquals(2, driver.queuesPerVf());
        assertEquals(0x0100_0100, pf.reg(RETA));
        assertEquals(rss(0, Set.of(RssType.IPV4)).within(2), driver.rss(1));
    }

    @Test
    void aNewStartForgetsEverything() {
        driver.assign(1, vf(1, rss(1, Set.of(RssType.IPV4))));
        driver.stop();
        driver.start(8);
        assertEquals(0xA, pf.reg(MRQC));
        driver.assign(2, vf(2, rss(2, Set.of(RssType.IPV6))));
        assertEquals(rss(2, Set.of(RssType.IPV6)), driver.rss(2));
    }
}
