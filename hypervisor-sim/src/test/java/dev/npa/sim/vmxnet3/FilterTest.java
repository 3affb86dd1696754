package dev.npa.sim.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.sim.net.PortFilter;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the driver writes into rxFilterConf reaches port and backend; vmxnet3 §7, §12. */
class FilterTest {

    private static final int TABLE = 0x30_0000;

    private static Lab lab() {
        Lab lab = new Lab().describe();
        lab.memory.putInt(Lab.SHARED + 0x78, 0);
        lab.activate();
        return lab;
    }

    @Test
    void nothingPassesWithModeZero() {
        Lab lab = lab();
        assertEquals(0, lab.port.filters.size(), "the port's filter is closed anyway");
        assertEquals(PortFilter.CLOSED, lab.backend.filter);
    }

    @Test
    void eachModeBitHasItsFlag() {
        boolean[][] flags = {{true, false, false, false}, {false, false, false, false}, {false, true, false, false},
            {false, false, true, false}, {false, false, false, true}};
        for (int bit = 0; bit < 5; bit++) {
            Lab lab = lab();
            lab.memory.putInt(Lab.SHARED + 0x78, 1 << bit);
            lab.command(0xCAFE0003);
            PortFilter f = lab.backend.filter;
            assertEquals(flags[bit][0], f.unicast());
            assertEquals(flags[bit][1], f.broadcast());
            assertEquals(flags[bit][2], f.allMulticast());
            assertEquals(flags[bit][3], f.promiscuous());
        }
    }

    @Test
    void multicastTableIsCopiedAndCountsWithItsBitOnly() {
        Lab lab = lab();
        lab.memory.copyFrom(TABLE, Frames.hex("01005e000001 333300000001"), 0, 12);
        lab.memory.putLong(Lab.SHARED + 0x80, TABLE);
        lab.memory.putShort(Lab.SHARED + 0x7C, (short) 12);
        lab.command(0xCAFE0004);
        assertEquals(Set.of(), lab.backend.filter.multicast());
        lab.memory.fill(TABLE, 12, (byte) 0);
        lab.memory.putInt(Lab.SHARED + 0x78, 2);
        lab.command(0xCAFE0003);
        Set<MacAddress> expected =
                Set.of(MacAddress.parse("01:00:5e:00:00:01"), MacAddress.parse("33:33:00:00:00:01"));
        assertEquals(expected, lab.backend.filter.multicast());
        assertEquals(lab.backend.filter, lab.port.lastFilter());
    }

    @Test
    void vlanTableIsABitmap() {
        Lab lab = lab();
        lab.memory.putInt(Lab.SHARED + 0x88, 1);
        lab.memory.putInt(Lab.SHARED + 0x88 + 4 * 3, 1 << 4);
        lab.memory.putInt(Lab.SHARED + 0x88 + 4 * 127, 1 << 31);
        lab.command(0xCAFE0005);
        assertEquals(Set.of(0, 100, 4095), lab.backend.filter.vlans());
    }

    @Test
    void aVlanTableWithoutGapsMeansAllVlansAndOneGapDoesNot() {
        Lab lab = lab();
        for (int word = 0; word < 128; word++) {
            lab.memory.putInt(Lab.SHARED + 0x88 + 4 * word, word == 127 ? -1 >>> 1 : -1);
        }
        lab.command(0xCAFE0005);
        assertNull(lab.backend.filter.vlans(), "4095 is no VLAN");
        lab.memory.putInt(Lab.SHARED + 0x88 + 4 * 3, ~(1 << 4));
        lab.command(0xCAFE0005);
        assertEquals(4094, lab.backend.filter.vlans().size());
        assertFalse(lab.backend.filter.vlans().contains(100));
    }

    @Test
    void badTableIsRefusedAndTheOldOneStays() {
        Lab lab = lab();
        PortFilter before = lab.backend.filter;
        lab.memory.putLong(Lab.SHARED + 0x80, 0x7FF_FFFF0L);
        lab.memory.putShort(Lab.SHARED + 0x7C, (short) 12);
        lab.command(0xCAFE0004);
        assertTrue(lab.violation().contains("mfTablePA"));
        assertEquals(before, lab.backend.filter);
        assertTrue(lab.dma.isReady(), "a bad address costs the command only");
    }

    @Test
    void updatesNeedAnActiveDevice() {
        Lab lab = new Lab().describe();
        lab.command(0xCAFE0003);
        assertTrue(lab.violation().contains("not active"));
        assertEquals(0, lab.port.filters.size());
    }
}
