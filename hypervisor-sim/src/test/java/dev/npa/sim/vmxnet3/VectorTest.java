package dev.npa.sim.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.sim.machine.Violations;
import org.junit.jupiter.api.Test;

/**
 * The byte vectors of vmxnet3 §16. Where QEMU, on which they were taken, differs from VMware's device, the latter
 * holds: receive completions have type 3, and a frame without error has fcs set.
 */
class VectorTest {

    private static final int RX_GOOD = 0x8380_0000;
    private static final int RX_PART = 0x8300_0000;

    private static void dwords(Lab lab, long address, int... values) {
        for (int i = 0; i < values.length; i++) {
            lab.memory.putInt(address + 4L * i, values[i]);
        }
    }

    private static void assertDwords(Lab lab, long address, int... expected) {
        int[] actual = new int[expected.length];
        for (int i = 0; i < actual.length; i++) {
            actual[i] = lab.memory.getInt(address + 4L * i);
        }
        assertArrayEquals(expected, actual);
    }

    /** The DriverShared of the sheet, with the queue table at its address. */
    private static Lab lab() {
        Lab lab = new Lab();
        lab.describe();
        dwords(lab, Lab.SHARED, 0xbabefee1, 0x000002e0, 0x01060000, 0x00000006);
        dwords(lab, Lab.SHARED + 0x10, 1, 1, 4, 0);
        dwords(lab, Lab.SHARED + 0x20, 0, 0, 0x00201000, 0);
        dwords(lab, Lab.SHARED + 0x30, 0, 0x200, 0x5dc, 0x01010011);
        dwords(lab, Lab.SHARED + 0x50, 0x08020301, 0x08080808);
        lab.memory.putInt(Lab.SHARED + 0x6C, 1);
        lab.memory.putInt(Lab.SHARED + 0x78, 0x1F);
        lab.memory.putInt(Lab.SHARED + 0x88, 1);
        return lab.activate();
    }

    @Test
    void activateWritesTheTxThreshold() {
        assertDwords(lab(), Lab.QUEUES, 0, 1);
    }

    @Test
    void checksumWithTagInTwoFragments() {
        Lab lab = lab();
        byte[] frame = Frames.ip(false, true, 100);
        byte[] raw = Frames.unfinished(frame, false);
        lab.memory.copyFrom(0x300000, raw, 0, 54);
        lab.memory.copyFrom(0x304000, raw, 54, 100);
        dwords(lab, Lab.TX_RING, 0x00300000, 0, 0x00c84036, 0x60078822, 0x00304000, 0, 0x00004064, 0x00003000);
        lab.run();
        assertArrayEquals(Frames.tagged(frame, 0x6007), lab.port.takeSent());
        assertDwords(lab, Lab.TX_COMP, 1, 0, 0, 0x80000000);
    }

    @Test
    void tsoOf3054Bytes() {
        Lab lab = lab();
        lab.send(0x300000, Frames.plain(30));
        lab.send(0x300000, Frames.plain(30));
        byte[] raw = Frames.unfinished(Frames.ip(false, true, 3000), true);
        lab.memory.copyFrom(0x308000, raw, 0, 54);
        lab.memory.copyFrom(0x30c000, raw, 54, 3000);
        dwords(lab, Lab.TX_RING + 32, 0x00308000, 0, 0x0fa04036, 0x00000c36, 0x0030c000, 0, 0x00004bb8, 0x00003000);
        lab.run();
        assertEquals(2 + 3, lab.port.sent.size());
        assertEquals(1054, lab.port.sent.get(2).length);
        assertDwords(lab, Lab.TX_COMP + 32, 3, 0, 0, 0x80000000);
    }

    @Test
    void taggedFrameIsStripped() {
        Lab lab = lab();
        dwords(lab, Lab.RX_RING0, 0x00400000, 0, 0x80000100, 0);
        byte[] frame = Frames.plain(60);
        lab.port.toGuest(Frames.tagged(frame, 0x6000));
        lab.run();
        assertDwords(lab, Lab.RX_COMP, 0x4000c000, 0, 0x6000803c, RX_GOOD);
        assertArrayEquals(frame, lab.bytes(0x400000, 60));
    }

    @Test
    void frameOf5014BytesGoesOnInRing1() {
        Lab lab = lab();
        // The vector's first completion is for descriptor 1 of ring 0; a small frame takes descriptor 0.
        dwords(lab, Lab.RX_RING0, 0x00400000, 0, 0x80000100, 0, 0x00410000, 0, 0x80000100, 0);
        dwords(lab, Lab.RX_RING1, 0x00500000, 0, 0x80005000, 0, 0x00510000, 0, 0x80005000, 0);
        lab.port.toGuest(Frames.plain(60));
        byte[] frame = Frames.plain(5014);
        lab.port.toGuest(frame);
        lab.run();
        assertDwords(lab, Lab.RX_COMP + 16, 0x00008001, 0, 0x00000100, RX_PART);
        assertDwords(lab, Lab.RX_COMP + 32, 0x00010000, 0, 0x00001000, RX_PART);
        assertDwords(lab, Lab.RX_COMP + 48, 0x40014001, 0, 0x00000296, RX_GOOD);
        assertArrayEquals(frame, Frames.join(lab.bytes(0x410000, 256), lab.bytes(0x500000, 4096),
                lab.bytes(0x510000, 662)));
        Violations none = lab.violations;
        assertEquals(0, none.count(), () -> none.list().toString());
    }
}
