package dev.npa.sim.traffic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.shell.PacketFlags;
import dev.npa.sim.traffic.GeneratorSpec.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The reference against another one that shares no code with it, over records as the generator makes them. */
class ExpansionTest {

    static final MacAddress A = MacAddress.parse("02:00:00:00:00:0a");
    static final MacAddress B = MacAddress.parse("02:00:00:00:00:0b");

    /** A round of records of one kind, stamped for round 3. */
    static List<FakeGuest.Record> records(Transport kind, Offloads offloads, boolean options, int vlan, int largest,
            long seed) {
        GeneratorSpec spec = new GeneratorSpec(GeneratorSpec.Sizes.range(110, largest), List.of(kind), vlan, 2,
                Pacing.unlimited(), 0, true, 1500, seed, offloads, options, 11);
        return records(FrameGenerator.generate(spec, A, B, true, true), 3);
    }

    static List<FakeGuest.Record> records(FrameSequence s, long round) {
        List<FakeGuest.Record> records = new ArrayList<>();
        for (int i = 0; i < s.size(); i++) {
            records.add(new FakeGuest.Record(FrameSequenceTest.stamped(s, i, round), s.flags(i), s.offload(i), 0,
                    0xFFFF));
        }
        return records;
    }

    static List<byte[]> expand(FakeGuest.Record record) {
        Expansion expansion = new Expansion();
        int count = expansion.begin(ByteBuffer.wrap(record.frame()), 0, record.frame().length, record.flags(),
                record.offload());
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            expansion.frame(i);
            byte[] f = new byte[expansion.length()];
            expansion.buffer().get(0, f);
            frames.add(f);
        }
        return frames;
    }

    @Property(tries = 60)
    void agreesWithANaiveNicOnEveryKindOfRequest(@ForAll Transport kind, @ForAll boolean checksum, @ForAll boolean tso,
            @ForAll boolean tags, @ForAll boolean options, @ForAll boolean tagged,
            @ForAll @IntRange(min = 64, max = 1400) int mss, @ForAll long seed) {
        Offloads offloads = new Offloads(checksum, tso, tags, mss);
        int vlan = tagged ? 42 : 0;
        List<FakeGuest.Record> records = records(kind, offloads, options, vlan, tso ? 20_000 : 1500, seed);
        for (FakeGuest.Record record : records.subList(0, 20)) {
            List<byte[]> expected = NaiveNic.send(record);
            List<byte[]> actual = expand(record);
            assertEquals(expected.size(), actual.size());
            for (int i = 0; i < expected.size(); i++) {
                assertArrayEquals(expected.get(i), actual.get(i));
                assertTrue(Checksums.areRight(actual.get(i)), "checksums");
                assertTrue(actual.get(i).length <= 1518);
            }
        }
    }

    @Test
    void requestsAreMadeForWhatIsAskedOnly() {
        for (FakeGuest.Record r : records(Transport.TCP4, new Offloads(false, true, false, 0), false, 0, 20_000, 1)) {
            boolean large = r.frame().length > 1514;
            assertEquals(large, (r.flags() & PacketFlags.TX_TSO) != 0);
            assertEquals(large, r.flags() != 0, "without a checksum offload a small frame is complete");
        }
        for (FakeGuest.Record r : records(Transport.UDP6, new Offloads(true, false, true, 0), false, 42, 1500, 1)) {
            assertEquals(PacketFlags.TX_IPV6 | PacketFlags.TX_UDP_CHECKSUM | PacketFlags.TX_VLAN, r.flags());
            assertEquals(11 << 12 | 42, r.offload() >> 40);
            assertEquals(0x86DD, NaiveNic.u16(r.frame(), 12));
        }
        for (FakeGuest.Record r : records(Transport.UDP4, Offloads.NONE, true, 42, 1500, 1)) {
            assertEquals(0, r.flags());
        }
    }

    @Test
    void segmentsOfOneRoundAndOfManyAreAllDifferentAndInSequence() {
        GeneratorSpec spec = new GeneratorSpec(GeneratorSpec.Sizes.range(60_000, 65_000), List.of(Transport.TCP6), 0,
                1, Pacing.unlimited(), 0, true, 1500, 9, new Offloads(true, true, false, 0), false, 0);
        FrameSequence s = FrameGenerator.generate(spec, A, B, true, true);
        long next = -1;
        for (int round = 0; round < 3; round++) {
            for (FakeGuest.Record record : records(s, round)) {
                for (byte[] f : expand(record)) {
                    long sequence = Integer.toUnsignedLong(Net.get32(f, 58));
                    assertEquals(next < 0 ? sequence : next, sequence);
                    next = sequence + f.length - 74 & 0xFFFF_FFFFL;
                }
            }
        }
    }

    @Test
    void impossibleRequestIsRefused() {
        byte[] udp = FrameBuilder.ethernet(B, A, 0, Ether.TYPE_IPV4,
                FrameBuilder.ipv4(1, 2, 17, 1, 0, FrameBuilder.udp(1, 2, new byte[100])));
        assertThrows(IllegalArgumentException.class,
                () -> expand(new FakeGuest.Record(udp, PacketFlags.TX_TSO, 1448L << 24, 0, 0)));
    }
}
