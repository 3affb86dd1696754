package dev.npa.shell.runtime.linux;

import dev.npa.hw.LinkState;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.netdev.RssConfig;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The network device's settings and statistics under the names that ethtool gives them. On the guest's first virtual
 * CPU.
 *
 * <p>Offloads are <i>fixed</i>: the device always does them, whatever carries it. What can be set is how received
 * packets are spread.
 */
public final class Ethtool {

    private static final String HASHING = "receive-hashing";

    private final NetDevice device;
    private RssConfig lastRss;

    Ethtool(NetDevice device) {
        this.device = device;
        this.lastRss = device.rss() == null ? RssConfig.spread(device.queues()) : device.rss();
    }

    /** {@code ethtool eth0}: link and speed. */
    public Map<String, String> link() {
        LinkState link = device.link();
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Speed", link.up() ? link.megabitsPerSecond() + "Mb/s" : "Unknown!");
        all.put("Duplex", link.up() ? "Full" : "Unknown!");
        all.put("Link detected", link.up() ? "yes" : "no");
        return all;
    }

    /** {@code ethtool -k}: features and whether each is on. */
    public Map<String, Boolean> features() {
        Map<String, Boolean> all = new LinkedHashMap<>();
        for (String fixed : new String[] {"rx-checksumming", "tx-checksum-ipv4", "tx-checksum-ipv6", "tx-scatter-gather",
            "tx-tcp-segmentation", "tx-tcp6-segmentation", "large-receive-offload", "rx-vlan-offload",
            "tx-vlan-offload"}) {
            all.put(fixed, true);
        }
        all.put(HASHING, device.rss() != null);
        return all;
    }

    /**
     * {@code ethtool -K}: turns a feature on or off.
     *
     * @throws IllegalArgumentException if there is no such feature, or it is fixed
     */
    public void feature(String name, boolean on) {
        Boolean now = features().get(name);
        if (now == null) {
            throw new IllegalArgumentException("there is no feature '" + name + "'; there are " + features().keySet());
        }
        if (now == on) {
            return;
        }
        if (!name.equals(HASHING)) {
            throw new IllegalArgumentException("feature '" + name + "' is fixed: the device always does it; only '"
                    + HASHING + "' can be changed");
        }
        if (!on) {
            lastRss = device.rss();
        }
        device.rss(on ? lastRss : null);
    }

    /** {@code ethtool -l}: combined channels, each a receive and a transmit queue with a vector of their own. */
    public int channels() {
        return device.queues();
    }

    /** {@code ethtool -x}: the key in hexadecimal with colons. */
    public String rssKey() {
        return HexFormat.ofDelimiter(":").formatHex(current().key());
    }

    /** {@code ethtool -x}: the indirection table. */
    public int[] rssTable() {
        return current().table();
    }

    /**
     * {@code ethtool -X equal N}: spreads received packets evenly over the first queues.
     *
     * @throws IllegalArgumentException if there are not so many
     */
    public void rssEqual(int queues) {
        if (queues < 1 || queues > device.queues()) {
            throw new IllegalArgumentException("packets cannot be spread over " + queues + " queues; the device has 1.."
                    + device.queues());
        }
        int[] table = current().table();
        for (int i = 0; i < table.length; i++) {
            table[i] = i % queues;
        }
        rss(new RssConfig(current().types(), current().key(), table));
    }

    /**
     * {@code ethtool -X hkey}: another key.
     *
     * @param key 40 bytes in hexadecimal with colons
     * @throws IllegalArgumentException if it is not that
     */
    public void rssKey(String key) {
        byte[] bytes;
        try {
            bytes = HexFormat.ofDelimiter(":").parseHex(key);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the RSS key '" + key + "' is not " + RssConfig.KEY_BYTES
                    + " bytes in hexadecimal with colons between them", e);
        }
        rss(new RssConfig(current().types(), bytes, current().table()));
    }

    private void rss(RssConfig config) {
        lastRss = config;
        device.rss(config);
    }

    private RssConfig current() {
        RssConfig rss = device.rss();
        return rss == null ? lastRss : rss;
    }

    /** {@code ethtool -S}: all counters by name, always the same names in the same order. */
    public Map<String, Long> statistics() {
        device.statistics().refresh();
        return device.statistics().named();
    }
}
