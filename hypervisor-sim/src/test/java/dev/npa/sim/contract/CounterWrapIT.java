package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.pf.VfSettings;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.Feature;
import dev.npa.sim.contract.Vm.Outgoing;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 11.03: a device's counter of 32 or 36 bits wraps, a plugin's of 64 bits goes on as if nothing had happened. */
class CounterWrapIT {

    private static final MacAddress GROUP = MacAddress.parse("01:00:5e:01:02:03");
    /** The 57712's PF driver has statistics written once a second. */
    private static final long LAG = 1_100_000_000;
    private static final int FRAMES = 60;
    /** What a device counts between two readings; the 57712 three times, once for each kind of address. */
    private static final long STEP = 0x2000_0000L;

    private static Map<DeviceCounter, Long> read(Vm vm) {
        Map<DeviceCounter, Long> all = new EnumMap<>(DeviceCounter.class);
        for (DeviceCounter counter : DeviceCounter.values()) {
            all.put(counter, vm.plugin.counter(counter));
        }
        return all;
    }

    private static void add(Map<DeviceCounter, Long> to, DeviceCounter counter, long amount) {
        to.merge(counter, amount, Long::sum);
    }

    /** A reading that is never less than the one before. */
    private static void monotonic(Bench bench, Vm vm, Map<DeviceCounter, Long> last) {
        read(vm).forEach((counter, value) -> {
            long before = last.put(counter, value);
            assertTrue(value >= before, () -> bench + " " + counter + " went from " + before + " back to " + value);
        });
    }

    /** Twenty frames each way before the wrap of each counter, forty behind it; every reading counts. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "VMXNET3") // its counters have 64 bits
    void countersGoOnOverTheWrapOfTheDevices(Product product) {
        Random random = new Random(150);
        for (int preset : new int[] {-20, Integer.MAX_VALUE - 20}) {
            try (NicBench bench = (NicBench) product.bench(Setup.standard().without(Feature.LRO).settings(
                    s -> new VfSettings(s.mac(), 0, s.mtu(), true, false, false, Set.of(GROUP), Setup.VLANS, 0)))) {
                Vm vm = bench.vm(0);
                Map<DeviceCounter, Long> last = read(vm);
                for (long at = STEP; at < Integer.toUnsignedLong(preset); at += STEP) {
                    product.presetStatistics(bench.nic, 0, (int) at, at * octets(product));
                    bench.pass(LAG);
                    monotonic(bench, vm, last);
                }
                product.presetStatistics(bench.nic, 0, preset, Integer.toUnsignedLong(preset) * octets(product));
                bench.pass(LAG);
                monotonic(bench, vm, last);
                Map<DeviceCounter, Long> expected = new EnumMap<>(last);
                for (int i = 0; i < FRAMES; i++) {
                    boolean group = i % 2 == 0;
                    byte[] in = Shape.udp(Bench.FAR, group ? GROUP : vm.mac, 100 + random.nextInt(1300)).frame();
                    byte[] out = Shape.udp(vm.mac, Bench.FAR, 100 + random.nextInt(1300)).frame();
                    bench.fromWire(in);
                    vm.send(Outgoing.plain(out));
                    add(expected, DeviceCounter.RX_FRAMES, 1);
                    add(expected, DeviceCounter.RX_BYTES, in.length);
                    add(expected, DeviceCounter.RX_MULTICAST, group ? 1 : 0);
                    add(expected, DeviceCounter.TX_FRAMES, 1);
                    add(expected, DeviceCounter.TX_BYTES, out.length);
                    if (i % 5 == 0) {
                        bench.pass(LAG / 3);
                    }
                    monotonic(bench, vm, last);
                    vm.receive();
                }
                bench.pass(LAG);
                assertEquals(expected, read(vm), () -> bench + " from " + Integer.toUnsignedString(preset));
                vm.plugin.stop();
                monotonic(bench, vm, last);
                vm.plugin.start();
                bench.settle();
                assertEquals(expected, read(vm), () -> bench + " after stop and start");
            }
        }
    }

    /** Octets a frame, more than the FCS: so many that they wrap with the frames, at 36 bits in the 82599. */
    private static int octets(Product product) {
        return product == Product.NIANTIC_10 || product == Product.NIANTIC_11 ? 16 : 5;
    }
}
