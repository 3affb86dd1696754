package dev.npa.shell.runtime.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.fake.FakeMachine;
import dev.npa.shell.runtime.fake.Frames;
import dev.npa.shell.runtime.fake.Reference;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What software makes of packets, byte by byte against {@link Reference}. */
class SoftwareTransmitTest {

    private static final int BUFFERS = 160;

    private final FakeMachine machine = new FakeMachine(1);
    private final PacketPool pool = new PacketPool(new PhysicalAllocator(machine.memory()), BUFFERS);
    private final PacketBurst burst = new PacketBurst(64);
    private final SoftwareTransmit software = new SoftwareTransmit(pool);

    private static TxLimits limits(Set<Feature> features, int segments, int tsoBytes, int mtu) {
        return new TxLimits(new PluginCapabilities(features, 1, 1, 8, 512, 8, segments, tsoBytes, 128, 14, 9000, 1),
                features, 512, mtu + 18);
    }

    private static Frames random(Random random) {
        Frames.Recipe r = new Frames.Recipe();
        r.v4 = random.nextBoolean();
        r.tagsInFrame = random.nextInt(3);
        r.ipOptions = r.v4 ? 4 * random.nextInt(11) : 8 * random.nextInt(3);
        r.tcpOptions = 4 * random.nextInt(11);
        r.vlan = random.nextBoolean() ? random.nextInt(0x10000) : -1;
        if (random.nextInt(3) > 0) {
            r.mss = 1 + random.nextInt(random.nextBoolean() ? 1400 : 8000);
            r.payload = 1 + random.nextInt(Math.min(60 * r.mss, 65535 - 120));
        } else {
            r.udp = random.nextBoolean();
            r.payload = random.nextInt(1300);
            r.padding = random.nextInt(4) == 0 ? random.nextInt(30) : 0;
            r.ipChecksum = random.nextBoolean();
            r.l4Checksum = random.nextBoolean();
        }
        return Frames.make(r, random);
    }

    /** Puts a packet into buffers whose lengths are drawn; headers stay in the first. */
    private void load(Frames packet, Random random) {
        burst.clear();
        byte[] frame = packet.frame();
        int at = 0;
        while (at < frame.length) {
            int least = at == 0 ? Math.min(frame.length, 300) : 1;
            int most = Math.min(frame.length - at, PacketPool.CAPACITY);
            int part = burst.size() >= 28 || random.nextInt(3) > 0 ? most
                    : Math.min(most, least + random.nextInt(PacketPool.CAPACITY - least));
            int handle = pool.take(PacketPool.STACK);
            machine.memory().copyFrom(pool.address(handle), frame, at, part);
            burst.add(pool.address(handle), handle, part, 0);
            at += part;
        }
        burst.flags(0, PacketFlags.SOP | packet.flags());
        burst.flags(burst.size() - 1, burst.flags(burst.size() - 1) | PacketFlags.EOP);
        burst.packetLength(0, frame.length);
        burst.offload(0, packet.offload());
    }

    /** Takes the pieces that are ready from an index on, sent by a device that does what they still ask for. */
    private void send(TxLimits limits, int from, int to, List<byte[]> wire) {
        PacketBurst pieces = software.pieces();
        int i = from;
        while (i < to) {
            int first = i;
            byte[] frame = new byte[pieces.packetLength(first)];
            int at = 0;
            boolean end = false;
            while (!end) {
                machine.memory().copyTo(pieces.address(i), frame, at, pieces.length(i));
                at += pieces.length(i);
                end = (pieces.flags(i) & PacketFlags.EOP) != 0;
                pool.free(pieces.handle(i), PacketPool.STACK);
                i++;
            }
            assertEquals(frame.length, at, "packet length");
            assertEquals(TxLimits.DIRECT, limits.judge(pieces, first, i), "the carrier takes what was made for it");
            wire.addAll(Reference.apply(frame, pieces.flags(first), pieces.offload(first)));
        }
    }

    private static void assertFrames(List<byte[]> expected, List<byte[]> wire) {
        assertEquals(expected.size(), wire.size());
        for (int i = 0; i < wire.size(); i++) {
            assertArrayEquals(expected.get(i), wire.get(i), "frame " + i);
        }
    }

    private void free() {
        for (int i = 0; i < burst.size(); i++) {
            pool.free(burst.handle(i), PacketPool.STACK);
        }
        assertEquals(BUFFERS, pool.available(), "every piece was given back");
    }

    @Property(tries = 600)
    void whatLeavesIsWhatANicWouldSendWhateverTheCarrierCan(@ForAll long seed) {
        Random random = new Random(seed);
        List<byte[]> wire = new ArrayList<>();
        Frames packet = random(random);
        load(packet, random);
        software.begin(burst, 0, burst.size());
        // The carrier changes now and then, also between pieces that were made and pieces that were sent.
        TxLimits limits = carrier(random);
        while (!software.finish()) {
            if (random.nextInt(4) == 0) {
                software.rewind();
                limits = carrier(random);
            }
            software.make(limits);
            int from = software.offered();
            int to = software.pieces().size();
            if (random.nextInt(3) == 0) {
                to = endOfPacket(from);
            }
            send(limits, from, to, wire);
            software.offered(to);
        }
        assertFrames(Reference.apply(packet.frame(), packet.flags(), packet.offload()), wire);
        free();
    }

