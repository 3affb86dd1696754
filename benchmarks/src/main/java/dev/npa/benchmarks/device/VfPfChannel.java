package dev.npa.benchmarks.device;

import dev.npa.hw.PhysicalMemory;

/**
 * The PF driver's end of a 57712 VF's channel: grants what is asked for and agrees to everything, at once. Of queue
 * pair 0 it remembers what the device has to know. 57712 §9
 */
final class VfPfChannel {

    /** Absolute numbers of the first status block and queue zone. */
    static final int FIRST_BLOCK = 24;
    static final int FIRST_ZONE = 40;
    /** Bytes from one doorbell to the next. */
    static final int DOORBELL_BYTES = 8;

    private static final int ACQUIRE = 1;
    private static final int INIT = 2;
    private static final int SETUP_Q = 3;
    private static final int CLOSE = 8;
    private static final int SUCCESS = 1;
    private static final int PAIRS = 16;

    private final PhysicalMemory memory;
    private final Fake57712 device;

    VfPfChannel(PhysicalMemory memory, Fake57712 device) {
        this.memory = memory;
        this.device = device;
    }

    /** Answers the request at this address. */
    void answer(long message) {
        int type = memory.getShort(message);
        long response = message + memory.getInt(message + 4);
        if (type == ACQUIRE) {
            grant(response);
        } else if (type == INIT) {
            device.block(memory.getLong(message + 8)); // §9.3
        } else if (type == SETUP_Q && memory.getByte(message + 88) == 0) {
            device.setUp(message);
        } else if (type == CLOSE) {
            device.tearDown();
        }
        memory.putInt(response, type);
        memory.putInt(response + 4, SUCCESS);
    }

    /** §9.2 */
    private void grant(long response) {
        memory.putShort(response + 48, (short) DOORBELL_BYTES);
        for (int q = 0; q < PAIRS; q++) {
            memory.putByte(response + 52 + 2 * q, (byte) (FIRST_BLOCK + q));
            memory.putByte(response + 84 + q, (byte) (FIRST_ZONE + q));
        }
        for (int i = 100; i < 103; i++) {
            memory.putByte(response + i, (byte) PAIRS);
        }
    }
}
