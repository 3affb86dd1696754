package dev.npa.benchmarks.endtoend;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PhysicalMemory;
import dev.npa.pf.PfDriver;
import dev.npa.pf.PfHost;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.ShellLog;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.pci.InterruptVectors;
import dev.npa.shell.runtime.pci.PciDevice;
import dev.npa.sim.machine.IommuDomain;
import dev.npa.sim.machine.LocalInterrupts;
import dev.npa.sim.net.HostBuffers;
import dev.npa.sim.net.PfUplink;
import dev.npa.sim.nic.NicFunction;
import java.util.IdentityHashMap;
import java.util.Map;

/** What a PF driver runs in: memory behind an IOMMU domain, receive buffers and interrupts, sized as a host has them. */
final class PfMachine implements PfHost {

    private static final long BASE = 1L << 32;
    private static final long BYTES = 32L << 20;
    private static final int RX_BUFFERS = 4096;
    private static final int TX_BUFFERS = 2048;
    private static final int PAGE = 4096;
    private static final int VECTORS = 64;

    private final NicFunction function;
    private final Clock clock;
    private final ShellLog log;
    private final PhysicalAllocator allocator;
    private final HostBuffers buffers;
    private final InterruptVectors cpu;
    private final PciDevice pci;
    private final Map<DmaMemory, Long> windows = new IdentityHashMap<>();
    private PfDriver driver;

    PfMachine(NicFunction function, Clock clock, ShellLog log) {
        this.function = function;
        this.clock = clock;
        this.log = log;
        PhysicalMemory memory = PhysicalMemory.allocate(BASE, BYTES);
        allocator = new PhysicalAllocator(memory);
        buffers = new HostBuffers(memory, reserve(RX_BUFFERS), RX_BUFFERS);
        IommuDomain domain = new IommuDomain(function.name(), memory);
        domain.map(BASE, BYTES, IommuDomain.READ | IommuDomain.WRITE);
        LocalInterrupts interrupts = new LocalInterrupts(() -> { });
        cpu = new InterruptVectors(interrupts);
        function.dma().attach(domain, interrupts);
        pci = PciDevice.enable(function, VECTORS, cpu, vector -> driver.onInterrupt(vector));
    }

    private long reserve(int count) {
        return allocator.allocate(Math.toIntExact(HostBuffers.bytes(count)), PAGE);
    }

    void driver(PfDriver newDriver) {
        driver = newDriver;
    }

    /** The uplink over the started driver. */
    PfUplink uplink() {
        return new PfUplink(driver, allocator.memory(), buffers, reserve(TX_BUFFERS), TX_BUFFERS);
    }

    /** Serves interrupts and deferred work. */
    int run() {
        return cpu.dispatch() + driver.service(16);
    }

    @Override
    public PciFunction function() {
        return function;
    }

    @Override
    public int vectors() {
        return pci.vectors();
    }

    @Override
    public DmaMemory allocate(int bytes, int alignment) {
        long address = allocator.allocate(bytes, Math.max(alignment, PAGE));
        DmaMemory window = allocator.memory().window(address, bytes);
        windows.put(window, address);
        return window;
    }

    @Override
    public void free(DmaMemory window) {
        window.revoke();
        allocator.free(windows.remove(window));
    }

    @Override
    public PacketBuffers buffers() {
        return buffers;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public ShellLog log() {
        return log;
    }
}
