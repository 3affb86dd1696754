package dev.npa.shell.runtime.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.DeviceCounter;
import dev.npa.shell.runtime.netdev.QueueStatistics.Counter;
import dev.npa.shell.runtime.os.OsRig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EthtoolTest {

    private final OsRig rig = new OsRig(LinuxOs.factory(), 4, 64);
    private final Ethtool ethtool = ((LinuxOs) rig.system).ethtool();

    @Test
    void linkShowsTheSpeedOfTheCarrier() {
        assertEquals(Map.of("Speed", "10000Mb/s", "Duplex", "Full", "Link detected", "yes"), ethtool.link());
        rig.device.up = false;
        assertEquals(Map.of("Speed", "Unknown!", "Duplex", "Unknown!", "Link detected", "no"), ethtool.link());
    }

    @Test
    void hashingCanBeTurnedOffAndOnAgainWithWhatItHadBefore() {
        ethtool.rssEqual(2);
        ethtool.feature("receive-hashing", false);
        assertNull(rig.device.rss());
        ethtool.feature("receive-hashing", true);
        assertEquals(1, rig.device.rss().highestQueue());
    }

    @Test
    void aFixedFeatureCannotBeChangedAndAnUnknownOneIsNamed() {
        ethtool.feature("tx-tcp-segmentation", true);
        String fixed = assertThrows(IllegalArgumentException.class,
                () -> ethtool.feature("tx-tcp-segmentation", false)).getMessage();
        assertTrue(fixed.contains("'tx-tcp-segmentation' is fixed"), fixed);
        String unknown = assertThrows(IllegalArgumentException.class, () -> ethtool.feature("warp", true)).getMessage();
        assertTrue(unknown.contains("no feature 'warp'") && unknown.contains("receive-hashing"), unknown);
    }

    @Test
    void spreadingOverFewerQueuesFillsTheTableInTurn() {
        ethtool.rssEqual(3);
        int[] table = ethtool.rssTable();
        for (int i = 0; i < table.length; i++) {
            assertEquals(i % 3, table[i]);
        }
        assertArrayEquals(table, rig.device.rss().table());
        assertThrows(IllegalArgumentException.class, () -> ethtool.rssEqual(5));
        assertThrows(IllegalArgumentException.class, () -> ethtool.rssEqual(0));
    }

    @Test
    void theKeyIsFortyBytesInHexadecimal() {
        String key = "01:".repeat(39) + "02";
        ethtool.rssKey(key);
        assertEquals(key, ethtool.rssKey());
        assertEquals(2, rig.device.rss().key()[39]);
        assertThrows(IllegalArgumentException.class, () -> ethtool.rssKey("01:02"));
        String message = assertThrows(IllegalArgumentException.class, () -> ethtool.rssKey("zz")).getMessage();
        assertTrue(message.contains("'zz' is not 40 bytes"), message);
    }

    @Test
    void statisticsHaveTheSameNamesInTheSameOrderAlways() {
        List<String> before = new ArrayList<>(ethtool.statistics().keySet());
        rig.device.statistics().queue(2).add(Counter.RX_PACKETS, 5);
        rig.device.statistics().addDevice(DeviceCounter.RX_FRAMES, 1L << 40);
        Map<String, Long> after = ethtool.statistics();
        assertEquals(before, new ArrayList<>(after.keySet()));
        assertEquals(5, after.get("rx_packets"));
        assertEquals(5, after.get("queue_2_rx_packets"));
        assertEquals(1L << 40, after.get("device_rx_frames"));
        assertNotNull(after.get("queue_3_tx_packets"));
    }
}
