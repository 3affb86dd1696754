package dev.npa.pf.broadcom.hsi;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.MacAddress;

/**
 * Data of the ramrods that carry rules: an 8-byte header with count and echo, then up to {@value #MOST} rules of 16
 * bytes. Every rule holds for frames from the wire and for those of the port's own functions. §8.1, §8.2, §8.3
 */
public final class RuleSet {

    /** Rules of one ramrod. */
    public static final int MOST = 16;
    /** Bytes of the structure. */
    public static final int BYTES = 8 + 16 * MOST;

    /** Accept bits of a client. §8.2 */
    public static final int UCAST_DROP_ALL = 1;
    public static final int MCAST_DROP_ALL = 1 << 3;
    public static final int MCAST_ACCEPT_ALL = 1 << 4;
    public static final int BCAST_ACCEPT_ALL = 1 << 5;
    public static final int ACCEPT_ANY_VLAN = 1 << 6;
    /** Nothing is accepted. */
    public static final int DROP_ALL = UCAST_DROP_ALL | MCAST_DROP_ALL;

    private static final int RX_AND_TX = 3;
    private static final int OPCODE_VLAN = 1 << 2;
    private static final int ADD = 1 << 4;
    private static final int MULTICAST_ADD = 1 << 2;
    private static final int CRC32C = 0x82F63B78;

    private final DmaMemory m;
    private int count;

    /**
     * Starts an empty set.
     *
     * @param memory zeroed, at least {@value #BYTES} bytes
     * @param echo comes back in the completion
     */
    public RuleSet(DmaMemory memory, int echo) {
        m = memory;
        m.putInt(4, echo);
    }

    public int count() {
        return count;
    }

    public boolean isFull() {
        return count == MOST;
    }

    /** Adds or deletes an address of a client. */
    public void mac(int function, int client, MacAddress mac, boolean add) {
        int at = next(RX_AND_TX | (add ? ADD : 0), function, client);
        Mac48.putWords(m, at + 8, mac);
    }

    /** Adds or deletes a VLAN of a client. */
    public void vlan(int function, int client, int vlan, boolean add) {
        int at = next(RX_AND_TX | OPCODE_VLAN | (add ? ADD : 0), function, client);
        m.putShort(at + 14, (short) vlan);
    }

    /** Sets the accept bits of a client. */
    public void accept(int function, int client, int state) {
        int at = next(RX_AND_TX, function, client);
        m.putShort(at + 4, (short) state);
    }

    /** Adds or deletes a bin of a multicast engine. */
    public void bin(int function, int engine, int bin, boolean add) {
        int at = next(RX_AND_TX | (add ? MULTICAST_ADD : 0), function, bin);
        m.putByte(at + 3, (byte) engine);
    }

    private int next(int command, int function, int subject) {
        int at = 8 + 16 * count++;
        m.putByte(at, (byte) command);
        m.putByte(at + 1, (byte) function);
        m.putByte(at + 2, (byte) subject);
        m.putByte(0, (byte) count);
        return at;
    }

    /** Bin of the approximate multicast filter that an address falls into: 0..255. §8.3 */
    public static int binOf(MacAddress mac) {
        int crc = 0;
        for (int i = 0; i < 6; i++) {
            crc ^= mac.octet(i) & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) != 0 ? CRC32C : 0);
            }
        }
        return crc >>> 24;
    }
}
