package dev.npa.plugin.broadcom.scratch;

import dev.npa.hw.DmaMemory;

/**
 * The PF driver's end of the channel: grants what is asked for and agrees to everything, at once. Of queue pair 0 it
 * remembers what the device has to know. §9
 */
final class ScratchChannel {

    /** Queue zone of queue pair 0. */
    static final int ZONE = 40;

    private static final int FIRST_BLOCK = 24;
    private static final int DOORBELL_BYTES = 8;
    private static final int PAIRS = 16;
    private static final int ACQUIRE = 1;
    private static final int INIT = 2;
    private static final int SETUP_Q = 3;
    private static final int SUCCESS = 1;

    private final DmaMemory memory;
    private final BroadcomScratchDevice device;

    ScratchChannel(DmaMemory memory, BroadcomScratchDevice device) {
        this.memory = memory;
        this.device = device;
    }

    /** Answers the request at this offset of the memory. */
    void answer(int message) {
        int type = Short.toUnsignedInt(memory.getShort(message));
        int response = message + memory.getInt(message + 4);
        if (type == ACQUIRE) {
            grant(response);
        } else if (type == INIT) {
            device.block(memory.getLong(message + 8)); // §9.3
        } else if (type == SETUP_Q && memory.getByte(message + 88) == 0) { // §9.4: vf_qid
            device.setUp(message);
        }
        memory.putInt(response, type);
        memory.putInt(response + 4, SUCCESS);
    }

    /** §9.2 */
    private void grant(int response) {
        memory.putShort(response + 48, (short) DOORBELL_BYTES);
        for (int q = 0; q < PAIRS; q++) {
            memory.putByte(response + 52 + 2 * q, (byte) (FIRST_BLOCK + q));
            memory.putByte(response + 84 + q, (byte) (ZONE + q));
        }
        for (int i = 100; i < 103; i++) {
            memory.putByte(response + i, (byte) PAIRS);
        }
    }
}
