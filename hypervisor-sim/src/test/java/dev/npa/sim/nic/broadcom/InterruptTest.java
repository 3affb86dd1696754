package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Status blocks, the IGU and MSI-X, 57712 §6. */
class InterruptTest {

    private static final int DISABLE = 0x0220_0000;

    private final Lab lab = new Lab(1, 2, 2);
    private final Firmware fw = lab.pf[0];
    private final Queue q = lab.vf(0, Frames.A);

    /** §6.4: index 5 with update and ENABLE is 0x01200005. */
    private static int enable(int index) {
        return 0x0120_0000 | index;
    }

    private void arrive() {
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
    }

    @Test
    void oneMessageUntilTheNextAcknowledge() {
        q.guest.enableMsix(0, 2);
        arrive();
        assertNull(q.guest.messages.poll(), "blocks are disabled until the driver enables them");
        q.ack(enable(0));
        assertEquals(0, q.guest.messages.poll(), "ENABLE with an old index sends at once");
        arrive();
        arrive();
        assertNull(q.guest.messages.poll(), "one message until the next acknowledge");
        q.ack(DISABLE);
        arrive();
        assertNull(q.guest.messages.poll());
        assertEquals(4, q.running());
        q.ack(enable(q.running()));
        assertNull(q.guest.messages.poll(), "all is seen");
        arrive();
        assertEquals(0, q.guest.messages.poll());
    }

    @Test
    void anAcknowledgeOfAnOlderIndexSendsAgain() {
        q.guest.enableMsix(0, 2);
        q.ack(enable(0));
        arrive();
        assertEquals(0, q.guest.messages.poll());
        int seen = q.running();
        arrive();
        q.ack(enable(seen));
        assertEquals(0, q.guest.messages.poll(), "no lost wake-up");
    }

    @Test
    void eachQueueHasItsVector() {
        Queue second = fw.openVf(fw.vfSpec(0, 1));
        lab.ramrodDone(0, 1);
        q.guest.enableMsix(0, 2);
        second.ack(enable(0));
        second.send(Frames.plain(Frames.FAR, Frames.A, 60));
        lab.run();
        assertEquals(1, q.guest.messages.poll());
        assertEquals(1, second.index(5));
        assertEquals(second.running(), second.guest.memory.getShort(second.sb + 18), "both running indices");
        lab.noViolations();
    }

    @Test
    void aMaskedVectorIsPendingAndComesWhenItIsUnmasked() {
        q.guest.enableMsix(0, 2);
        q.guest.function.bar(0).write32(12, 1);
        q.ack(enable(0));
        arrive();
        assertNull(q.guest.messages.poll());
        assertEquals(1, q.guest.function.bar(0).read32(0x1000), "PBA");
        q.guest.function.bar(0).write32(12, 0);
        assertEquals(0, q.guest.messages.poll());
        assertEquals(0, q.guest.function.bar(0).read32(0x1000));
    }

    @Test
    void aVfCannotAcknowledgeBlocksOfOthers() {
        Queue other = lab.vf(1, Frames.B);
        other.guest.enableMsix(0, 2);
        q.guest.function.bar(0).write32(other.ackAt, enable(0));
        lab.arrive(Frames.plain(Frames.B, Frames.FAR, 60));
        assertNull(other.guest.messages.poll());
        lab.oneViolation("vf0", "not the acknowledge of a status block of this VF");
    }

    @Test
    void withoutTheVfsConfigurationNothingIsSent() {
        q.guest.enableMsix(0, 2);
        fw.pretend(0, 0x130170, 0);
        q.ack(enable(0));
        arrive();
        assertNull(q.guest.messages.poll());
        fw.pretend(0, 0x130170, 3);
        assertEquals(0, q.guest.messages.poll());
    }

    @Test
    void thePfCommandsBlocksOfItsVfs() {
        q.guest.enableMsix(0, 2);
        arrive();
        int block = fw.block(0, 0);
        fw.grc.write32(0x130124, enable(0));
        fw.grc.write32(0x13012C, 0x400 + block | 1 << 20);
        assertEquals(0, q.guest.messages.poll(), "VF 0 is function number 0 of the mapping");
        fw.grc.write32(0x130124, 1 << 31);
        fw.grc.write32(0x13012C, 0x500 + block | 1 << 20);
        q.ack(enable(0));
        assertNull(q.guest.messages.poll(), "cleaned: producer 0 and consumer 0");
        lab.noViolations();
        fw.grc.write32(0x13012C, 0x400 + block | 3 << 12 | 1 << 20);
        lab.oneViolation("names function 3");
    }

    @Test
    void coalescingWaitsForItsTimer() {
        Queue slow = fw.openVf(fw.vfSpec(0, 1));
        lab.ramrodDone(0, 1);
        fw.statusBlock(slow.client, 8, slow.sb, 0, 12);
        slow.send(Frames.plain(Frames.FAR, Frames.A, 60));
        lab.run();
        assertEquals(0, slow.index(5));
        assertEquals(lab.now + 48_000, lab.nic.nextEvent(), "12 ticks of 4 microseconds");
        slow.send(Frames.plain(Frames.FAR, Frames.A, 60));
        lab.pass(47_000);
        assertEquals(0, slow.index(5));
        lab.pass(1_000);
        assertEquals(2, slow.index(5));
        assertEquals(1, slow.running(), "one update for both");
    }

    @Test
    void anEventInterruptsThePfByItsDefaultBlock() {
        fw.host.enableMsix(0x440000, 17);
        fw.grc.write32(0x442000, enable(fw.host.memory.getShort(fw.spSb + 8)));
        assertNull(fw.host.messages.poll());
        fw.vlan(q, 8, 5);
        assertEquals(0, fw.host.messages.poll());
    }

    @Test
    void linkChangeTogglesTheAttentionBit() {
        fw.host.enableMsix(0x440000, 17);
        fw.grc.write32(0x442000, enable(fw.host.memory.getShort(fw.spSb + 8)));
        assertEquals(1 << 15, fw.grc.read32(0x10328) & 1 << 15);
        lab.wire.setUp(false);
        assertTrue(lab.nic.nextEvent() <= lab.now, "the device has something to do");
        lab.run();
        assertEquals(1, fw.host.memory.getInt(fw.spSb));
        assertEquals(0, fw.host.messages.poll());
        assertEquals(0, fw.grc.read32(0x10328) & 1 << 15);
        lab.wire.setUp(true);
        lab.run();
        assertEquals(0, fw.host.memory.getInt(fw.spSb));
    }
}
