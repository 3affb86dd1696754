package dev.npa.sim.nic.niantic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.hw.Clock;
import dev.npa.hw.MacAddress;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.PciConfigSpace;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.NicAdapter;
import dev.npa.sim.nic.NicModel;
import dev.npa.sim.nic.intel.Guest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * An adapter on a bench: virtual time, a peer on the wire, and a PF driver of a few lines that follows the fact sheet,
 * section 10. 64 pools of 2 queues; the PF has the first pool behind the VFs.
 */
final class Lab {

    static final Guest.Layout QUEUES = new Guest.Layout(0x2000, 0x1000, 0x14);
    static final long SECOND = 1_000_000_000L;

    long now = 1_000;
    final Clock clock;
    final Violations violations = new Violations(() -> now);
    final Wire wire;
    final NicModel nic;
    final NicAdapter adapter;
    final Guest pf;
    final Guest[] vf;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(16 * 1024).order(ByteOrder.LITTLE_ENDIAN);

    /** An adapter after power-on, with memory space and bus master of the PF on. */
    Lab() {
        this(0, false);
    }

    /** An adapter whose PF driver has enabled VFs and switching; no address is programmed yet. */
    Lab(int vfs) {
        this(vfs, true);
    }

    private Lab(int vfs, boolean start) {
        clock = new Clock() {
            @Override
            public long nanos() {
                return now;
            }

            @Override
            public void stall(long nanos) {
                now += nanos;
            }
        };
        wire = new Wire("wire", clock, 10_000, 0, 512 * 1024);
        nic = new NianticModelFactory().create("nic0", clock, violations, wire.nicSide(), 1);
        adapter = nic.adapters().get(0);
        pf = new Guest("pf", adapter.physicalFunction(), QUEUES);
        vf = new Guest[vfs];
        if (start) {
            start(vfs);
        }
    }

    private void start(int vfs) {
        int sriov = PciConfigSpace.findExtended(pf.function, PciConfigSpace.EXT_SRIOV);
        pf.function.writeConfig(sriov + 0x10, 2, vfs);
        pf.function.writeConfig(sriov + 8, 2, 9);
        for (int i = 0; i < vfs; i++) {
            vf[i] = new Guest("vf" + i, adapter.virtualFunction(i), QUEUES);
        }
        RegisterWindow r = pf.csr;
        r.write32(0x898, 1 << 30 | 3 << 14 | 1 << 4);
        r.write32(0x11050, 3);
        r.write32(0x51B0, 1 | 1 << 30 | vfs << 7);
        r.write32(0x5818, 8);
        r.write32(0x4900, 1 << 6);
        r.write32(0x8120, 1 << 2 | 2);
        r.write32(0x4900, 0);
        r.write32(0x8220, 1);
        r.write32(0x4240, 0x407);
        r.write32(0x4268, 9728 << 16);
        r.write32(0x2F00, 0xA);
        for (int pool = 0; pool <= vfs; pool++) {
            r.write32(0xF000 + 4 * pool, 1 << 24 | 1 << 27);
            enablePool(pool);
        }
        r.write32(0x4A80, r.read32(0x4A80) | 1);
        r.write32(0x3000, 1);
        r.write32(0x18, 1 << 14);
    }

    void enablePool(int pool) {
        orPf(0x51E0 + 4 * (pool >> 5), 1 << (pool & 31));
        orPf(0x8110 + 4 * (pool >> 5), 1 << (pool & 31));
    }

    void orPf(int offset, int bits) {
        pf.csr.write32(offset, pf.csr.read32(offset) | bits);
    }

    /** Programs an exact address for pools, as bits. */
    void address(int rar, String mac, long pools) {
        MacAddress m = MacAddress.parse(mac);
        pf.csr.write32(0xA200 + 8 * rar, m.low32());
        pf.csr.write32(0xA600 + 8 * rar, (int) pools);
        pf.csr.write32(0xA604 + 8 * rar, (int) (pools >>> 32));
        pf.csr.write32(0xA204 + 8 * rar, m.high16() | 1 << 31);
    }

    /** Turns VLAN filtering on and makes pools members of a VLAN. */
    void vlan(int entry, int vid, long pools) {
        orPf(0x5088, 1 << 30);
        orPf(0xA000 + 4 * (vid >> 5), 1 << (vid & 31));
        pf.csr.write32(0xF200 + 8 * entry, (int) pools);
        pf.csr.write32(0xF204 + 8 * entry, (int) (pools >>> 32));
        pf.csr.write32(0xF100 + 4 * entry, vid | 1 << 31);
    }

    /** Runs the device until it has nothing to do now. */
    int run() {
        int total = 0;
        for (int n = nic.run(64); n > 0; n = nic.run(64)) {
            total += n;
        }
        return total;
    }

    /** Lets time pass and runs the device. */
    void pass(long nanos) {
        now += nanos;
        run();
    }

    /** The peer sends a frame; it has arrived when this returns, and the device has run. */
    void arrive(byte[] frame) {
        send(frame);
        pass(20_000);
    }

    void send(byte[] frame) {
        scratch.put(0, frame);
        assertEquals(true, wire.peerSide().send(scratch, 0, frame.length), "the peer's send was refused");
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
            assertEquals(true, violations.list().get(0).toString().contains(word),
                    () -> "'" + word + "' in " + violations.list().get(0));
        }
    }
}
