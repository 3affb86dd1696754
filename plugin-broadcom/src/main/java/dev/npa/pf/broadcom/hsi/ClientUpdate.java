package dev.npa.pf.broadcom.hsi;

import dev.npa.hw.DmaMemory;

/**
 * Data of CLIENT_UPDATE: what the PF changes of a client that is set up. §8
 *
 * @param defaultVlan VLAN id that untagged frames get on transmit and that is removed silently on receive; 0 = none
 */
public record ClientUpdate(int client, int function, boolean antiSpoof, int defaultVlan) {

    /** Bytes of the structure. */
    public static final int BYTES = 32;

    /** The VLAN id of a tag. */
    static final int VLAN_ID_MASK = 0x0FFF;

    /** Writes the structure into zeroed memory; what it does not name stays as it is. */
    public void write(DmaMemory m) {
        boolean forced = defaultVlan != 0;
        m.putByte(0, (byte) client);
        m.putByte(1, (byte) function);
        m.putShort(6, flagAndChange(antiSpoof));
        m.putShort(10, (short) defaultVlan);
        m.putShort(12, flagAndChange(forced));
        m.putShort(14, (short) defaultVlan);
        m.putShort(16, (short) (forced ? VLAN_ID_MASK : 0));
        m.putShort(18, flagAndChange(forced));
    }

    private static short flagAndChange(boolean value) {
        return (short) (0x0100 | (value ? 1 : 0));
    }
}
