package dev.npa.pf.broadcom;

import dev.npa.hw.MacAddress;
import dev.npa.pf.broadcom.hsi.EventElement;
import dev.npa.pf.broadcom.hsi.Ramrod;
import dev.npa.pf.broadcom.hsi.RuleSet;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * The rules of one function's leading client in the embedded switch, as the device has them now. Each call tells what
 * they shall be; only what differs is sent. §8.1, §8.2, §8.3
 */
final class ClientRules {

    /** A client that was just set up drops all from the wire, but nothing from the port's own functions. §8 */
    private static final int UNKNOWN = -1;

    private final SlowPath slowPath;
    private final int function;
    private final int client;
    private final int engine;
    private final int cid;
    private Set<MacAddress> macs = Set.of();
    private Set<Integer> vlans = Set.of();
    private Set<Integer> bins = Set.of();
    private int accept = UNKNOWN;

    ClientRules(SlowPath slowPath, int function, int client, int engine, int cid) {
        this.slowPath = slowPath;
        this.function = function;
        this.client = client;
        this.engine = engine;
        this.cid = cid;
    }

    Set<MacAddress> macs() {
        return macs;
    }

    void macs(Set<MacAddress> wanted) {
        change(macs, wanted, Ramrod.CLASSIFICATION_RULES, EventElement.CLASSIFICATION,
                (rules, mac) -> rules.mac(function, client, mac, wanted.contains(mac)));
        macs = Set.copyOf(wanted);
    }

    void vlans(Set<Integer> wanted) {
        change(vlans, wanted, Ramrod.CLASSIFICATION_RULES, EventElement.CLASSIFICATION,
                (rules, vlan) -> rules.vlan(function, client, vlan, wanted.contains(vlan)));
        vlans = Set.copyOf(wanted);
    }

    void bins(Set<Integer> wanted) {
        change(bins, wanted, Ramrod.MULTICAST_RULES, EventElement.MULTICAST,
                (rules, bin) -> rules.bin(function, engine, bin, wanted.contains(bin)));
        bins = Set.copyOf(wanted);
    }

    /** Sets the accept bits of {@link RuleSet}. */
    void accept(int state) {
        if (state != accept) {
            slowPath.run(Ramrod.FILTER_RULES, Ramrod.ETHERNET, function, cid, EventElement.FILTERS,
                    m -> new RuleSet(m, slowPath.nextEcho()).accept(function, client, state));
            accept = state;
        }
    }

    /** Takes all rules back; a client that never was set up has none. */
    void removeAll() {
        if (accept == UNKNOWN) {
            return;
        }
        accept(RuleSet.DROP_ALL);
        vlans(Set.of());
        macs(Set.of());
        bins(Set.of());
    }

    /** The device lost the rules by a reset of the function, or never had them. */
    void forget() {
        macs = Set.of();
        vlans = Set.of();
        bins = Set.of();
        accept = UNKNOWN;
    }

    private <T extends Comparable<T>> void change(Set<T> now, Set<T> wanted, int command, int opcode,
            BiConsumer<RuleSet, T> rule) {
        Set<T> different = new TreeSet<>(wanted);
        different.removeAll(now);
        now.stream().filter(t -> !wanted.contains(t)).forEach(different::add);
        Iterator<T> left = different.iterator();
        while (left.hasNext()) {
            slowPath.run(command, Ramrod.ETHERNET, function, cid, opcode, m -> {
                RuleSet rules = new RuleSet(m, slowPath.nextEcho());
                while (left.hasNext() && !rules.isFull()) {
                    rule.accept(rules, left.next());
                }
            });
        }
    }
}
