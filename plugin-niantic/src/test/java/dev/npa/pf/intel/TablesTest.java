package dev.npa.pf.intel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.hw.MacAddress;
import org.junit.jupiter.api.Test;

/** Pure functions of the shared tables. */
class TablesTest {

    @Test
    void theMulticastHashTakesTwelveBitsOfTheLastTwoOctets() {
        assertEquals(0x341, MulticastTable.hash(MacAddress.parse("01:00:5e:00:12:34")));
        assertEquals(0xFFF, MulticastTable.hash(MacAddress.parse("ff:ff:ff:ff:ff:ff")));
    }

    @Test
    void theRateFactorIsSpeedOverRateWithFourteenBitsOfFraction() {
        assertEquals((10_000 << 14) / 11, RateLimiter.factor(10_000, 11));
        assertEquals(1000 << 14, RateLimiter.factor(1_000, 1));
        assertEquals(1 << 14 | 1 << 13, RateLimiter.factor(1_500, 1_000));
    }
}
