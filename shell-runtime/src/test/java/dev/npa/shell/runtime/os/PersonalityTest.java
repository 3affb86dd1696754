package dev.npa.shell.runtime.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.fake.FakeChannel.Record;
import dev.npa.shell.runtime.fake.FakeNetDevice.Sent;
import dev.npa.shell.runtime.fake.Frames;
import dev.npa.shell.runtime.linux.LinuxOs;
import dev.npa.shell.runtime.netdev.GuestOsFactory;
import dev.npa.shell.runtime.windows.WindowsOs;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every personality owes its applications and the device, whatever it looks like inside. */
class PersonalityTest {

    private static final long SEED = 20_261_121;

    static Stream<GuestOsFactory> personalities() {
        return Stream.of(LinuxOs.factory(), WindowsOs.factory());
    }

    private static Frames frame(Random random, int flow) {
        Frames.Recipe recipe = new Frames.Recipe();
        recipe.v4 = random.nextBoolean();
        recipe.udp = random.nextInt(4) == 0;
        recipe.flow = flow;
        recipe.tcpOptions = recipe.udp ? 0 : 4 * random.nextInt(4);
        boolean large = !recipe.udp && random.nextInt(3) == 0;
        recipe.payload = large ? 2000 + random.nextInt(20_000) : random.nextInt(1400);
        recipe.mss = large ? 1400 : 0;
        recipe.l4Checksum = random.nextBoolean();
        recipe.ipChecksum = recipe.v4 && random.nextBoolean();
        recipe.vlan = random.nextInt(3) == 0 ? random.nextInt(0x10000) : -1;
        return Frames.make(recipe, random);
    }

