package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.hw.Clock;
import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.hw.PciFunction;
import dev.npa.pf.RssSettings;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginConfig;
import dev.npa.sim.host.BareMachine;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.Violations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Guests with data paths of one product, and the wire beside them, in virtual time. */
abstract class Bench implements AutoCloseable {

    /** Who sends and receives at the other end of the wire. */
    static final MacAddress FAR = MacAddress.parse("02:00:00:00:ff:01");
    private static final int STEP_NANOS = 2_000;
    private static final int IDLE_STEPS = 60;
    private static final int RECEIVE_BUFFERS = 2048;

    final Product product;
    final Setup setup;
    final List<Vm> vms = new ArrayList<>();
    final Violations violations = new Violations(this::now);
    /** What a test does wrong on purpose, a part of the sentence. */
    String expected = "(nothing)";
    private long now;
    private boolean stepping;
    final Clock clock = new Clock() {
        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void stall(long nanos) {
            now += nanos;
            step();
        }
    };

    Bench(Product product, Setup setup) {
        this.product = product;
        this.setup = setup;
    }

    long now() {
        return now;
    }

    static MacAddress mac(int vm) {
        return new MacAddress(0x0200_0000_0100L + vm);
    }

    Vm vm(int index) {
        return vms.get(index);
    }

    BareMachine machine(String name, PciFunction function, DmaPort dma) {
        return new BareMachine(name, function, dma, clock, RECEIVE_BUFFERS, Vm.SCRATCH + 4096);
    }

    Vm add(BareMachine machine, Plugin plugin) {
        PluginConfig config = setup.config(plugin.capabilities());
        Vm vm = new Vm(this, machine, plugin, mac(vms.size()), config);
        plugin.configure(config);
        plugin.start();
        vms.add(vm);
        return vm;
    }

    /** Runs device, PF driver and wire once; answers with units of work. */
    abstract int run();

    /** Frames that left through the wire, oldest first; they are taken. */
    abstract List<byte[]> wire();

    /** Offers a frame to the wire; false if it must wait. */
    abstract boolean offer(byte[] frame);

    abstract void rss(int vm, RssSettings settings);

    /** How a guest's packets are spread. */
    abstract RssSettings rss(int vm);

    abstract LinkState link();

    /** Plugs or pulls the cable. */
    abstract void cable(boolean plugged);

    private int step() {
        if (stepping) {
            return 0; // a PF driver that waits for its device while it is served
        }
        stepping = true;
        int work = run();
        stepping = false;
        return work;
    }

    /** Lets time pass until nothing happens any more. */
    void settle() {
        int idle = 0;
        for (int i = 0; i < 200_000 && idle < IDLE_STEPS; i++) {
            now += STEP_NANOS;
            idle = step() > 0 ? 0 : idle + 1;
        }
    }

    /** Lets time pass. */
    void pass(long nanos) {
        long until = now + nanos;
        while (now < until) {
            now += Math.min(1_000_000, until - now);
            step();
        }
    }

    /** Sends frames from the far end and lets them arrive; a full ring is not emptied meanwhile. */
    void fromWire(byte[]... frames) {
        for (byte[] frame : frames) {
            while (!offer(frame)) {
                now += STEP_NANOS;
                step();
            }
        }
        settle();
    }

    /** A frame as the wire carries it: padded with zeros. */
    static byte[] padded(byte[] frame) {
        return frame.length < 60 ? Arrays.copyOf(frame, 60) : frame;
    }

    /** A frame with an inserted tag as the wire carries it: the 57712's driver pads what it gives to the device. */
    byte[] tagged(byte[] frame, int tag) {
        return product == Product.BROADCOM ? Shape.tagged(padded(frame), tag) : padded(Shape.tagged(frame, tag));
    }

    /** Another plugin for a guest's function. */
    abstract Plugin another(int vm);

    /** Stops and closes every plugin: nothing stays allocated, nobody did anything wrong. */
    @Override
    public void close() {
        for (Vm vm : vms) {
            vm.plugin.close();
            assertEquals(vm.machine.pool().count(), vm.machine.pool().available(), () -> this + ": buffers, 14.01");
            assertEquals(List.of(), vm.machine.complaints(), this::toString);
        }
        assertEquals(List.of(), violations.list().stream().filter(v -> !v.what().contains(expected)).toList(),
                this::toString);
    }

    @Override
    public String toString() {
        return product + " " + setup;
    }
}
