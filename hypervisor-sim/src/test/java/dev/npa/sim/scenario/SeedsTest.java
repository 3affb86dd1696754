package dev.npa.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges of seeds as one writes them. */
class SeedsTest {

    @ParameterizedTest
    @CsvSource({"200,1,200,200", "1,1,1,1", "5..9,5,9,5", "-3..3,-3,3,7", "7..7,7,7,1", "1..10000000,1,10000000,10000000"})
    void aNumberIsTheLastSeedAndARangeHasBothEnds(String text, long first, long last, long count) {
        Seeds seeds = Seeds.parse(text);
        assertEquals(new Seeds(first, last), seeds);
        assertEquals(count, seeds.count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "9..5", "many", "1...5", "1..", "..5", "", "1.5", "99999999999999999999",
        "1..10000001", "0..10000000", "-999999999999999999..999999999999999999"})
    void whatIsNoRangeIsRefusedWithASentence(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Seeds.parse(text));
        assertTrue(e.getMessage().contains("A..B"), e.getMessage());
    }

    @Test
    void theTextOfARangeIsReadAgain() {
        assertEquals(new Seeds(5, 9), Seeds.parse(new Seeds(5, 9).toString()));
        assertEquals("7", new Seeds(7, 7).toString());
    }
}
