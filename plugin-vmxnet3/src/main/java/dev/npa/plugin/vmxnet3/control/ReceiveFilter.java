package dev.npa.plugin.vmxnet3.control;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.MacAddress;
import dev.npa.shell.Shell;
import java.util.Set;

/**
 * Writes rxFilterConf of DriverShared. The multicast table stays allocated while it is in force, so that an activation,
 * which reads all of DriverShared, finds it. Not thread-safe: the control's lock guards it.
 */
final class ReceiveFilter {

    private static final int ENTRY = 6;
    /** mfTableLen is a u16 in bytes. */
    private static final int MAX_ENTRIES = 0xFFFF / ENTRY;
    private static final int MAX_VLAN = 4094;

    private final Shell shell;
    private final DmaMemory shared;
    private DmaMemory table;

    ReceiveFilter(Shell shell, DmaMemory shared) {
        this.shell = shell;
        this.shared = shared;
        writeVlans(Set.of());
    }

    /** Writes mode, multicast table and VLAN table; on an exception the old settings stay. */
    void write(int mode, Set<MacAddress> multicast, Set<Integer> vlans) {
        for (int vlan : vlans) {
            if (vlan < 0 || vlan > MAX_VLAN) {
                throw new IllegalArgumentException("VLAN " + vlan + " is not in 0.." + MAX_VLAN);
            }
        }
        // A table that does not fit widens the filter; the stack drops the rest.
        boolean fits = multicast.size() <= MAX_ENTRIES;
        DmaMemory old = table;
        table = fits && !multicast.isEmpty() ? writeTable(multicast) : null;
        shared.putLong(DriverShared.MF_TABLE_PA, table == null ? 0 : table.address());
        shared.putShort(DriverShared.MF_TABLE_LEN, (short) (table == null ? 0 : multicast.size() * ENTRY));
        shared.putInt(DriverShared.RX_MODE, mode
                | (table == null ? 0 : DriverShared.RX_MODE_MULTICAST) | (fits ? 0 : DriverShared.RX_MODE_ALL_MULTI));
        writeVlans(vlans);
        if (old != null) {
            shell.free(old);
        }
    }

    private DmaMemory writeTable(Set<MacAddress> multicast) {
        DmaMemory memory = shell.allocate(multicast.size() * ENTRY, 64);
        int at = 0;
        for (MacAddress mac : multicast) {
            for (int i = 0; i < ENTRY; i++) {
                memory.putByte(at++, mac.octet(i));
            }
        }
        return memory;
    }

    private void writeVlans(Set<Integer> vlans) {
        for (int word = 0; word < DriverShared.VF_TABLE_WORDS; word++) {
            shared.putInt(DriverShared.VF_TABLE + 4 * word, 0);
        }
        allow(0); // §7: the entry of untagged and priority-tagged frames
        for (int vlan : vlans) {
            allow(vlan);
        }
    }

    private void allow(int vlan) {
        int at = DriverShared.VF_TABLE + 4 * (vlan >> 5);
        shared.putInt(at, shared.getInt(at) | 1 << (vlan & 31));
    }

    void free() {
        if (table != null) {
            shell.free(table);
            table = null;
        }
    }
}
