package dev.npa.sim.nic.niantic;

import dev.npa.hw.InterruptController;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.IommuDomain;
import dev.npa.sim.machine.PciConfigSpace;
import dev.npa.sim.nic.NicFunction;
import java.util.ArrayDeque;

/** A machine with one function of the adapter: memory, IOMMU domain, interrupts, and rings on demand. */
final class Guest {

    static final long BASE = 0x10_0000;
    static final int SIZE = 4 << 20;

    final NicFunction function;
    final RegisterWindow csr;
    final RegisterWindow msix;
    final PhysicalMemory memory = PhysicalMemory.allocate(BASE, SIZE);
    final IommuDomain domain;
    /** Messages that arrived, oldest first: numbers of device vectors. */
    final ArrayDeque<Integer> messages = new ArrayDeque<>();
    private long free = BASE;

    Guest(String name, NicFunction function) {
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
    long allocate(int bytes) {
        long at = free;
        free += bytes + 4095 & ~4095;
        return at;
    }

    /** Enables MSI-X and unmasks all vectors; device vector v arrives as message v. */
    void enableMsix(int vectors) {
        for (int v = 0; v < vectors; v++) {
            msix.write32(16 * v, (int) InterruptController.MSI_ADDRESS);
            msix.write32(16 * v + 8, 64 + v);
            msix.write32(16 * v + 12, 0);
        }
        int cap = PciConfigSpace.findCapability(function, PciConfigSpace.CAP_MSIX);
        function.writeConfig(cap + 2, 2, 0x8000);
    }

    /** Ring of the function's local queue; for the PF give the absolute register block. */
    TxRing tx(int block, int descriptors) {
        return new TxRing(this, block, descriptors);
    }

    RxRing rx(int block, int descriptors, int bufferKilobytes, int flags) {
        return new RxRing(this, block, descriptors, bufferKilobytes, flags);
    }

    /** First transmit queue of a VF. */
    TxRing tx() {
        return tx(0x2000, 64);
    }

    /** First receive queue of a VF with 2 KiB buffers, all posted. */
    RxRing rx() {
        RxRing ring = rx(0x1000, 64, 2, 0);
        ring.post(63);
        return ring;
    }
}
