package dev.npa.hw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class MacAddressTest {

    @Property
    void textAndRegistersRoundTrip(@ForAll @LongRange(min = 0, max = 0xFFFF_FFFF_FFFFL) long value) {
        MacAddress mac = new MacAddress(value);
        assertEquals(mac, MacAddress.parse(mac.toString()));
        assertEquals(mac, MacAddress.ofRegisters(mac.low32(), mac.high16()));
        assertEquals(mac, MacAddress.ofRegisters(mac.low32(), mac.high16() | 0x8000_0000), "upper bits are ignored");
    }

    @Test
    void registersHoldTheFirstByteOnTheWireInTheirLowestBits() {
        MacAddress mac = MacAddress.parse("02:11:22:33:44:55");
        assertEquals(0x33221102, mac.low32());
        assertEquals(0x5544, mac.high16());
        assertEquals(0x02, mac.octet(0));
        assertEquals(0x55, mac.octet(5));
        assertEquals(mac, MacAddress.parse("02-11-22-33-44-55"));
    }

    @Test
    void groupBitIsTheLowestOfTheFirstByte() {
        assertTrue(MacAddress.BROADCAST.isGroup());
        assertTrue(MacAddress.parse("01:00:5e:00:00:01").isGroup());
        assertEquals(false, MacAddress.parse("02:00:00:00:00:01").isGroup());
    }

    @Test
    void whatIsNoAddressIsRefusedInWords() {
        for (String text : new String[] {"", "02:00:00:00:00", "02:00:00:00:00:0g", "020000000001"}) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> MacAddress.parse(text)).getMessage()
                    .contains("is not an Ethernet address"));
        }
        assertThrows(IllegalArgumentException.class, () -> new MacAddress(1L << 48));
        assertThrows(IllegalArgumentException.class, () -> new MacAddress(-1));
    }
}
