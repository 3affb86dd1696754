package dev.npa.sim.vmxnet3;

import dev.npa.hw.MacAddress;
import dev.npa.sim.net.PortFilter;
import java.util.HashSet;
import java.util.Set;

/** The receive filter as the driver describes it in rxFilterConf; vmxnet3 §7, §12. */
final class Filters {

    private static final int UNICAST = 1;
    private static final int MULTICAST = 1 << 1;
    private static final int BROADCAST = 1 << 2;
    private static final int ALL_MULTICAST = 1 << 3;
    private static final int PROMISCUOUS = 1 << 4;
    private static final int ADDRESS = 6;
    private static final int VLAN_WORDS = 128;

    private int rxMode;
    private Set<MacAddress> multicast = Set.of();
    /** Null = all, as most guests say: a set of that size is dear. VLAN 4095 is none and not looked at for this. */
    private Set<Integer> vlans = Set.of();

    void clear() {
        rxMode = 0;
        multicast = Set.of();
        vlans = Set.of();
    }

    void readAll(GuestMemory memory, long shared) throws MalformedException {
        readMode(memory, shared);
        readMulticast(memory, shared);
        readVlans(memory, shared);
    }

    void readMode(GuestMemory memory, long shared) throws MalformedException {
        int mode = memory.readInt(shared + DriverSharedLayout.RX_MODE);
        if (mode >>> 5 != 0) {
            throw new MalformedException("rxMode is 0x" + Integer.toHexString(mode) + ", it has only bits 0..4");
        }
        rxMode = mode;
    }

    void readMulticast(GuestMemory memory, long shared) throws MalformedException {
        int length = memory.readInt(shared + DriverSharedLayout.MULTICAST_LENGTH) & 0xFFFF;
        if (length % ADDRESS != 0) {
            throw new MalformedException("mfTableLen is " + length + ", it must be bytes, 6 an address");
        }
        Set<MacAddress> table = new HashSet<>();
        if (length > 0) {
            long at = memory.readLong(shared + DriverSharedLayout.MULTICAST_PA);
            memory.require("mfTablePA", at, length, 1);
            for (int i = 0; i < length; i += ADDRESS) {
                long mac = 0;
                for (int k = 0; k < ADDRESS; k++) {
                    mac = mac << 8 | memory.readByte(at + i + k);
                }
                table.add(new MacAddress(mac));
            }
        }
        multicast = Set.copyOf(table);
    }

    void readVlans(GuestMemory memory, long shared) {
        int[] words = new int[VLAN_WORDS];
        int every = -1;
        for (int w = 0; w < VLAN_WORDS; w++) {
            words[w] = memory.readInt(shared + DriverSharedLayout.VLAN_TABLE + 4L * w);
            every &= w == VLAN_WORDS - 1 ? words[w] | 1 << 31 : words[w];
        }
        if (every == -1) {
            vlans = null;
            return;
        }
        Set<Integer> table = new HashSet<>();
        for (int w = 0; w < VLAN_WORDS; w++) {
            int word = words[w];
            for (int bits = word; bits != 0; bits &= bits - 1) {
                table.add(w * 32 + Integer.numberOfTrailingZeros(bits));
            }
        }
        vlans = Set.copyOf(table);
    }

    /** The filter for switch port and VF. The table counts only with the MCAST bit. */
    PortFilter toPortFilter() {
        return new PortFilter((rxMode & UNICAST) != 0, (rxMode & BROADCAST) != 0, (rxMode & ALL_MULTICAST) != 0,
                (rxMode & PROMISCUOUS) != 0, (rxMode & MULTICAST) != 0 ? multicast : Set.of(), vlans);
    }
}
