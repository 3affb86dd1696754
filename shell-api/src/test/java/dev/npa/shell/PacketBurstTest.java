package dev.npa.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PacketBurstTest {

    private static final long ADDRESS = 0xFEDC_BA98_7654_3210L;
    private static final int HANDLE = -2;
    private static final int LENGTH = 1514;
    private static final int FLAGS = 0x8000_0003;
    private static final long OFFLOAD = 0x8123_4567_89AB_CDEFL;

    private final PacketBurst burst = new PacketBurst(4);

    private void assertEntry(int i, long offload) {
        assertEquals(ADDRESS, burst.address(i));
        assertEquals(HANDLE, burst.handle(i));
        assertEquals(LENGTH, burst.length(i));
        assertEquals(LENGTH, burst.packetLength(i));
        assertEquals(FLAGS, burst.flags(i));
        assertEquals(offload, burst.offload(i));
    }

    @Test
    void anEntryThatIsAddedHasNoRequestsOfTheOneBefore() {
        burst.put(0, 1, 2, 3, 4, OFFLOAD);
        assertEquals(0, burst.add(ADDRESS, HANDLE, LENGTH, FLAGS));
        assertEntry(0, 0);
        assertEquals(1, burst.size());
    }

    @Test
    void whatIsPutBelongsToTheBurstWithItsSize() {
        burst.add(1, 2, 3, 4);
        burst.put(1, ADDRESS, HANDLE, LENGTH, FLAGS, OFFLOAD);
        assertEquals(1, burst.size());
        burst.size(2);
        assertEntry(1, OFFLOAD);
        assertEquals(2, burst.room());
        assertEquals(2, burst.add(5, 6, 7, 8), "goes on behind it");
    }

    @Test
    void thereIsNothingBehindTheCapacity() {
        assertThrows(ArrayIndexOutOfBoundsException.class, () -> burst.put(4, 0, 0, 0, 0, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> burst.size(5));
        assertThrows(IndexOutOfBoundsException.class, () -> burst.size(-1));
        burst.size(4);
        assertThrows(ArrayIndexOutOfBoundsException.class, () -> burst.add(0, 0, 0, 0));
    }

    @Test
    void columnsOfAnEntryAreSetOneByOne() {
        burst.put(0, ADDRESS, HANDLE, 1, 2, 3);
        burst.length(0, LENGTH);
        burst.packetLength(0, LENGTH);
        burst.flags(0, FLAGS);
        burst.offload(0, OFFLOAD);
        assertEntry(0, OFFLOAD);
    }
}