    private int endOfPacket(int from) {
        int i = from;
        while (i < software.pieces().size() && (software.pieces().flags(i) & PacketFlags.EOP) == 0) {
            i++;
        }
        return Math.min(software.pieces().size(), i + 1);
    }

    private static TxLimits carrier(Random random) {
        Set<Feature> features = EnumSet.of(Feature.SCATTER_GATHER);
        for (Feature feature : Feature.values()) {
            if (random.nextBoolean()) {
                features.add(feature);
            }
        }
        return limits(features, 5 + random.nextInt(12), 9500 + random.nextInt(50_000), 9000);
    }

    @Test
    void aUdpChecksumOfZeroIsSentAsAllOnes() {
        // RFC 768. The payload's last two bytes are chosen so that the sum comes out as all ones.
        Frames.Recipe r = new Frames.Recipe();
        r.udp = true;
        r.payload = 32;
        r.l4Checksum = true;
        Random random = new Random(3);
        Frames packet = Frames.make(r, random);
        byte[] frame = packet.frame();
        frame[frame.length - 2] = 0;
        frame[frame.length - 1] = 0;
        byte[] sent = Reference.apply(frame, packet.flags(), packet.offload()).get(0);
        System.arraycopy(sent, 40, frame, frame.length - 2, 2);
        load(packet, random);
        software.begin(burst, 0, burst.size());
        TxLimits none = limits(Set.of(Feature.SCATTER_GATHER), 8, 0, 1500);
        software.make(none);
        long address = software.pieces().address(0);
        assertEquals((short) 0xFFFF, machine.memory().getShort(address + 40));
        List<byte[]> wire = new ArrayList<>();
        send(none, 0, 1, wire);
        assertFrames(Reference.apply(frame, packet.flags(), packet.offload()), wire);
    }

    @Test
    void framesThatAreTooShortForTheCarrierArePadded() {
        load(new Frames(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, 0, 0), new Random(1));
        PluginCapabilities can = new PluginCapabilities(Set.of(), 1, 1, 8, 512, 8, 1, 0, 128, 17, 1500, 1);
        TxLimits limits = new TxLimits(can, Set.of(), 512, 1518);
        assertEquals(TxLimits.SOFTWARE, limits.judge(burst, 0, 1));
        software.begin(burst, 0, 1);
        assertEquals(1, software.make(limits));
        assertEquals(17, software.pieces().length(0));
        assertEquals(15, machine.memory().getByte(software.pieces().address(0) + 14));
        assertEquals(0, machine.memory().getShort(software.pieces().address(0) + 15));
    }

    @Test
    void withoutBuffersNothingIsMadeAndNothingIsLost() {
        Frames.Recipe r = new Frames.Recipe();
        r.mss = 1000;
        r.payload = 20_000;
        Frames packet = Frames.make(r, new Random(5));
        load(packet, new Random(6));
        List<Integer> hoard = new ArrayList<>();
        while (pool.available() > 3) {
            hoard.add(pool.take(PacketPool.STACK));
        }
        TxLimits none = limits(Set.of(Feature.SCATTER_GATHER), 8, 0, 1500);
        software.begin(burst, 0, burst.size());
        List<byte[]> wire = new ArrayList<>();
        assertEquals(3, software.make(none), "as many as there are buffers");
        assertEquals(0, software.make(none), "those come first");
        while (!software.finish()) {
            int from = software.offered();
            int to = software.pieces().size();
            assertTrue(to > from);
            send(none, from, to, wire);
            software.offered(to);
            software.make(none);
        }
        assertFrames(Reference.apply(packet.frame(), packet.flags(), packet.offload()), wire);
        hoard.forEach(h -> pool.free(h, PacketPool.STACK));
        free();
    }

    @Test
    void requestsThatMakeNoSenseAreRefused() {
        TxLimits limits = limits(EnumSet.allOf(Feature.class), 16, 65535, 1500);
        Frames.Recipe r = new Frames.Recipe();
        r.mss = 1000;
        r.payload = 3000;
        Frames good = Frames.make(r, new Random(1));
        load(good, new Random(2));
        int end = burst.size();
        assertEquals(TxLimits.DIRECT, limits.judge(burst, 0, end));
        for (long offload : new long[] {PacketBurst.txOffload(14, 20, 20, 0, 0),
            PacketBurst.txOffload(14, 20, 19, 9, 0),
            PacketBurst.txOffload(13, 20, 20, 9, 0), PacketBurst.txOffload(14, 19, 20, 9, 0),
            PacketBurst.txOffload(14, 20, 20, 1500, 0)}) {
            burst.offload(0, offload);
            assertEquals(TxLimits.REFUSE, limits.judge(burst, 0, end), Long.toHexString(offload));
        }
        load(new Frames(new byte[1519], 0, 0), new Random(1));
        assertEquals(TxLimits.REFUSE, limits.judge(burst, 0, burst.size()));
        load(new Frames(new byte[13], 0, 0), new Random(1));
        assertEquals(TxLimits.REFUSE, limits.judge(burst, 0, 1));
    }
}