    @ParameterizedTest
    @MethodSource("personalities")
    void requestsOfApplicationsReachTheDeviceUnchanged(GuestOsFactory factory) {
        OsRig rig = new OsRig(factory, 1, 256);
        Random random = new Random(SEED);
        List<Frames> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Frames record = frame(random, i);
            assertTrue(rig.channel.send(record, 0xFFFF));
            expected.add(record);
            rig.settle();
            while (rig.device.complete(0, 1, false)) {
                rig.settle();
            }
        }
        List<Sent> sent = rig.device.sent(0);
        assertEquals(expected.size(), sent.size());
        for (int i = 0; i < sent.size(); i++) {
            assertArrayEquals(expected.get(i).frame(), sent.get(i).frame(), "frame " + i);
            assertEquals(meaning(expected.get(i).flags()), meaning(sent.get(i).flags()), "requests of frame " + i);
            assertEquals(expected.get(i).offload(), sent.get(i).offload(), "transmit word of frame " + i);
        }
        assertEquals(rig.buffers, rig.device.pool.available());
    }

    /** TSO brings its checksums along, said or not. */
    private static int meaning(int flags) {
        int sums = PacketFlags.TX_IP_CHECKSUM | PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM;
        return (flags & PacketFlags.TX_TSO) == 0 ? flags : flags & ~sums;
    }

    @ParameterizedTest
    @MethodSource("personalities")
    void aFlowKeepsItsQueueAndItsOrderWhileTheDeviceTakesAFewAtATime(GuestOsFactory factory) {
        OsRig rig = new OsRig(factory, 4, 256);
        rig.device.ring = 3;
        Random random = new Random(SEED);
        List<List<byte[]>> byFlow = new ArrayList<>();
        for (int flow = 0; flow < 16; flow++) {
            byFlow.add(new ArrayList<>());
        }
        int taken = 0;
        for (int i = 0; taken < 600; i++) {
            int flow = random.nextInt(16);
            Frames.Recipe recipe = new Frames.Recipe();
            recipe.payload = 100 + random.nextInt(400);
            recipe.flow = flow;
            byte[] bytes = Frames.make(recipe, random).frame();
            // Addresses by flow, so that the hash tells flows apart.
            for (int at = 26; at < 34; at++) {
                bytes[at] = (byte) (flow * 31 + at);
            }
            if (rig.channel.send(new Frames(bytes, 0, 0), 0xFFFF)) {
                byFlow.get(flow).add(bytes);
                taken++;
            }
            rig.system.run(8);
            if (random.nextInt(3) == 0) {
                rig.device.complete(random.nextInt(4), 2, false);
            }
        }
        while (Stream.of(0, 1, 2, 3).map(q -> rig.device.complete(q, 1, false)).reduce(false, Boolean::logicalOr)) {
            rig.settle();
        }
        int used = 0;
        int total = 0;
        for (int q = 0; q < 4; q++) {
            used += rig.device.sent(q).isEmpty() ? 0 : 1;
            total += rig.device.sent(q).size();
        }
        assertEquals(600, total);
        assertTrue(used > 1, "all flows went through one queue");
        byFlow.forEach(flow -> assertInOrderOnOneQueue(rig, flow));
        assertEquals(rig.buffers, rig.device.pool.available());
    }

    private static void assertInOrderOnOneQueue(OsRig rig, List<byte[]> flow) {
        for (int q = 0; q < 4; q++) {
            List<byte[]> here = rig.device.sent(q).stream().map(Sent::frame)
                    .filter(f -> f[26] == flow.get(0)[26]).toList();
            if (!here.isEmpty()) {
                assertEquals(flow.size(), here.size(), "frames of a flow on queue " + q);
                for (int i = 0; i < here.size(); i++) {
                    assertArrayEquals(flow.get(i), here.get(i));
                }
                return;
            }
        }
        throw new AssertionError("a flow was not sent");
    }

    @ParameterizedTest
    @MethodSource("personalities")
    void aRecordNamesItsQueue(GuestOsFactory factory) {
        OsRig rig = new OsRig(factory, 4, 64);
        Random random = new Random(SEED);
        for (int q = 0; q < 8; q++) {
            assertTrue(rig.channel.send(frame(random, q), q));
        }
        rig.settle();
        for (int q = 0; q < 4; q++) {
            assertEquals(2, rig.device.sent(q).size());
        }
    }

    @ParameterizedTest
    @MethodSource("personalities")
    void receivedPacketsReachTheApplicationsWithTheirResults(GuestOsFactory factory) {
        OsRig rig = new OsRig(factory, 2, 256);
        rig.settle();
        int flags = PacketFlags.RX_IPV4 | PacketFlags.RX_TCP | PacketFlags.RX_L4_GOOD | PacketFlags.RX_IP_GOOD
                | PacketFlags.RX_HASH | PacketFlags.RX_VLAN | PacketFlags.RX_LRO;
        long word = PacketBurst.rxOffload(0x51ccc178, 0xA064);
        byte[] merged = new byte[20_000];
        new Random(SEED).nextBytes(merged);
        assertTrue(rig.device.arrive(1, merged, flags, word, 14, 1448, 2048));
        byte[] plain = new byte[60];
        assertTrue(rig.device.arrive(0, plain, 0, 0, 0, 0, 2048));
        rig.settle();
        Record first = rig.channel.receiveRecord();
        Record second = rig.channel.receiveRecord();
        Record large = first.frame().length == 60 ? second : first;
        Record small = large == first ? second : first;
        assertArrayEquals(merged, large.frame());
        assertEquals(flags, large.flags());
        assertEquals(word, large.offload());
        assertEquals(14 << 16 | 1448, large.lro());
        assertEquals(1, large.queue());
        assertArrayEquals(plain, small.frame());
        assertEquals(0, small.flags());
        assertEquals(0, small.queue());
        assertEquals(rig.buffers, rig.device.pool.available());
    }

    @ParameterizedTest
    @MethodSource("personalities")
    void noWakeUpIsLostWhateverArrivesWhen(GuestOsFactory factory) {
        OsRig rig = new OsRig(factory, 2, 256);
        Random random = new Random(SEED);
        int arrived = 0;
        int received = 0;
        for (int i = 0; i < 3000; i++) {
            for (int n = random.nextInt(4); n > 0; n--) {
                arrived += rig.device.arrive(random.nextInt(2), new byte[60 + n], 0, 0, 0, 0, 2048) ? 1 : 0;
            }
            if (random.nextBoolean()) {
                rig.system.run(1 + random.nextInt(8));
            }
            while (random.nextBoolean() && rig.channel.receive() != null) {
                received++;
            }
        }
        rig.settle();
        while (rig.channel.receive() != null) {
            received++;
            rig.settle();
        }
        assertEquals(arrived, received);
        assertTrue(rig.device.isArmed(0) && rig.device.isArmed(1), "a queue at rest has no interrupt to wake it");
    }

    @ParameterizedTest
    @MethodSource("personalities")
    void applicationsThatDoNotReadHoldPacketsBackAndLoseNone(GuestOsFactory factory) {
        OsRig rig = new OsRig(factory, 1, 64);
        int arrived = 0;
        for (int i = 0; i < 700; i++) {
            byte[] frame = new byte[60];
            frame[0] = (byte) i;
            frame[1] = (byte) (i >>> 8);
            arrived += rig.device.arrive(0, frame, 0, 0, 0, 0, 2048) ? 1 : 0;
            rig.system.run(32);
        }
        assertEquals(700, arrived);
        assertTrue(rig.device.waiting(0) > 0, "everything was taken although nobody reads");
        for (int i = 0; i < 700; i++) {
            byte[] frame = rig.channel.receive();
            assertNotNull(frame, "packet " + i);
            assertEquals(i, frame[0] & 0xFF | (frame[1] & 0xFF) << 8);
            rig.settle();
        }
        assertEquals(rig.buffers, rig.device.pool.available());
    }

    @ParameterizedTest
    @MethodSource("personalities")
    void abortedPacketsGiveTheirBuffersBack(GuestOsFactory factory) {
        OsRig rig = new OsRig(factory, 1, 64);
        Random random = new Random(SEED);
        for (int i = 0; i < 20; i++) {
            rig.channel.send(frame(random, i), 0xFFFF);
        }
        rig.settle();
        while (rig.device.complete(0, 1, true)) {
            rig.settle();
        }
        assertEquals(rig.buffers, rig.device.pool.available());
    }

    @ParameterizedTest
    @MethodSource("personalities")
    void closingGivesEveryBufferBackThatTheDeviceDoesNotHold(GuestOsFactory factory) {
        OsRig rig = new OsRig(factory, 2, 64);
        rig.device.ring = 2;
        Random random = new Random(SEED);
        for (int i = 0; i < 30; i++) {
            rig.channel.send(frame(random, i), 0xFFFF);
            rig.device.arrive(i % 2, new byte[1000], 0, 0, 0, 0, 2048);
            rig.system.run(4);
        }
        assertFalse(rig.device.pool.available() == rig.buffers);
        rig.system.close();
        rig.device.reset();
        assertEquals(rig.buffers, rig.device.pool.available());
    }
}
