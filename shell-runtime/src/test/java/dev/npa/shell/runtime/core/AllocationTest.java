package dev.npa.shell.runtime.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Machine;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.channel.WorkloadChannel;
import dev.npa.shell.runtime.fake.FakeChannel;
import dev.npa.shell.runtime.fake.FakeHypervisor;
import dev.npa.shell.runtime.fake.FakeMachine;
import dev.npa.shell.runtime.fake.Frames;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.linux.LinuxOs;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.netdev.DeviceSettings;
import dev.npa.shell.runtime.netdev.GuestOs;
import dev.npa.shell.runtime.netdev.GuestOsFactory;
import dev.npa.shell.runtime.netdev.OsEnvironment;
import dev.npa.shell.runtime.netdev.QueueStatistics.Counter;
import dev.npa.shell.runtime.path.DataPaths;
import dev.npa.shell.runtime.pci.InterruptVectors;
import dev.npa.shell.runtime.pci.PciDevice;
import dev.npa.shell.runtime.switchover.NicContext;
import dev.npa.shell.runtime.windows.WindowsOs;
import java.lang.management.ManagementFactory;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The data path of operating systems and core allocates nothing, on the fast way and on that through software. */
class AllocationTest {

    private final FakeMachine machine = new FakeMachine(8);
    private final PhysicalAllocator allocator = new PhysicalAllocator(machine.memory());
    private final PacketPool pool = new PacketPool(allocator, 1024);
    private final InterruptVectors cpu = new InterruptVectors(machine);

    /** Hands each transmitted packet back as received, and completes at once; allocates nothing. */
    private final class Loop implements Plugin, TxQueue, RxQueue {
        private static final int SIZE = 256;
        private final int instance;
        private final int[] length = new int[SIZE];
        private int tail;
        private int completed;
        private int received;

        Loop(int instance) {
            this.instance = instance;
        }

        @Override
        public int transmit(PacketBurst packets, int from, int to) {
            int i = from;
            while (i < to && tail - Math.min(completed, received) < SIZE) {
                length[tail++ & SIZE - 1] = packets.length(i++);
            }
            return i;
        }

        @Override
        public int reclaim(int budget) {
            int n = Math.min(tail - completed, budget);
            completed += n;
            return n;
        }

        @Override
        public int receive(PacketBurst into, int budget) {
            int n = 0;
            while (received < completed && n < budget) {
                int h = pool.take(PacketPool.ownerOf(instance));
                into.add(pool.address(h), h, length[received++ & SIZE - 1], PacketFlags.WHOLE);
                n++;
            }
            return n;
        }

        @Override
        public int outstanding() {
            return tail - completed;
        }

        @Override
        public long counter(QueueCounter counter) {
            return 0;
        }

        @Override
        public PluginCapabilities capabilities() {
            return new PluginCapabilities(Set.of(), 1, 1, 8, SIZE, 8, 1, 0, 128, 14, 1500, 0);
        }

        @Override
        public void configure(PluginConfig config) {
            config.check(capabilities());
        }

        @Override
        public void start() {
            tail = 0;
        }

        @Override
        public boolean quiesce() {
            return true;
        }

        @Override
        public void stop() {
            tail = 0;
        }

        @Override
        public void close() {
            tail = 0;
        }

        @Override
        public TxQueue txQueue(int index) {
            return this;
        }

        @Override
        public RxQueue rxQueue(int index) {
            return this;
        }

        @Override
        public long counter(DeviceCounter counter) {
            return 0;
        }

        @Override
        public boolean onInterrupt(int vector) {
            return true;
        }

        @Override
        public void enableInterrupt(int vector) {
            throw new IllegalStateException("there are no vectors");
        }

        @Override
        public void disableInterrupt(int vector) {
            throw new IllegalStateException("there are no vectors");
        }
    }

    @ParameterizedTest
    @CsvSource({"linux, 1, false", "linux, 2, false", "linux, 1, true", "linux, 2, true",
        "windows, 1, false", "windows, 2, false", "windows, 1, true", "windows, 2, true"})
    void nothingIsAllocatedPerPacket(String name, int queues, boolean software) {
        GuestOsFactory factory = name.equals("linux") ? LinuxOs.factory() : WindowsOs.factory();
        FakeHypervisor hypervisor = new FakeHypervisor(machine, frame -> { });
        FakeChannel device = new FakeChannel(machine, 256, 2112);
        WorkloadChannel channel = new WorkloadChannel(device, allocator, cpu, v -> { });
        DeviceSettings settings = DeviceSettings.of(1500, queues);
        GuestOs system = factory.create(new OsEnvironment("fake", machine, channel, settings));
        CoreDevice core = new CoreDevice(settings, system, hypervisor, pool, machine);
        PciDevice pci = PciDevice.enable(machine.pci(Machine.SLOT_VMXNET3).orElseThrow(), 0, cpu, v -> { });
        PluginInstance carrier = new PluginInstance("loop", 0,
                NicContext.newShell(machine, allocator, pool, pci, 3, "loop"), new Loop(3), DataPaths.shared());
        carrier.bringUp(settings, 1, 256, pool);
        core.transmitOn(carrier);
        core.receiveOn(carrier);
        core.hold(false);
        system.boot(core);
        byte[] record = new byte[60];
        record[12] = 8;
        record[14] = 0x45;
        // VLAN insertion is what this carrier cannot do.
        Frames frame = new Frames(record,
                software ? PacketFlags.TX_VLAN : 0, PacketBurst.txOffload(14, 20, 0, 0, 5));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        int received = 0;
        for (int i = 0; i < 600; i++) {
            for (int k = 0; k < 32; k++) {
                assertTrue(device.send(frame, k));
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int k = 0; k < 6; k++) {
                // Stands for the interrupt: this carrier has no vectors.
                core.pollAll();
                core.service();
                system.run(32);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            while (device.receive() != null) {
                received++;
            }
        }
        assertEquals(600 * 32, received);
        assertEquals(software ? 600 * 32 : 0,
                core.statistics().total(Counter.TX_SOFTWARE));
        assertEquals(0, least, "bytes for 32 packets each way");
        assertEquals(pool.size(), pool.available());
    }
}
