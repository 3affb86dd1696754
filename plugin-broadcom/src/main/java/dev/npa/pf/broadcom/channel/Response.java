package dev.npa.pf.broadcom.channel;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.MacAddress;
import dev.npa.pf.broadcom.hsi.Mac48;
import java.nio.charset.StandardCharsets;

/** Writes a response into its {@value Tlv#MESSAGE_BYTES} bytes. §9, §9.2 */
public final class Response {

    private static final int SHORT_BYTES = 8;
    private static final int ACQUIRE_BYTES = 120;
    private static final int STATUS = 4;
    private static final int HW_BLOCKS = 52;
    private static final int HW_QUEUES = 84;
    private static final int DOORBELL_BYTES = 8;
    private static final int INDICES = 8;
    /** RSS, TPA, TPA update, VLAN filter. */
    private static final int CAPABILITIES = 1 | 4 | 8 | 16;
    private static final String FIRMWARE = "7.13.1.0";

    private final DmaMemory m;

    public Response(DmaMemory memory) {
        m = memory;
    }

    /** A response that is nothing but a status. */
    public void status(int type, int status) {
        m.clear();
        header(0, type, SHORT_BYTES);
        m.putByte(STATUS, (byte) status);
        header(SHORT_BYTES, Tlv.LIST_END, SHORT_BYTES);
    }

    /**
     * The response to ACQUIRE.
     *
     * @param chip chip_num
     * @param firstBlock first status block, which is also the first queue zone
     * @param granted queues, and as many status blocks; with {@link Tlv#NO_RESOURCE} the most there are
     * @param permanent the address that the hypervisor gave
     */
    public void acquire(int status, int chip, int firstBlock, int granted, int macs, int vlans, int multicasts,
            MacAddress permanent, MacAddress portId) {
        m.clear();
        header(0, Tlv.ACQUIRE, ACQUIRE_BYTES);
        m.putByte(STATUS, (byte) status);
        m.putInt(8, chip);
        m.putInt(12, CAPABILITIES);
        byte[] version = FIRMWARE.getBytes(StandardCharsets.US_ASCII);
        m.put(16, version, 0, version.length);
        m.putShort(48, (short) DOORBELL_BYTES);
        m.putByte(50, (byte) INDICES);
        for (int i = 0; i < granted; i++) {
            m.putByte(HW_BLOCKS + 2 * i, (byte) (firstBlock + i));
            m.putByte(HW_BLOCKS + 2 * i + 1, (byte) (firstBlock + i));
            m.putByte(HW_QUEUES + i, (byte) (firstBlock + i));
        }
        m.putByte(100, (byte) granted);
        m.putByte(101, (byte) granted);
        m.putByte(102, (byte) granted);
        m.putByte(103, (byte) macs);
        m.putByte(104, (byte) vlans);
        m.putByte(105, (byte) multicasts);
        Mac48.putBytes(m, 106, permanent);
        Mac48.putBytes(m, 112, permanent);
        int at = ACQUIRE_BYTES;
        header(at, Tlv.PHYS_PORT_ID, 12);
        Mac48.putBytes(m, at + 4, portId);
        at += 12;
        header(at, Tlv.FP_HSI_SUPPORT, 8);
        m.putByte(at + 4, (byte) 1);
        header(at + 8, Tlv.LIST_END, 8);
    }

    private void header(int at, int type, int length) {
        m.putShort(at, (short) type);
        m.putShort(at + 2, (short) length);
    }
}
