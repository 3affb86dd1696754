package dev.npa.pf.broadcom;

import dev.npa.pf.RssSettings;
import dev.npa.pf.RssType;

/** Which hash types the firmware takes. §7, §15.2 */
final class RssRules {

    private RssRules() {}

    /** UDP without TCP of the same IP version stops the firmware. */
    static boolean isPossible(RssSettings rss) {
        return implies(rss, RssType.UDP_IPV4, RssType.TCP_IPV4) && implies(rss, RssType.UDP_IPV6, RssType.TCP_IPV6);
    }

    private static boolean implies(RssSettings rss, RssType udp, RssType tcp) {
        return !rss.types().contains(udp) || rss.types().contains(tcp);
    }
}
