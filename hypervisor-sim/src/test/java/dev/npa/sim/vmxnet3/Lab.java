package dev.npa.sim.vmxnet3;

import dev.npa.hw.Clock;
import dev.npa.hw.InterruptController;
import dev.npa.hw.MacAddress;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.IommuDomain;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.SwitchPort;
import java.util.ArrayList;
import java.util.List;

/** A machine with one vmxnet3 device, and the least of a driver: it writes descriptors as a test wants them. */
final class Lab {
    static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:0a");
    static final int SHARED = 0x20_0000;
    static final int QUEUES = 0x20_1000;
    static final int TX_RING = 0x21_0000;
    static final int TX_COMP = 0x22_0000;
    static final int RX_RING0 = 0x23_0000;
    static final int RX_RING1 = 0x24_0000;
    static final int RX_COMP = 0x25_0000;
    /** Distance between the rings of two queues. */
    static final int QUEUE_STRIDE = 0x2000;
    static final int AREA = 0x20_4000;

    static final Clock CLOCK = new Clock() {
        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public void stall(long nanos) {}
    };

    final PhysicalMemory memory = PhysicalMemory.allocate(0, 8 << 20);
    final Violations violations = new Violations(() -> 0);
    final DmaPort dma = new DmaPort("vm", violations);
    final IommuDomain domain = new IommuDomain("vm", memory);
    /** The port behind the device; null when it is one of a real switch. */
    final FakePort port;
    final FakeBackend backend = new FakeBackend();
    final List<Integer> interrupts = new ArrayList<>();
    final Vmxnet3Device device;
    final RegisterWindow bar0;
    final RegisterWindow bar1;
    final RegisterWindow bar2;

    int txQueues = 1;
    int rxQueues = 1;
    int txSize = 32;
    int rxSize0 = 32;
    int rxSize1 = 32;
    int txNext;
    int txGen = 1;
    int compNext;
    int compGen = 1;
    int rxCompNext;
    int rxCompGen = 1;

    Lab() {
        this(new FakePort(MAC), MAC);
    }

    Lab(SwitchPort behind, MacAddress mac) {
        port = behind instanceof FakePort fake ? fake : null;
        domain.map(0, memory.size(), IommuDomain.READ | IommuDomain.WRITE);
        dma.attach(domain, new InterruptController() {
            @Override
            public void raise(int vector) {
                interrupts.add(vector);
            }

            @Override
            public boolean isPending() {
                return !interrupts.isEmpty();
            }

            @Override
            public int take() {
                return interrupts.isEmpty() ? -1 : interrupts.remove(0);
            }
        });
        device = new Vmxnet3Device("vm", CLOCK, violations, mac, behind, dma, backend);
        device.writeConfig(4, 2, 6);
        device.writeConfig(0x9E, 2, 0x8000);
        bar0 = device.bar(0);
        bar1 = device.bar(1);
        bar2 = device.bar(2);
        for (int v = 0; v < 25; v++) {
            bar2.write32(16 * v, (int) InterruptController.MSI_ADDRESS);
            bar2.write32(16 * v + 8, 0x40 + v);
            bar2.write32(16 * v + 12, 0);
        }
    }

    /** Writes DriverShared and the queue table: vectors tx 0, rx 1, events 2; everything passes the filter. */
    Lab describe() {
        memory.putInt(SHARED, 0xBABEFEE1);
        memory.putInt(SHARED + 0x0C, 6);
        memory.putInt(SHARED + 0x10, 1);
        memory.putInt(SHARED + 0x14, 1);
        memory.putLong(SHARED + 0x28, QUEUES);
        memory.putInt(SHARED + 0x34, 256 * (txQueues + rxQueues));
        memory.putInt(SHARED + 0x38, 1500);
        memory.putInt(SHARED + 0x3C, rxQueues << 24 | txQueues << 16 | 18);
        memory.putInt(SHARED + 0x50, 0x00020300);
        memory.putInt(SHARED + 0x78, 0x1F);
        for (int q = 0; q < txQueues; q++) {
            long at = QUEUES + 256L * q;
            memory.putLong(at + 0x10, TX_RING + (long) q * QUEUE_STRIDE);
            memory.putLong(at + 0x20, TX_COMP + (long) q * QUEUE_STRIDE);
            memory.putInt(at + 0x38, txSize);
            memory.putInt(at + 0x40, txSize);
        }
        for (int q = 0; q < rxQueues; q++) {
            long at = QUEUES + 256L * (txQueues + q);
            memory.putLong(at + 0x10, RX_RING0 + (long) q * QUEUE_STRIDE);
            memory.putLong(at + 0x18, rxSize1 == 0 ? 0 : RX_RING1 + (long) q * QUEUE_STRIDE);
            memory.putLong(at + 0x20, RX_COMP + (long) q * QUEUE_STRIDE);
            memory.putInt(at + 0x38, rxSize0);
            memory.putInt(at + 0x3C, rxSize1);
            memory.putInt(at + 0x40, rxSize0 + rxSize1);
            memory.putByte(at + 0x48, (byte) 1);
        }
        return this;
    }

