package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/** Frames through a PF and VFs from end to end. */
class FirstLightTest {

    private final Lab lab = new Lab(1, 2, 2);

    @Test
    void aFrameFromTheWireReachesTheVfWithItsAddress() {
        Queue a = lab.vf(0, Frames.A);
        Queue b = lab.vf(1, Frames.B);
        byte[] frame = Frames.ipv4(Frames.B, Frames.FAR, 6, 100);
        lab.arrive(frame);
        assertArrayEquals(frame, b.nextFrame());
        assertEquals(1, b.index(1));
        assertNull(a.nextCqe());
        lab.noViolations();
    }

    @Test
    void aVfSendsToTheWireAndToItsNeighbour() {
        Queue a = lab.vf(0, Frames.A);
        Queue b = lab.vf(1, Frames.B);
        byte[] far = Frames.plain(Frames.FAR, Frames.A, 200);
        byte[] near = Frames.plain(Frames.B, Frames.A, 300);
        a.send(far);
        a.send(near);
        lab.run();
        assertArrayEquals(far, lab.sent());
        assertNull(lab.sent(), "a frame with a local receiver stays inside");
        assertArrayEquals(near, b.nextFrame());
        assertEquals(2, a.index(5), "two packets completed");
        lab.noViolations();
    }

    @Test
    void theUplinkExchangesFramesWithAVf() {
        Queue a = lab.vf(0, Frames.A);
        Queue up = lab.uplink(0, Frames.PF);
        byte[] down = Frames.plain(Frames.A, Frames.PF, 80);
        byte[] back = Frames.plain(Frames.PF, Frames.A, 90);
        up.send(down);
        lab.run();
        assertArrayEquals(down, a.nextFrame());
        a.send(back);
        lab.run();
        assertArrayEquals(back, up.nextFrame());
        lab.noViolations();
    }
}
