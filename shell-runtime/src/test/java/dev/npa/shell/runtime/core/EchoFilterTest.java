package dev.npa.shell.runtime.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import org.junit.jupiter.api.Test;

class EchoFilterTest {

    private static final long SECOND = 1_000_000_000L;

    private final PhysicalMemory memory = PhysicalMemory.allocate(0x1000, 4096);
    private final PacketBurst burst = new PacketBurst(1);
    private final EchoFilter filter = new EchoFilter();

    /** A multicast datagram of one station to a group. */
    private boolean isDuplicate(int group, int number) {
        memory.putLong(0x1000, 0x0200_5E00_0001L | 0x1100_0000_0000_0000L);
        memory.putInt(0x1008, 0x77);
        memory.putShort(0x100C, Short.reverseBytes((short) 0x0800));
        memory.putByte(0x100E, (byte) 0x45);
        memory.putByte(0x1017, (byte) 17);
        memory.putByte(0x1000, (byte) 1);
        memory.putInt(0x101A, 0x0A00_0001);
        memory.putInt(0x101E, group);
        memory.putInt(0x1030, number);
        burst.clear();
        burst.add(0x1000, 0, 80, PacketFlags.WHOLE);
        return filter.isDuplicate(memory, burst, 0, 1);
    }

    @Test
    void flowsOfOneSourceMayComeInAnotherOrderOnTheNewPath() {
        filter.record();
        for (int n = 0; n < 3; n++) {
            assertFalse(isDuplicate(1, n));
            assertFalse(isDuplicate(2, n));
        }
        filter.compare(0);
        for (int group = 2; group >= 1; group--) {
            for (int n = 1; n < 3; n++) {
                assertTrue(isDuplicate(group, n), "group " + group + ", frame " + n);
            }
            assertFalse(isDuplicate(group, 3), "new");
            assertFalse(isDuplicate(group, 2), "sent again on purpose");
        }
    }

    @Test
    void anotherSwitchoverWithinTheWindowRemembersAnew() {
        filter.record();
        assertFalse(isDuplicate(1, 0));
        filter.compare(0);
        filter.record();
        assertTrue(isDuplicate(1, 0), "the first switchover is still compared with");
        assertFalse(isDuplicate(1, 1));
        filter.compare(SECOND);
        assertTrue(isDuplicate(1, 1), "and the second one too");
        filter.expire(2 * SECOND + SECOND / 2);
        assertTrue(filter.isActive(), "the window begins with the second");
        filter.expire(4 * SECOND);
        assertFalse(filter.isActive());
    }

    @Test
    void whatIsUndoneLeavesTheEarlierComparisonAlone() {
        filter.record();
        assertFalse(isDuplicate(1, 0));
        filter.compare(0);
        filter.record();
        filter.stop();
        assertTrue(isDuplicate(1, 0));
    }

    @Test
    void aThousandFramesAreRemembered() {
        filter.record();
        for (int n = 0; n < 1000; n++) {
            assertFalse(isDuplicate(1, n));
        }
        filter.compare(0);
        int dropped = 0;
        for (int n = 0; n < 1000; n++) {
            dropped += isDuplicate(1, n) ? 1 : 0;
        }
        assertEquals(1000, dropped);
    }
}
