package dev.npa.pf.broadcom.hsi;

import dev.npa.hw.DmaMemory;

/** Data of CLIENT_SETUP: one queue pair. §8 */
public record ClientSetup(General general, Rx rx, Tx tx) {

    /** Bytes of the structure. */
    public static final int BYTES = 120;

    private static final int RX = 16;
    private static final int TX = 96;
    private static final int RX_INDEX = 1;
    private static final int TX_INDEX = 5;
    private static final int FIRMWARE_INTERFACE = 2;
    /** Class of service 0 alone. */
    private static final int COS_MASK = 1;

    /**
     * What receive and transmit have in common.
     *
     * @param client client id; also the id of its statistics counters
     * @param spClient client whose completion ring takes the completions of this one's ramrods
     * @param mtu payload bytes
     * @param function firmware's function id
     */
    public record General(int client, int spClient, int mtu, int function) {}

    /**
     * Receive part.
     *
     * @param tpa aggregation: b0 IPv4, b1 IPv6, b2 mode
     * @param maxSges receive pages of a frame beyond its first buffer
     * @param maxBytesOnBd bytes of a buffer that the device may fill
     * @param leading whether packets that RSS does not spread come here
     * @param accept accept bits of {@link RuleSet}
     * @param silentVlan VLAN id whose tags are removed without a word; 0 = none
     */
    public record Rx(int tpa, int cacheLineLog, int maxSges, int zone, int statusBlock, boolean stripVlan,
            int maxTpaQueues, int maxBytesOnBd, int sgeBytes, int multicastEngine, int rssEngine, long bdBase,
            long sgeBase, long cqeBase, boolean leading, int maxAggregation, int accept, int silentVlan) {}

    /**
     * Transmit part.
     *
     * @param security whether the frame must be what its descriptors say
     * @param leadingClient first client of the function
     * @param switching whether frames may go to other functions of the port
     * @param defaultVlan VLAN id that untagged frames get; 0 = none
     */
    public record Tx(boolean security, int statusBlock, int leadingClient, boolean switching, boolean antiSpoof,
            int defaultVlan, long bdBase) {}

    /** Writes the structure into zeroed memory. */
    public void write(DmaMemory m) {
        m.putByte(0, (byte) general.client);
        m.putByte(1, (byte) general.client);
        m.putByte(2, (byte) 1);
        m.putByte(4, (byte) 1);
        m.putByte(5, (byte) general.spClient);
        m.putShort(6, (short) general.mtu);
        m.putByte(8, (byte) 1);
        m.putByte(9, (byte) general.function);
        m.putByte(12, (byte) FIRMWARE_INTERFACE);
        writeRx(m);
        writeTx(m);
    }

    private void writeRx(DmaMemory m) {
        m.putByte(RX, (byte) rx.tpa);
        m.putByte(RX + 3, (byte) rx.cacheLineLog);
        m.putByte(RX + 5, (byte) rx.maxSges);
        m.putByte(RX + 6, (byte) rx.zone);
        m.putByte(RX + 11, flag(rx.stripVlan));
        m.putByte(RX + 13, (byte) rx.statusBlock);
        m.putByte(RX + 14, (byte) RX_INDEX);
        m.putByte(RX + 15, (byte) 1);
        m.putByte(RX + 16, (byte) rx.maxTpaQueues);
        m.putByte(RX + 17, flag(rx.silentVlan != 0));
        m.putShort(RX + 18, (short) rx.maxBytesOnBd);
        m.putShort(RX + 20, (short) rx.sgeBytes);
        m.putByte(RX + 22, (byte) rx.multicastEngine);
        m.putByte(RX + 23, (byte) rx.rssEngine);
        m.putLong(RX + 24, rx.bdBase);
        m.putLong(RX + 32, rx.sgeBase);
        m.putLong(RX + 40, rx.cqeBase);
        m.putByte(RX + 48, flag(rx.leading));
        m.putByte(RX + 49, (byte) 1);
        m.putShort(RX + 50, (short) rx.maxAggregation);
        m.putShort(RX + 52, (short) rx.accept);
        m.putShort(RX + 66, (short) COS_MASK);
        m.putShort(RX + 68, (short) rx.silentVlan);
        m.putShort(RX + 70, (short) (rx.silentVlan != 0 ? ClientUpdate.VLAN_ID_MASK : 0));
    }

    private void writeTx(DmaMemory m) {
        m.putByte(TX, flag(tx.security));
        m.putByte(TX + 1, (byte) tx.statusBlock);
        m.putByte(TX + 2, (byte) TX_INDEX);
        m.putByte(TX + 3, (byte) tx.leadingClient);
        m.putByte(TX + 4, flag(tx.switching));
        m.putByte(TX + 5, flag(tx.antiSpoof));
        m.putShort(TX + 6, (short) tx.defaultVlan);
        m.putLong(TX + 8, tx.bdBase);
        m.putByte(TX + 18, flag(tx.defaultVlan != 0));
    }

    private static byte flag(boolean value) {
        return (byte) (value ? 1 : 0);
    }
}
