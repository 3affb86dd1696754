package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Clock;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.NicModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A path with a wire and a PF driver for each function. */
final class Lab {

    /** Accept flags of an ordinary queue: matched unicast and multicast, broadcast, no VLAN but those of rules. */
    static final int NORMAL = 1 << 5;
    static final int ANY_VLAN = 1 << 6;

    volatile long now;
    final Violations violations = new Violations(() -> now);
    final Clock clock = new Clock() {
        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void stall(long nanos) {
            now += nanos;
        }
    };
    final Wire wire = new Wire("wire", clock, 10_000, 0, 128 * 1024);
    final NicModel nic;
    final Firmware[] pf;
    /** Leading client of each PF: its RCQ takes ramrod completions. */
    final Queue[] leading;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(16 * 1024).order(ByteOrder.LITTLE_ENDIAN);

    /** A path after power-on. */
    static Lab cold(int functions) {
        return new Lab(functions, 0, 0);
    }

    /** PFs that are started, with their leading client, and VFs of the first one. */
    Lab(int functions, int vfs, int queues) {
        nic = new BroadcomModelFactory().create("nic0", clock, violations, wire.nicSide(), functions);
        pf = new Firmware[functions];
        leading = new Queue[functions];
        for (int i = 0; i < functions; i++) {
            pf[i] = new Firmware(nic.adapters().get(i), i, functions);
            if (vfs > 0) {
                pf[i].start();
                leading[i] = pf[i].openPf(pf[i].pfSpec(0)).post(60);
                ramrodDone(i, 1);
                pf[i].vfs(vfs, queues);
            }
        }
    }

    /** Takes a ramrod's completion off the leading client's RCQ; it must be without error. */
    void ramrodDone(int function, int command) {
        byte[] cqe = leading[function].nextCqe();
        assertTrue(cqe != null, "a completion of command " + command);
        assertArrayEquals(new int[] {1, command}, new int[] {cqe[0], cqe[7] & 0xFF}, "type and command");
        leading[function].cqes(1);
    }

    /** A queue of a VF of the first PF with an address and buffers, which takes untagged frames. */
    Queue vf(int vf, String mac) {
        return vf(0, pf[0].vfSpec(vf, 0), mac);
    }

    Queue vf(int function, QueueSpec s, String mac) {
        Queue q = pf[function].openVf(s);
        ramrodDone(function, 1);
        int f = s.function();
        pf[function].mac(q, f, mac);
        pf[function].vlan(q, f, 0);
        pf[function].accept(q, f, NORMAL, NORMAL);
        return q.post(40);
    }

    /** The second client of a PF, its uplink, with an address. */
    Queue uplink(int function, String mac) {
        Queue q = pf[function].openPf(pf[function].pfSpec(1));
        ramrodDone(function, 1);
        pf[function].mac(q, function, mac);
        pf[function].vlan(q, function, 0);
        pf[function].accept(q, function, NORMAL | 1 << 4, NORMAL | 1 << 4);
        return q.post(40);
    }

    /** Runs the device until it has nothing to do now. */
    int run() {
        int total = 0;
        for (int n = nic.run(64); n > 0; n = nic.run(64)) {
            total += n;
        }
        return total;
    }

    void pass(long nanos) {
        now += nanos;
        run();
    }

    /** The peer sends a frame; it has arrived when this returns, and the device has run. */
    void arrive(byte[] frame) {
        offer(frame);
        pass(20_000);
    }

    void offer(byte[] frame) {
        scratch.put(0, frame);
        assertTrue(wire.peerSide().send(scratch, 0, frame.length), "the peer's send was refused");
    }

    /** Next frame that the device sent to the peer, or null. */
    byte[] sent() {
        now += 20_000;
        int at = wire.peerSide().peek();
        if (at < 0) {
            return null;
        }
        byte[] frame = new byte[wire.peerSide().length(at)];
        wire.peerSide().buffer().get(at, frame);
        wire.peerSide().remove(at);
        return frame;
    }

    void noViolations() {
        assertEquals(List.of(), violations.list());
    }

    /** The only violation must mention these words. */
    void oneViolation(String... words) {
        assertEquals(1, violations.count(), () -> violations.list().toString());
        for (String word : words) {
            assertTrue(violations.list().get(0).toString().contains(word),
                    () -> "'" + word + "' in " + violations.list().get(0));
        }
    }
}
