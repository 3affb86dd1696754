package dev.npa.sim.nic.intel;

import dev.npa.hw.InterruptController;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.IommuDomain;
import dev.npa.sim.machine.PciConfigSpace;
import dev.npa.sim.nic.NicFunction;
import java.util.ArrayDeque;

/** A machine with one function of the adapter: memory, IOMMU domain, interrupts, and rings on demand. */
public final class Guest {

    public static final long BASE = 0x10_0000;
    public static final int SIZE = 4 << 20;

    public final NicFunction function;
    public final RegisterWindow csr;
    public final RegisterWindow msix;
    public final PhysicalMemory memory = PhysicalMemory.allocate(BASE, SIZE);
    public final IommuDomain domain;
    /** Messages that arrived, oldest first: numbers of device vectors. */
    public final ArrayDeque<Integer> messages = new ArrayDeque<>();
    private final Layout layout;
    private long free = BASE;

    /**
     * Offsets of a chip's queue registers.
     *
     * @param tx first transmit queue of a VF
     * @param rx first receive queue of a VF
     * @param srrctl offset of SRRCTL within a receive queue's block
     */
    public record Layout(int tx, int rx, int srrctl) {
    }

    public Guest(String name, NicFunction function, Layout layout) {
        this.layout = layout;
        this.function = function;
        this.domain = new IommuDomain(name, memory);
        domain.map(BASE, SIZE, IommuDomain.READ | IommuDomain.WRITE);
        function.dma().attach(domain, new InterruptController() {
            @Override
            public void raise(int vector) {
                messages.add(vector - 64);
            }

            @Override
            public boolean isPending() {
                return !messages.isEmpty();
            }

            @Override
            public int take() {
                return messages.isEmpty() ? -1 : messages.poll();
            }
        });
        function.writeConfig(PciConfigSpace.COMMAND, 2, 6);
        csr = function.bar(0);
        msix = function.bar(3);
    }

    /** Allocates zeroed memory, aligned to 4096. */
    public long allocate(int bytes) {
        long at = free;
        free += bytes + 4095 & ~4095;
        return at;
    }

    /** Enables MSI-X and unmasks all vectors; device vector v arrives as message v. */
    public void enableMsix(int vectors) {
        for (int v = 0; v < vectors; v++) {
            msix.write32(16 * v, (int) InterruptController.MSI_ADDRESS);
            msix.write32(16 * v + 8, 64 + v);
            msix.write32(16 * v + 12, 0);
        }
        int cap = PciConfigSpace.findCapability(function, PciConfigSpace.CAP_MSIX);
        function.writeConfig(cap + 2, 2, 0x8000);
    }

    /** Ring of the function's local queue; for the PF give the absolute register block. */
    public TxRing tx(int block, int descriptors) {
        return new TxRing(this, block, descriptors);
    }

    public RxRing rx(int block, int descriptors, int bufferKilobytes, int flags) {
        return new RxRing(this, block, layout.srrctl, descriptors, bufferKilobytes, flags);
    }

    /** First transmit queue of a VF. */
    public TxRing tx() {
        return tx(layout.tx, 64);
    }

    /** First receive queue of a VF with 2 KiB buffers, all posted. */
    public RxRing rx() {
        RxRing ring = rx(layout.rx, 64, 2, 0);
        ring.post(63);
        return ring;
    }
}
