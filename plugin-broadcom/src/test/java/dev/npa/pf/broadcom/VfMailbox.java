package dev.npa.pf.broadcom;

import dev.npa.hw.DmaMemory;

/** A VF's side of the channel: writes requests into guest memory, triggers the device, reads the responses. */
final class VfMailbox {

    static final int RESPONSE = 1024;
    static final long BULLETIN = FakeHost.GUEST + 0x10000;
    static final long RINGS = FakeHost.GUEST + 0x20000;

    private final FakePath path;
    private final BroadcomPfDriver driver;
    private final int number;
    final DmaMemory message;
    private int at;

    VfMailbox(FakePath path, BroadcomPfDriver driver, int number) {
        this.path = path;
        this.driver = driver;
        this.number = number;
        this.message = path.host.memory.window(FakeHost.GUEST + number * 0x1000L, 2048);
    }

    /** Begins a request. */
    VfMailbox request(int type, int length) {
        message.clear();
        message.putShort(0, (short) type);
        message.putShort(2, (short) length);
        message.putInt(4, RESPONSE);
        at = length;
        return this;
    }

    /** Appends a TLV without contents. */
    VfMailbox tlv(int type, int length) {
        message.putShort(at, (short) type);
        message.putShort(at + 2, (short) length);
        at += length;
        return this;
    }

    /** Ends the list, triggers the device and has the driver serve; returns the status of the response. */
    int send() {
        tlv(12, 8);
        return trigger();
    }

    int trigger() {
        int state = FakePath.CSTORM + 0x5700 + 8 * number;
        path.registers.put(state, path.reg(state) & ~0xFF | 1); // READY -> WAITING_FOR_ACK
        path.event(0, 0, number, message.address());
        driver.service(64);
        return message.getByte(RESPONSE + 4);
    }

    int acquire(int queues) {
        request(1, 32);
        message.putByte(8, (byte) number);
        message.putByte(10, (byte) 2);
        message.putByte(11, (byte) 3);
        for (int i = 12; i < 15; i++) {
            message.putByte(i, (byte) queues);
        }
        message.putByte(15, (byte) 1);
        message.putByte(16, (byte) 2);
        message.putByte(17, (byte) 10);
        message.putLong(24, BULLETIN);
        return tlv(17, 4).send();
    }

    int init() {
        request(2, 168);
        for (int i = 0; i < 16; i++) {
            message.putLong(8 + 8 * i, FakeHost.GUEST + 0x30000 + 64 * i);
        }
        message.putLong(144, FakeHost.GUEST + 0x40000);
        message.putShort(152, (short) 256);
        return send();
    }

    /** A request to set a queue up, to be changed before it is sent. */
    VfMailbox setupRequest(int queue) {
        request(3, 96);
        message.putLong(8, RINGS);
        message.putLong(24, RINGS + 0x1000);
        message.putByte(40, (byte) queue);
        message.putShort(44, (short) 1500);
        message.putShort(46, (short) 2048);
        message.putShort(48, (short) 0x58);
        message.putByte(58, (byte) 6);
        message.putLong(64, RINGS + 0x2000);
        message.putByte(72, (byte) queue);
        message.putByte(88, (byte) queue);
        message.putByte(89, (byte) 3);
        return this;
    }

    int setup(int queue) {
        return setupRequest(queue).send();
    }

    int simple(int type, int value) {
        request(type, 12);
        message.putShort(8, (short) value);
        return send();
    }

    /** ACQUIRE, INIT, SETUP_Q of so many queues. */
    boolean bringUp(int queues) {
        boolean good = acquire(queues) == 1 && init() == 1;
        for (int q = 0; q < queues; q++) {
            good &= setup(q) == 1;
        }
        return good;
    }

    int response(int offset) {
        return message.getByte(RESPONSE + offset) & 0xFF;
    }
}