    Lab withPluginArea() {
        memory.putInt(SHARED + 0x2A8, 1);
        memory.putInt(SHARED + 0x2AC, 4096);
        memory.putLong(SHARED + 0x2B0, AREA);
        return this;
    }

    int command(int code) {
        bar1.write32(0x20, code);
        return bar1.read32(0x20);
    }

    int tryActivate() {
        bar1.write32(0x10, SHARED);
        bar1.write32(0x18, 0);
        return command(0xCAFE0000);
    }

    /** Activates and unmasks all vectors. */
    Lab activate() {
        if (tryActivate() != 0) {
            throw new AssertionError("ACTIVATE_DEV failed: " + violations.list());
        }
        for (int v = 0; v < 3; v++) {
            bar0.write32(8 * v, 0);
        }
        return this;
    }

    static Lab active() {
        return new Lab().describe().activate();
    }

    void run() {
        device.run(64);
    }

    /** Writes a TX descriptor at the driver's position: all fields but the generation in the two dwords. */
    void txDescriptor(long address, int d2, int d3) {
        long at = TX_RING + 16L * txNext;
        memory.putLong(at, address);
        memory.putInt(at + 12, d3);
        memory.putInt(at + 8, d2 | txGen << 14);
        if (++txNext == txSize) {
            txNext = 0;
            txGen ^= 1;
        }
    }

    /** Puts a frame at an address and sends it from there as one buffer without offloads. */
    void send(long address, byte[] frame) {
        send(address, frame, 0, 0);
    }

    /** As above with offload bits: msscof in d2 and hlen, om, ti, tci in d3. */
    void send(long address, byte[] frame, int msscof, int d3) {
        memory.copyFrom(address, frame, 0, frame.length);
        txDescriptor(address, frame.length & 0x3FFF | msscof << 18, d3 | 3 << 12);
    }

    /** Takes the next transmit completion: index of the EOP descriptor, or -1. */
    int txCompletion() {
        long at = TX_COMP + 16L * compNext;
        int last = memory.getIntAcquire(at + 12);
        if (last >>> 31 != compGen) {
            return -1;
        }
        if (++compNext == txSize) {
            compNext = 0;
            compGen ^= 1;
        }
        return memory.getInt(at);
    }

    void rxBuffer(int ring, int index, int gen, long address, int length, boolean body) {
        rxBuffer(0, ring, index, gen, address, length, body);
    }

    void rxBuffer(int queue, int ring, int index, int gen, long address, int length, boolean body) {
        long at = (ring == 0 ? RX_RING0 : RX_RING1) + (long) queue * QUEUE_STRIDE + 16L * index;
        memory.putLong(at, address);
        memory.putInt(at + 8, length | (body ? 1 << 14 : 0) | gen << 31);
    }

    /** Takes the next receive completion of queue 0 as its four dwords; null if there is none. */
    int[] rxCompletion() {
        int[] d = rxCompletion(0, rxCompNext, rxCompGen);
        if (d != null && ++rxCompNext == rxSize0 + rxSize1) {
            rxCompNext = 0;
            rxCompGen ^= 1;
        }
        return d;
    }

    int[] rxCompletion(int queue, int index, int gen) {
        long at = RX_COMP + (long) queue * QUEUE_STRIDE + 16L * index;
        int last = memory.getIntAcquire(at + 12);
        return last >>> 31 != gen ? null
                : new int[] {memory.getInt(at), memory.getInt(at + 4), memory.getInt(at + 8), last};
    }

    byte[] bytes(long address, int length) {
        byte[] copy = new byte[length];
        memory.copyTo(address, copy, 0, length);
        return copy;
    }

    long statistic(boolean transmit, int counter) {
        command(0xF00D0001);
        return memory.getLong(QUEUES + (transmit ? 0 : 256L * txQueues) + 0x58 + 8L * counter);
    }

    String violation() {
        return violations.list().isEmpty() ? "" : violations.list().get((int) violations.count() - 1).what();
    }
}
