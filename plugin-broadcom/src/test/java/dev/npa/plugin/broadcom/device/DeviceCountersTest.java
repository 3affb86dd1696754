package dev.npa.plugin.broadcom.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.broadcom.testing.Rig;
import org.junit.jupiter.api.Test;

/** The statistics blocks as 64-bit counters. §7 */
class DeviceCountersTest {

    private final Rig rig = new Rig();

    private long read(DeviceCounter counter) {
        return rig.plugin.counter(counter);
    }

    private void running() {
        rig.plugin.configure(Rig.config(2, 128, 1500, Rig.all()));
        rig.plugin.start();
    }

    @Test
    void kindsAndQueuesAreSummedLessWhatFoundNoBuffer() {
        running();
        int[][] narrow = {{8, 100}, {24, 20}, {40, 3}, {80, 10}, {84, 2}, {88, 1}, {136, 7}, {140, 70}, {144, 700}};
        int[][] wide = {{0, 1000}, {16, 200}, {32, 30}, {56, 100}, {64, 20}, {72, 3}, {112, 9}, {120, 90}, {128, 900}};
        for (int i = 0; i < 9; i++) {
            rig.device.statistics(0, narrow[i][0], narrow[i][1], false);
            rig.device.statistics(0, wide[i][0], wide[i][1], true);
        }
        rig.device.statistics(1, 8, 10_000, false);
        rig.device.statistics(1, 112, 0x1_0000_0000L, true);
        assertEquals(123 - 13 + 10_000, read(DeviceCounter.RX_FRAMES));
        assertEquals(1230 - 123, read(DeviceCounter.RX_BYTES));
        assertEquals(23 - 3, read(DeviceCounter.RX_MULTICAST));
        assertEquals(777, read(DeviceCounter.TX_FRAMES));
        assertEquals(999 + 0x1_0000_0000L, read(DeviceCounter.TX_BYTES));
    }

    @Test
    void narrowFieldsWrapAndCountersDoNot() {
        running();
        rig.device.statistics(0, 136, 0x7FFF_FFF0L, false);
        assertEquals(0x7FFF_FFF0L, read(DeviceCounter.TX_FRAMES));
        rig.device.statistics(0, 136, 0xFFFF_FFE0L, false);
        assertEquals(0xFFFF_FFE0L, read(DeviceCounter.TX_FRAMES));
        rig.device.statistics(0, 136, 0xFFFF_FFF0L, false);
        assertEquals(0xFFFF_FFF0L, read(DeviceCounter.TX_FRAMES));
        rig.device.statistics(0, 136, 0x10, false);
        assertEquals(0x1_0000_0010L, read(DeviceCounter.TX_FRAMES));
    }

    @Test
    void theyGoOnOverStopAndStartAndNeverBack() {
        running();
        rig.device.statistics(0, 8, 5, false);
        rig.plugin.stop();
        assertEquals(5, read(DeviceCounter.RX_FRAMES));
        rig.device.statistics(0, 8, 9, false);
        rig.plugin.start();
        assertEquals(9, read(DeviceCounter.RX_FRAMES), "also what was written after the last look");
        rig.device.statistics(0, 8, 2, false);
        assertEquals(11, read(DeviceCounter.RX_FRAMES));
        rig.device.statistics(0, 80, 1, false);
        assertEquals(11, read(DeviceCounter.RX_FRAMES), "half of a block is written");
        rig.device.statistics(0, 8, 4, false);
        assertEquals(12, read(DeviceCounter.RX_FRAMES));
    }
}
