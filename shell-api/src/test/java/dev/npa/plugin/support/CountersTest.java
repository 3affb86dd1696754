package dev.npa.plugin.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.plugin.QueueCounter;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CountersTest {

    @Property
    void totalGoesOnOverEveryWrap(@ForAll @IntRange(min = 1, max = 64) int bits, @ForAll long start,
            @ForAll @Size(max = 30) List<@LongRange(min = 0, max = Long.MAX_VALUE) Long> steps) {
        long mask = bits == 64 ? -1 : (1L << bits) - 1;
        WrappingCounter counter = new WrappingCounter(bits, start & mask);
        long true64 = start;
        long total = 0;
        for (long step : steps) {
            long within = step & mask; // less than a lap
            true64 += within;
            total += within;
            assertEquals(total, counter.update(true64 & mask));
        }
    }

    @Test
    void bitsAboveTheRegisterAreIgnored() {
        WrappingCounter counter = new WrappingCounter(36, 0xF000_0000_0000_0005L);
        assertEquals(3, counter.update(8));
        assertEquals(3, counter.update(0x7000_0000_0000_0008L));
        assertEquals(3 + (1L << 36) - 1, counter.update(7), "one less is a lap less one");
    }

    @Test
    void aReadingWithoutChangeAddsNothing() {
        WrappingCounter counter = new WrappingCounter(32, 77);
        assertEquals(0, counter.update(77));
        assertEquals(0, counter.update(77));
    }

    @Test
    void everyCounterHasItsField() {
        QueueCounts counts = new QueueCounts();
        counts.packets = 1;
        counts.bytes = 2;
        counts.errors = 3;
        counts.noBuffer = 4;
        counts.refused = 5;
        counts.doorbells = 6;
        assertEquals(1, counts.get(QueueCounter.PACKETS));
        assertEquals(2, counts.get(QueueCounter.BYTES));
        assertEquals(3, counts.get(QueueCounter.ERRORS));
        assertEquals(4, counts.get(QueueCounter.NO_BUFFER));
        assertEquals(5, counts.get(QueueCounter.REFUSED));
        assertEquals(6, counts.get(QueueCounter.DOORBELLS));
    }
}
