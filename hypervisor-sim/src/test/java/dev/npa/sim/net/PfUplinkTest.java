package dev.npa.sim.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PfUplinkTest {

    private static final long RX_BASE = 0x10000;
    private static final long TX_BASE = 0x80000;
    private static final int BUFFERS = 128;

    private final PhysicalMemory memory = PhysicalMemory.allocate(0, 2 << 20);
    private final HostBuffers rxBuffers = new HostBuffers(memory, RX_BASE, BUFFERS);
    private final FakePfDriver driver = new FakePfDriver(memory, rxBuffers);
    private final PfUplink uplink = new PfUplink(driver, memory, rxBuffers, TX_BASE, BUFFERS);
    private final List<byte[]> received = new ArrayList<>();

    private static byte[] frame(int length) {
        byte[] f = new byte[length];
        for (int i = 0; i < length; i++) {
            f[i] = (byte) (i * 13 + length);
        }
        return f;
    }

    private long send(byte[] frame) {
        ByteBuffer b = ByteBuffer.allocateDirect(frame.length + 3).put(3, frame);
        return uplink.transmit(b, 3, frame.length);
    }

    private int poll(int budget) {
        return uplink.poll((buffer, offset, length) -> {
            byte[] copy = new byte[length];
            buffer.get(offset, copy);
            received.add(copy);
            return true;
        }, budget);
    }

    @Test
    void framesLeaveInOrderWithTheFlush() {
        for (int i = 0; i < 10; i++) {
            assertTrue(send(frame(60 + i)) > 0);
        }
        assertEquals(0, driver.sent.size());
        uplink.flush();
        assertEquals(1, driver.transmitCalls);
        for (int i = 0; i < 10; i++) {
            assertArrayEquals(frame(60 + i), driver.sent.get(i));
        }
    }

    @Test
    void longFrameGoesOutAndComesInAsSegments() {
        for (int length : new int[] {2047, 2048, 2049, 4096, 9018, 9022}) {
            send(frame(length));
            uplink.flush();
            assertArrayEquals(frame(length), driver.sent.remove(0));
            driver.arrive(frame(length), 0);
            assertEquals(1, poll(8));
            assertArrayEquals(frame(length), received.remove(0));
        }
        assertEquals(BUFFERS, rxBuffers.available());
    }

    @Test
    void ticketsCompleteWithReclaim() {
        long idle = uplink.completed();
        long first = send(frame(60));
        long second = send(frame(5000));
        long third = send(frame(61));
        assertTrue(idle < first && first < second && second < third);
        uplink.flush();
        poll(0);
        assertEquals(idle, uplink.completed());
        driver.finish(2);
        poll(0);
        assertEquals(second, uplink.completed());
        assertEquals(1, uplink.outstanding());
        driver.finish(1);
        poll(0);
        assertEquals(third, uplink.completed());
    }

    @Test
    void fullRingAndEmptyPoolRefuse() {
        driver.ring = 10;
        int taken = 0;
        while (send(frame(60)) > 0) {
            taken++;
        }
        assertEquals(10, driver.sent.size());
        assertTrue(taken < BUFFERS);
        for (int i = 0; i < 20; i++) {
            driver.finish(10);
            poll(0);
            uplink.flush();
        }
        assertEquals(taken, driver.sent.size(), "what was taken is sent once there is room");
        driver.ring = 1000;
        driver.finish(1000);
        poll(0);
        assertEquals(0, uplink.outstanding());
        int more = 0;
        while (send(frame(60)) > 0) {
            more++;
        }
        assertEquals(BUFFERS, more, "every buffer is back");
    }

    @Test
    void refusedFrameIsOfferedAgainBeforeLaterOnes() {
        driver.arrive(frame(60), 0);
        driver.arrive(frame(61), 0);
        int[] calls = {0};
        assertEquals(1, uplink.poll((buffer, offset, length) -> ++calls[0] == 1, 8));
        assertEquals(2, calls[0]);
        driver.arrive(frame(62), 0);
        assertEquals(1, poll(8));
        assertEquals(1, poll(8));
        assertEquals(61, received.get(0).length);
        assertEquals(62, received.get(1).length);
        assertEquals(BUFFERS, rxBuffers.available());
    }

    @Test
    void budgetLimitsAPoll() {
        for (int i = 0; i < 20; i++) {
            driver.arrive(frame(60 + i), 0);
        }
        assertEquals(7, poll(7));
        assertEquals(13, poll(64));
        assertEquals(0, poll(64));
    }

    @Test
    void strippedTagIsPutBack() {
        byte[] f = frame(60);
        driver.arrive(f, 0x6007);
        poll(8);
        byte[] got = received.get(0);
        assertEquals(64, got.length);
        assertArrayEquals(new byte[] {(byte) 0x81, 0, 0x60, 0x07}, java.util.Arrays.copyOfRange(got, 12, 16));
        assertArrayEquals(java.util.Arrays.copyOfRange(f, 12, 60), java.util.Arrays.copyOfRange(got, 16, 64));
    }

    @Test
    void giantIsDroppedAndCountedAndWaitsForNothing() {
        assertTrue(send(frame(9023)) <= uplink.completed());
        assertEquals(1, uplink.oversizedFrames());
        long before = send(frame(60));
        assertEquals(before, send(frame(9023)));
    }

    @Test
    void abortedFramesAreCountedAndComplete() {
        driver.abort = true;
        long ticket = send(frame(5000));
        uplink.flush();
        driver.finish(1);
        poll(0);
        assertEquals(1, uplink.abortedFrames());
        assertEquals(ticket, uplink.completed());
    }

    @Test
    void addressesReachTheDriver() {
        MacAddress mac = MacAddress.parse("02:00:00:00:00:01");
        uplink.addAddress(mac);
        assertTrue(driver.addresses.contains(mac));
        uplink.removeAddress(mac);
        assertTrue(driver.addresses.isEmpty());
    }

    @Test
    void poolHandsEachBufferOutOnce() {
        long[] addresses = new long[BUFFERS + 10];
        int[] handles = new int[BUFFERS + 10];
        assertThrows(IndexOutOfBoundsException.class, () -> rxBuffers.take(addresses, handles, 11, BUFFERS));
        assertEquals(BUFFERS, rxBuffers.take(addresses, handles, 7, BUFFERS + 3));
        assertEquals(0, rxBuffers.take(addresses, handles, 0, 1));
        assertEquals(BUFFERS, java.util.Arrays.stream(addresses, 7, 7 + BUFFERS).distinct()
                .peek(at -> assertEquals(0, (at - RX_BASE) % HostBuffers.STRIDE)).count());
        assertEquals(rxBuffers.address(handles[7]), addresses[7]);
        rxBuffers.give(handles, 7, 5);
        assertEquals(5, rxBuffers.available());
        assertThrows(IllegalStateException.class, () -> rxBuffers.give(handles, 7, 1));
        assertThrows(IllegalArgumentException.class, () -> new HostBuffers(memory, 2 << 20, 1));
    }

    @Test
    void aPacketForTheNicToCutIsOnePacketOfSeveralSegments() {
        assertEquals(0, uplink.segmentedBytes(), "a driver that does not say so cuts nothing");
        driver.tsoSegments = 8;
        PfUplink cutting = new PfUplink(driver, memory, rxBuffers, TX_BASE, BUFFERS);
        assertEquals(8 * HostBuffers.SIZE, cutting.segmentedBytes());
        byte[] packet = frame(8 * HostBuffers.SIZE);
        long offload = PacketBurst.txOffload(14, 20, 20, 1460, 0);
        assertTrue(cutting.transmitSegmented(ByteBuffer.allocateDirect(packet.length).put(0, packet), 0,
                packet.length, PacketFlags.TX_TSO | PacketFlags.TX_IPV4, offload) > 0);
        cutting.flush();
        assertArrayEquals(packet, driver.sent.get(0));
        assertEquals(PacketFlags.SOP | PacketFlags.TX_TSO | PacketFlags.TX_IPV4, driver.lastFlags);
        assertEquals(offload, driver.lastOffload);
        assertEquals(1, cutting.outstanding());
        driver.finish(1);
        cutting.poll((buffer, offset, length) -> true, 8);
        assertEquals(0, cutting.outstanding());
    }

    @Test
    void aFrameAfterOneToCutAsksForNothing() {
        driver.tsoSegments = 8;
        PfUplink cutting = new PfUplink(driver, memory, rxBuffers, TX_BASE, BUFFERS);
        ByteBuffer bytes = ByteBuffer.allocateDirect(4096);
        cutting.transmitSegmented(bytes, 0, 4096, PacketFlags.TX_TSO, 77);
        cutting.transmit(bytes, 0, 60);
        cutting.flush();
        assertEquals(PacketFlags.WHOLE, driver.lastFlags);
        assertEquals(0, driver.lastOffload);
    }

    @Test
    void checksumResultsAreThoseOfTheFrameThatIsOffered() {
        driver.results = PacketFlags.RX_IP_GOOD | PacketFlags.RX_L4_BAD | PacketFlags.RX_TCP;
        driver.arrive(frame(100), 0);
        List<Integer> results = new ArrayList<>();
        uplink.poll((buffer, offset, length) -> results.add(uplink.results()), 1);
        driver.results = 0;
        driver.arrive(frame(100), 0);
        uplink.poll((buffer, offset, length) -> results.add(uplink.results()), 1);
        assertEquals(List.of(PacketFlags.RX_IP_GOOD | PacketFlags.RX_L4_BAD, 0), results);
    }
}
