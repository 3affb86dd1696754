package dev.npa.plugin.broadcom.testing;

import dev.npa.hw.PhysicalMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The PF driver's end of the channel as the VF sees it: VF 5, answers by DMA, the status byte last. */
final class FakePf {

    /** Absolute status blocks and queue zones begin here, to be told from relative numbers. */
    static final int FIRST_BLOCK = 24;
    static final int FIRST_ZONE = 40;

    final List<byte[]> requests = new ArrayList<>();
    /** Answer to each type of request; 1 where nothing is said. */
    final Map<Integer, Integer> answers = new HashMap<>();
    int granted = 16;
    int doorbellBytes = 8;
    boolean silent;
    private PhysicalMemory memory;
    private Fake57712 device;
    private long waiting;

    void connect(PhysicalMemory physical, Fake57712 nic) {
        memory = physical;
        device = nic;
    }

    void trigger(long message) {
        if (waiting != 0) {
            throw new IllegalStateException("a request while another is not answered");
        }
        if (memory.getByte(message + 1024 + 4) != 0) {
            throw new IllegalStateException("status must be 0 before sending");
        }
        waiting = message;
    }

    /** Answers what waits. */
    void run() {
        if (waiting == 0 || silent) {
            return;
        }
        long message = waiting;
        waiting = 0;
        byte[] request = new byte[1024];
        memory.copyTo(message, request, 0, 1024);
        requests.add(request);
        int type = memory.getShort(message);
        long response = message + memory.getInt(message + 4);
        int status = answers.getOrDefault(type, 1);
        if (type == 1) {
            acquire(response);
        }
        if (status == 1) {
            serve(type, message);
        }
        memory.putInt(response, type);
        memory.putIntRelease(response + 4, status);
    }

    private void acquire(long response) {
        memory.putShort(response + 48, (short) doorbellBytes);
        for (int q = 0; q < 16; q++) {
            memory.putByte(response + 52 + 2 * q, (byte) (FIRST_BLOCK + q));
            memory.putByte(response + 84 + q, (byte) (FIRST_ZONE + q));
        }
        for (int i = 100; i < 103; i++) {
            memory.putByte(response + i, (byte) granted);
        }
    }

    private void serve(int type, long message) {
        switch (type) {
            case 2:
                for (int q = 0; q < 16; q++) {
                    device.blocks[q] = memory.getLong(message + 8 + 8 * q);
                }
                device.statistics = memory.getLong(message + 144);
                device.statisticsStride = memory.getShort(message + 152);
                break;
            case 3:
                device.queues[memory.getByte(message + 88)] = new FakeQueue(memory, message);
                break;
            case 7:
                device.queues[memory.getByte(message + 8)] = null;
                break;
            case 8:
                Arrays.fill(device.queues, null);
                break;
            default:
                break;
        }
    }
}
