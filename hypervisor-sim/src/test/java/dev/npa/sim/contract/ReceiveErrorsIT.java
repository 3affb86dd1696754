package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.plugin.Feature;
import dev.npa.plugin.QueueCounter;
import dev.npa.sim.contract.Completions.Field;
import dev.npa.sim.contract.Vm.Incoming;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rules 7.07 and 11.02: a frame that the device marks bad, or whose descriptor makes no sense, is dropped,
 * counted once, and costs neither a buffer nor its neighbours.
 */
class ReceiveErrorsIT {

    private static final int RING = 64;
    /** Least length of a frame that goes wrong, or of its last part. */
    private static final int LENGTH = 777;

    /** A length that differs from that of the frame that had the same place in the ring before. */
    private static int length(int round) {
        return LENGTH + round % 31;
    }

    private static byte[] frame(Bench bench, int length) {
        return Shape.udp(Bench.FAR, bench.vm(0).mac, length - 42).frame();
    }

    private static void set(Field field, int from, int bits) {
        int at = field.offset() + from;
        field.window().putInt(at, field.window().getInt(at) | bits);
    }

    /** The bit with which the device says that the frame is broken, by the place of the length. */
    private static void bad(Product product, List<Field> fields) {
        switch (product) {
            case NIANTIC_10, NIANTIC_11 -> set(fields.get(0), -4, 1 << 29); // RXE, 82599 §6.5
            case KAWELA -> set(fields.get(0), -4, 1 << 31); // RXE, 82576 §5.4
            case BROADCOM -> set(fields.get(0), -10, 1 << 3); // PHY_DECODE_ERR; pkt_len is at 10, 57712 §5.3
            case VMXNET3 -> set(fields.get(0), 0, 1 << 14); // err, vmxnet3 §9
        }
    }

    /** A length that no buffer has: all the bits that the field has. */
    private static void senseless(Product product, List<Field> fields) {
        for (Field field : fields) {
            field.window().putShort(field.offset(), (short) (product == Product.VMXNET3 ? 0x3FFF : 0xFFFF));
        }
    }

    private static void spoil(Bench bench, byte[] frame, BiConsumer<Product, List<Field>> how) {
        int buffer = bench.vm(0).machine.pool().bufferSize();
        Completions completions = new Completions(bench.vm(0), frame.length, frame.length % buffer);
        bench.fromWire(frame);
        how.accept(bench.product, completions.written());
    }

    /** More than once around the ring. */
    private static void spoilEverySecond(Bench bench, BiConsumer<Product, List<Field>> how) {
        Vm vm = bench.vm(0);
        for (int i = 0; i < 2 * RING + 11; i++) {
            spoil(bench, frame(bench, length(i)), how);
            assertEquals(List.of(), vm.receive(), () -> bench + ": the frame must not be delivered");
            assertEquals(i + 1, vm.rx(0).counter(QueueCounter.ERRORS), bench::toString);
            byte[] good = frame(bench, 100 + i % 600);
            bench.fromWire(good);
            List<Incoming> got = vm.receive();
            assertEquals(1, got.size(), () -> bench + ": the queue goes on");
            assertArrayEquals(good, got.get(0).bytes(), bench::toString);
            assertEquals(i + 1, vm.rx(0).counter(QueueCounter.PACKETS), bench::toString);
        }
    }

    @ParameterizedTest
    @EnumSource
    void frameThatTheDeviceMarksBadIsCountedAndTheQueueGoesOn(Product product) {
        try (Bench bench = product.bench(Setup.standard().ring(RING).without(Feature.LRO))) {
            spoilEverySecond(bench, ReceiveErrorsIT::bad);
        }
    }

    @ParameterizedTest
    @EnumSource
    void descriptorThatMakesNoSenseIsCountedAndTheQueueGoesOn(Product product) {
        try (Bench bench = product.bench(Setup.standard().ring(RING).without(Feature.LRO))) {
            spoilEverySecond(bench, ReceiveErrorsIT::senseless);
        }
    }

    @ParameterizedTest
    @EnumSource
    void neighboursInTheSameBurstAreDelivered(Product product) {
        try (Bench bench = product.bench(Setup.standard().ring(RING).without(Feature.LRO))) {
            Vm vm = bench.vm(0);
            for (int round = 0; round < 40; round++) {
                byte[] before = frame(bench, 100 + round);
                byte[] after = frame(bench, 300 + round);
                bench.fromWire(before);
                spoil(bench, frame(bench, length(round)), round % 2 == 0 ? ReceiveErrorsIT::bad
                        : ReceiveErrorsIT::senseless);
                bench.fromWire(after);
                List<Incoming> got = vm.receive();
                assertEquals(2, got.size(), bench::toString);
                assertArrayEquals(before, got.get(0).bytes(), bench::toString);
                assertArrayEquals(after, got.get(1).bytes(), bench::toString);
                assertEquals(round + 1, vm.rx(0).counter(QueueCounter.ERRORS), bench::toString);
            }
        }
    }

    /** All buffers of the packet come back, and the next packet is whole. */
    @ParameterizedTest
    @EnumSource
    void packetInSeveralBuffersIsDroppedAsOne(Product product) {
        try (Bench bench = product.bench(Setup.standard().mtu(9000).ring(RING).without(Feature.LRO))) {
            Vm vm = bench.vm(0);
            byte[] good = frame(bench, 5_000);
            bench.fromWire(good);
            int buffers = vm.receive().get(0).buffers();
            int size = vm.machine.pool().bufferSize();
            assertEquals((good.length + size - 1) / size, buffers, bench::toString);
            for (int i = 0; i < RING; i++) {
                spoil(bench, frame(bench, 3 * size + length(i)), ReceiveErrorsIT::bad);
                assertEquals(List.of(), vm.receive(), bench::toString);
                assertEquals(i + 1, vm.rx(0).counter(QueueCounter.ERRORS), () -> bench + ": once a packet");
                bench.fromWire(good);
                List<Incoming> got = vm.receive();
                assertEquals(1, got.size(), bench::toString);
                assertArrayEquals(good, got.get(0).bytes(), bench::toString);
            }
        }
    }
}
