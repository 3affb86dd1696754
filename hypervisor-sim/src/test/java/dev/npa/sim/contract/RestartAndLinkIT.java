package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.LinkState;
import dev.npa.plugin.DeviceCounter;
import dev.npa.sim.contract.Vm.Outgoing;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules 11.03 and 11.04 with traffic that goes on over restarts, and the link as the port has it. */
class RestartAndLinkIT {

    @ParameterizedTest
    @EnumSource
    void countersNeverGoBackOverRestartsUnderTraffic(Product product) {
        try (Bench bench = product.bench()) {
            Vm vm = bench.vm(0);
            long[] before = new long[DeviceCounter.values().length];
            int sent = 0;
            for (int i = 0; i < 12; i++) {
                for (int n = 0; n < 5; n++) {
                    bench.fromWire(Shape.udp(Bench.FAR, vm.mac, 100).frame());
                    vm.send(Outgoing.plain(Shape.udp(vm.mac, Bench.FAR, 100).frame()));
                    sent++;
                    monotonic(bench, vm, before);
                }
                vm.receive();
                vm.plugin.stop();
                monotonic(bench, vm, before);
                vm.plugin.start();
                bench.settle();
                monotonic(bench, vm, before);
            }
            assertEquals(sent, vm.plugin.counter(DeviceCounter.TX_FRAMES), bench::toString);
            assertEquals(sent, vm.plugin.counter(DeviceCounter.RX_FRAMES), bench::toString);
        }
    }

    private static void monotonic(Bench bench, Vm vm, long[] before) {
        for (DeviceCounter counter : DeviceCounter.values()) {
            long now = vm.plugin.counter(counter);
            assertTrue(now >= before[counter.ordinal()], () -> bench + " " + counter + " goes back to " + now);
            before[counter.ordinal()] = now;
        }
    }

    @ParameterizedTest
    @EnumSource
    void linkFollowsTheCable(Product product) {
        try (Bench bench = product.bench()) {
            int speed = product == Product.KAWELA ? 1_000 : 10_000;
            assertEquals(new LinkState(true, speed), bench.link(), bench::toString);
            bench.cable(false);
            bench.settle();
            assertEquals(false, bench.link().up(), bench::toString);
            bench.cable(true);
            bench.settle();
            assertEquals(new LinkState(true, speed), bench.link(), bench::toString);
            Vm vm = bench.vm(0);
            vm.send(Outgoing.plain(Shape.udp(vm.mac, Bench.FAR, 100).frame()));
            assertEquals(1, bench.wire().size(), bench::toString);
        }
    }
}
