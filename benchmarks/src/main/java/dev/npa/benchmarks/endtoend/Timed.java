package dev.npa.benchmarks.endtoend;

import dev.npa.hw.MacAddress;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import dev.npa.hw.Steppable;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.sim.net.Uplink;
import java.nio.ByteBuffer;

/** Parts of the way that tell a stopwatch when they begin and end. */
final class Timed {

    private Timed() {}

    static TxQueue tx(TxQueue queue, Stopwatch watch) {
        return new TxQueue() {
            @Override
            public int transmit(PacketBurst burst, int from, int to) {
                int before = watch.enter(Stage.PLUGIN);
                int taken = queue.transmit(burst, from, to);
                watch.back(before);
                return taken;
            }

            @Override
            public int reclaim(int budget) {
                int before = watch.enter(Stage.PLUGIN);
                int packets = queue.reclaim(budget);
                watch.back(before);
                return packets;
            }

            @Override
            public int outstanding() {
                return queue.outstanding();
            }

            @Override
            public long counter(QueueCounter counter) {
                return queue.counter(counter);
            }
        };
    }

    static RxQueue rx(RxQueue queue, Stopwatch watch) {
        return new RxQueue() {
            @Override
            public int receive(PacketBurst into, int budget) {
                int before = watch.enter(Stage.PLUGIN);
                int packets = queue.receive(into, budget);
                watch.back(before);
                return packets;
            }

            @Override
            public long counter(QueueCounter counter) {
                return queue.counter(counter);
            }
        };
    }

    static Steppable device(Steppable device, Stopwatch watch) {
        return budget -> {
            int before = watch.enter(Stage.EMULATION);
            int work = device.run(budget);
            watch.back(before);
            return work;
        };
    }

    static PciFunction function(PciFunction function, Stopwatch watch) {
        return new PciFunction() {
            @Override
            public PciIdentity identity() {
                return function.identity();
            }

            @Override
            public int readConfig(int offset, int width) {
                return function.readConfig(offset, width);
            }

            @Override
            public void writeConfig(int offset, int width, int value) {
                function.writeConfig(offset, width, value);
            }

            @Override
            public RegisterWindow bar(int index) {
                return window(function.bar(index), watch);
            }
        };
    }

    private static RegisterWindow window(RegisterWindow window, Stopwatch watch) {
        return new RegisterWindow() {
            @Override
            public int length() {
                return window.length();
            }

            @Override
            public int read32(int offset) {
                int before = watch.enter(Stage.REGISTERS);
                int value = window.read32(offset);
                watch.back(before);
                return value;
            }

            @Override
            public void write32(int offset, int value) {
                int before = watch.enter(Stage.REGISTERS);
                window.write32(offset, value);
                watch.back(before);
            }
        };
    }

    static Uplink uplink(Uplink uplink, Stopwatch watch) {
        return new Uplink() {
            private Receiver receiver;
            private final Receiver timed = (buffer, offset, length) -> {
                int before = watch.enter(Stage.SWITCH);
                boolean taken = receiver.receive(buffer, offset, length);
                watch.back(before);
                return taken;
            };

            @Override
            public long transmit(ByteBuffer source, int offset, int length) {
                int before = watch.enter(Stage.UPLINK);
                long ticket = uplink.transmit(source, offset, length);
                watch.back(before);
                return ticket;
            }

            @Override
            public int segmentedBytes() {
                return uplink.segmentedBytes();
            }

            @Override
            public long transmitSegmented(ByteBuffer source, int offset, int length, int flags, long offload) {
                int before = watch.enter(Stage.UPLINK);
                long ticket = uplink.transmitSegmented(source, offset, length, flags, offload);
                watch.back(before);
                return ticket;
            }

            @Override
            public void flush() {
                int before = watch.enter(Stage.UPLINK);
                uplink.flush();
                watch.back(before);
            }

            @Override
            public long completed() {
                return uplink.completed();
            }

            @Override
            public int poll(Receiver newReceiver, int budget) {
                int before = watch.enter(Stage.UPLINK);
                receiver = newReceiver;
                int frames = uplink.poll(timed, budget);
                watch.back(before);
                return frames;
            }

            @Override
            public int results() {
                return uplink.results();
            }

            @Override
            public void addAddress(MacAddress mac) {
                uplink.addAddress(mac);
            }

            @Override
            public void removeAddress(MacAddress mac) {
                uplink.removeAddress(mac);
            }

            @Override
            public void addVlan(int vlan) {
                uplink.addVlan(vlan);
            }

            @Override
            public void removeVlan(int vlan) {
                uplink.removeVlan(vlan);
            }
        };
    }
}
