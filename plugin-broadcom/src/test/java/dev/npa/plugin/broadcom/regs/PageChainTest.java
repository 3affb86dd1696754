package dev.npa.plugin.broadcom.regs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PhysicalMemory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Page links and indices, §3, and the producer arithmetic of §4.7. */
class PageChainTest {

    @ParameterizedTest
    @CsvSource({"0,2,2", "250,4,254", "254,4,259", "251,4,256", "253,2,256", "254,2,257"})
    void producersOfThePacketsInTheSheet(int before, int nbd, int after) {
        int bd = before;
        for (int i = 0; i < nbd; i++) {
            bd = PageChain.nextTxBd(bd);
        }
        assertEquals(after, bd);
    }

    @Property
    void theProducerRuleOfTheSheetHoldsEverywhere(@ForAll @IntRange(max = 65535) int at,
            @ForAll @IntRange(min = 2, max = 13) int nbd) {
        int before = (at & 255) == 255 ? at + 1 : at; // a packet never begins on a link
        int last = before;
        for (int i = 1; i < nbd; i++) {
            last = PageChain.nextTxBd(last);
        }
        int n = PageChain.nextTxBd(last);
        int delta = nbd + ((n & 255) < nbd ? 1 : 0);
        assertEquals(before + delta, n);
    }

    @Test
    void workedNumbersOfTheSheet() {
        int bd = 0;
        int cqe = 0;
        for (int i = 0; i < 4078; i++) {
            bd = PageChain.nextRxBd(bd);
            cqe = PageChain.nextCqe(cqe);
        }
        assertEquals(4092, bd);
        assertEquals(4142, cqe);
        int sge = 0;
        for (int i = 0; i < 1020; i++) {
            sge = PageChain.nextRxBd(sge);
        }
        assertEquals(1024, sge);
    }

    @ParameterizedTest
    @CsvSource({"TX_BD,255,255,1,2", "RX_BD,510,510,2,8", "RCQ,63,63,1,64"})
    void everyPageLinksToTheNextAndTheLastToTheFirst(PageChain kind, int usable, int link, int skip, int pages) {
        assertEquals(usable, kind.left(0));
        PhysicalMemory memory = PhysicalMemory.allocate(0x2_0000_0000L, 1 << 20);
        DmaMemory ring = memory.window(0x2_0000_3000L, pages * 4096);
        kind.link(ring);
        int bytes = 4096 / kind.perPage();
        for (int page = 0; page < pages; page++) {
            assertEquals(0x2_0000_3000L + (page + 1) % pages * 4096L, ring.getLong(page * 4096 + link * bytes));
            assertEquals(0, ring.getLong(page * 4096 + (link - 1) * bytes));
        }
        assertEquals(kind.perPage(), usable + skip);
    }

    @Property
    void pagesAreTheLeastPowerOfTwoThatIsEnough(@ForAll PageChain kind, @ForAll @IntRange(min = 1, max = 9000) int n) {
        int pages = kind.pages(n, 1);
        assertEquals(1, Integer.bitCount(pages));
        assertTrue(pages * kind.left(0) >= n);
        assertTrue(pages == 1 || pages / 2 * kind.left(0) < n);
    }
}
