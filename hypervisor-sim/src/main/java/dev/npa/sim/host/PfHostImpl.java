package dev.npa.sim.host;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciFunction;
import dev.npa.hw.Steppable;
import dev.npa.pf.PfDriver;
import dev.npa.pf.PfHost;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.ShellLog;
import dev.npa.sim.machine.LocalInterrupts;
import dev.npa.sim.net.HostBuffers;
import dev.npa.sim.net.PfUplink;
import dev.npa.sim.nic.NicFunction;
import org.slf4j.LoggerFactory;

/**
 * What one physical function's driver gets of the host: its own piece of host memory behind an IOMMU domain, packet
 * buffers, programmed interrupts. Steps deliver the function's interrupts to the driver and give it time for deferred
 * work. Used under the NIC's lock.
 */
final class PfHostImpl implements PfHost, Steppable {

    private static final int RX_BUFFERS = 4096;
    private static final int TX_BUFFERS = 2048;
    private static final long RING_BYTES = 8L << 20;
    private static final int PAGE = 4096;

    private final NicFunction function;
    private final Clock clock;
    private final ShellLog log;
    private final HostMemory memory;
    private final HostBuffers rxBuffers;
    private final long txBuffers;
    private final LocalInterrupts interrupts = new LocalInterrupts(() -> { });
    private final int vectors;
    private PfDriver driver;

    /** Gives the function its memory and interrupts and enables it. */
    PfHostImpl(NicFunction function, Clock clock) {
        this.function = function;
        this.clock = clock;
        this.log = new Slf4jLog(LoggerFactory.getLogger("dev.npa.pf"), function.name());
        long rx = pages(HostBuffers.bytes(RX_BUFFERS));
        long tx = pages(HostBuffers.bytes(TX_BUFFERS));
        this.memory = new HostMemory(function.name(), rx + tx + RING_BYTES);
        this.rxBuffers = new HostBuffers(memory.memory(), memory.reserve(rx), RX_BUFFERS);
        this.txBuffers = memory.reserve(tx);
        function.dma().attach(memory.domain(), interrupts);
        PciConfig.enable(function);
        this.vectors = PciConfig.programMsix(function);
    }

    private static long pages(long bytes) {
        return (bytes + PAGE - 1) / PAGE * PAGE;
    }

    /** The uplink over a driver that was started with this host; its interrupts go to the driver from now on. */
    PfUplink uplink(PfDriver started) {
        driver = started;
        return new PfUplink(started, memory.memory(), rxBuffers, txBuffers, TX_BUFFERS);
    }

    HostMemory memory() {
        return memory;
    }

    @Override
    public int run(int budget) {
        int work = 0;
        for (int vector = interrupts.take(); vector >= 0; vector = interrupts.take()) {
            driver.onInterrupt(vector - PciConfig.FIRST_VECTOR);
            work++;
        }
        return work + driver.service(budget);
    }

    @Override
    public PciFunction function() {
        return function;
    }

    @Override
    public int vectors() {
        return vectors;
    }

    @Override
    public DmaMemory allocate(int bytes, int alignment) {
        return memory.allocate(bytes, alignment);
    }

    @Override
    public void free(DmaMemory window) {
        memory.free(window);
    }

    @Override
    public PacketBuffers buffers() {
        return rxBuffers;
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
