package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.AccessFault;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.PciConfigSpace;
import org.junit.jupiter.api.Test;

/** Function-level reset, final cleanup, zone permission, VF-PF channel, faults, 57712 §2, §9 and §10. */
class ResetTest {

    private final Lab lab = new Lab(1, 2, 2);
    private final Firmware fw = lab.pf[0];

    private static void flr(Guest g) {
        g.function.writeConfig(0xAC + 8, 2, 1 << 15);
        g.function.writeConfig(PciConfigSpace.COMMAND, 2, 6);
    }

    private void cleanup(int function) {
        fw.storm(1, 0x11AC + 8 * function, 0);
        fw.grc.write32(0x1664C4, 1 << 31 | function);
        assertEquals(1, fw.grc.read32(0x410000 + 0x11AC + 8 * function), "final cleanup is done");
    }

    @Test
    void flrStopsTheVfUntilThePfHasCleanedUp() {
        Queue q = lab.vf(0, Frames.A);
        Queue b = lab.vf(1, Frames.B);
        flr(q.guest);
        assertEquals(new Firmware.Event(8, 0, 0, 0, 0), fw.event());
        RegisterWindow r = q.guest.function.bar(0);
        assertEquals(0x000, r.read32(0x7C00), "ME: VF 0, not valid");
        assertEquals(-1, r.read32(0x2000), "no internal access");
        q.send(Frames.plain(Frames.FAR, Frames.A, 60));
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        assertNull(lab.sent());
        assertNull(q.nextCqe());
        fw.open(0);
        q.ring();
        lab.run();
        assertNull(lab.sent(), "enables without final cleanup do not revive it");
        fw.spq(7, 0, 1024, q.client);
        lab.ramrodDone(0, 7);
        cleanup(8);
        Queue again = lab.vf(0, Frames.A);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        assertNotNull(again.nextCqe());
        assertNull(q.nextCqe(), "the old rings are forgotten");
        b.send(Frames.plain(Frames.A, Frames.B, 60));
        lab.run();
        assertNotNull(again.nextCqe());
        lab.noViolations();
    }

    @Test
    void rulesOfAResetVfAreGoneAfterCleanup() {
        Queue q = lab.vf(0, Frames.A);
        Queue b = lab.vf(1, Frames.B);
        flr(q.guest);
        cleanup(8);
        b.send(Frames.plain(Frames.A, Frames.B, 60));
        lab.run();
        assertNotNull(lab.sent(), "nobody here has that address");
    }

    @Test
    void aFaultStopsOneFunctionAndFlrHelps() {
        Queue q = lab.vf(0, Frames.A);
        Queue b = lab.vf(1, Frames.B);
        q.guest.memory.putLong(q.rxBd(0), 0x40);
        lab.arrive(Frames.plain(Frames.ALL, Frames.FAR, 60));
        assertNull(q.nextCqe());
        assertNotNull(b.nextCqe(), "the others get their copy");
        lab.oneViolation("vf0", "DMA write of 60 bytes at 0x42");
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        lab.arrive(Frames.plain(Frames.B, Frames.FAR, 60));
        assertNotNull(b.nextCqe(), "a stopped function does not block the port");
        flr(q.guest);
        assertEquals(8, fw.event().opcode());
        cleanup(8);
        fw.open(0);
        Queue again = lab.vf(0, Frames.A);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        assertNotNull(again.nextCqe());
    }

    @Test
    void zonesOfOthersCannotBeWritten() {
        Queue q = lab.vf(0, Frames.A);
        Queue b = fw.openVf(fw.vfSpec(1, 0));
        lab.ramrodDone(0, 1);
        q.guest.function.bar(0).write32(0x3000 + 32 * b.client, 5 | 5 << 16);
        lab.oneViolation("vf0", "queue zone " + b.client);
        fw.mac(b, 9, Frames.B);
        fw.vlan(b, 9, 0);
        fw.accept(b, 9, Lab.NORMAL, Lab.NORMAL);
        lab.arrive(Frames.plain(Frames.B, Frames.FAR, 60));
        assertNull(b.nextCqe(), "the write was dropped");
        fw.grc.write32(0x103400 + 4 * b.client, 0);
        b.post(4);
        lab.run();
        assertNull(b.nextCqe(), "0: no VF at all");
        fw.grc.write32(0x406000 + 32 * b.client, 4 | 4 << 16);
        lab.run();
        assertNotNull(b.nextCqe(), "the PF may");
    }

    @Test
    void channelRaisesAnEventAndGoesToWaiting() {
        RegisterWindow r = fw.vfs[1].function.bar(0);
        r.write32(0x7600, 0x2000);
        r.write32(0x7604, 1);
        r.write32(0x7608, 1);
        assertEquals(new Firmware.Event(0, 0, 1, 0x2000, 1), fw.event());
        assertEquals(0x101, fw.grc.read32(0x415708), "WAITING_FOR_ACK and valid");
        r.write32(0x7608, 1);
        assertEquals(new Firmware.Event(9, 0, 1 | 1 << 8, 0, 0), fw.event(), "not READY: malicious");
    }

    @Test
    void aClosedChannelIsMaliciousToo() {
        fw.storm(1, 0x5700, 0);
        fw.vfs[0].function.bar(0).write32(0x7608, 1);
        assertEquals(new Firmware.Event(9, 0, 1 << 8, 0, 0), fw.event());
        lab.oneViolation("mailbox trigger while the channel is not ready");
    }

    @Test
    void meRegisterAndUnknownOffsets() {
        RegisterWindow r = fw.vfs[1].function.bar(0);
        assertEquals(0x100 | 1 << 9, r.read32(0x7C00));
        assertEquals(32 * 1024, r.length());
        r.write32(0x6300, 1);
        lab.oneViolation("BAR0 offset 0x6300");
        assertThrows(AccessFault.class, () -> fw.vfs[1].function.bar(3));
    }

    @Test
    void disablingVfsTakesThemAway() {
        Queue q = lab.vf(0, Frames.A);
        int sriov = PciConfigSpace.findExtended(fw.host.function, PciConfigSpace.EXT_SRIOV);
        fw.host.function.writeConfig(sriov + 8, 2, 0);
        assertEquals(0, lab.nic.adapters().get(0).enabledVirtualFunctions());
        assertEquals(-1, q.guest.function.bar(0).read32(0x7C00));
        assertEquals(0xFFFF, q.guest.function.readConfig(0, 2));
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        assertNull(q.nextCqe());
        fw.vfs(2, 1);
        Queue again = lab.vf(0, Frames.A);
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        assertNotNull(again.nextCqe());
        lab.noViolations();
    }

    @Test
    void resetOfAPfStopsItsFunctionsAndLeavesTheOtherPf() {
        Lab two = new Lab(2, 1, 1);
        Queue a = two.vf(0, two.pf[0].vfSpec(0, 0), Frames.A);
        Queue b = two.vf(1, two.pf[1].vfSpec(0, 0), Frames.B);
        flr(two.pf[0].host);
        assertEquals(0, two.nic.adapters().get(0).enabledVirtualFunctions());
        two.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        two.arrive(Frames.plain(Frames.B, Frames.FAR, 60));
        assertNull(a.nextCqe());
        assertNotNull(b.nextCqe());
        two.noViolations();
        Firmware fresh = new Firmware(two.nic.adapters().get(0), 0, 2).start();
        Queue leading = fresh.openPf(fresh.pfSpec(0)).post(10);
        assertTrue(leading.nextCqe() != null, "it starts again");
    }
}
