package dev.npa.plugin.broadcom.regs;

/** Offsets in BAR 0 of a VF, and the words written there. §2, §5.2, §6.4, §9 */
public final class VfBar {

    /** Interrupt ack of status block 0; blocks are absolute numbers. §2 */
    private static final int IGU_ACK = 0x2000;
    /** Receive producers of queue zone 0; zones are absolute numbers. §2 */
    private static final int USDM_ZONES = 0x3000;
    private static final int ZONE_BYTES = 32;
    /** Mailbox: message address low, high, and the trigger. §9 */
    public static final int MESSAGE_LO = 0x7600;
    public static final int MESSAGE_HI = 0x7604;
    public static final int TRIGGER = 0x7608;
    /** Doorbell of queue 0; reads of the window give the ME register. §2 */
    public static final int DOORBELLS = 0x7C00;
    /** Bytes of the doorbell window. */
    public static final int DOORBELL_BYTES = 512;
    /** Queue zones and status blocks of a path. §1 */
    public static final int BLOCKS = 136;

    /** Doorbell header: a doorbell of a transmit queue, connection type Ethernet. §4.7 */
    private static final int DB_TYPE = 0x02;

    private static final int IGU_SEGMENT_DEFAULT = 1 << 21;
    private static final int IGU_UPDATE = 1 << 24;
    private static final int IGU_DISABLE = 1 << 25;

    private VfBar() {}

    /** Offset of the interrupt ack word of a status block. */
    public static int iguAck(int block) {
        return IGU_ACK + 8 * block;
    }

    /** Offset of the receive producers of a queue zone: {cqe, bd} first, {sge, 0} in the next word. §5.2 */
    public static int producers(int zone) {
        return USDM_ZONES + ZONE_BYTES * zone;
    }

    /** The doorbell word for a producer of transmit descriptors. §4.7 */
    public static int doorbell(int producer) {
        return producer << 16 | DB_TYPE;
    }

    /** Ack word that masks a block and leaves its consumer. §6.4 */
    public static int iguDisable() {
        return IGU_DISABLE | IGU_SEGMENT_DEFAULT;
    }

    /** Ack word that stores the running index as seen and unmasks the block. §6.4 */
    public static int iguEnable(int runningIndex) {
        return IGU_UPDATE | IGU_SEGMENT_DEFAULT | runningIndex & 0xFFFF;
    }

    /** ME register: the VF is valid and not in error. A device that is gone answers all ones. §1 */
    public static boolean isValidVf(int me) {
        return me != -1 && (me & 1 << 8) != 0 && (me & 1 << 3) == 0;
    }

    /** ME register: absolute number of the VF on its path, 0..63. §1 */
    public static int absoluteVf(int me) {
        return me >>> 9 & 0x3F;
    }
}
