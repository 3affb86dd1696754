package dev.npa.sim.nic.broadcom;

import dev.npa.hw.InterruptController;
import dev.npa.hw.PhysicalMemory;
import dev.npa.sim.machine.IommuDomain;
import dev.npa.sim.machine.PciConfigSpace;
import dev.npa.sim.nic.NicFunction;
import java.util.ArrayDeque;

/** A machine with one function of the adapter: memory, IOMMU domain, interrupts. */
final class Guest {

    static final long BASE = 0x10_0000;
    static final int SIZE = 8 << 20;

    final NicFunction function;
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
    }

    /** Allocates zeroed memory, aligned to 4096. */
    long allocate(int bytes) {
        long at = free;
        free += bytes + 4095 & ~4095;
        return at;
    }

    void put(long address, byte... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            memory.putByte(address + i, bytes[i]);
        }
    }

    byte[] get(long address, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = memory.getByte(address + i);
        }
        return bytes;
    }

    /** Enables MSI-X and unmasks vectors through the table at the start of a window; vector v arrives as message v. */
    void enableMsix(int tableOffset, int vectors) {
        for (int v = 0; v < vectors; v++) {
            function.bar(0).write32(tableOffset + 16 * v, (int) InterruptController.MSI_ADDRESS);
            function.bar(0).write32(tableOffset + 16 * v + 8, 64 + v);
            function.bar(0).write32(tableOffset + 16 * v + 12, 0);
        }
        function.writeConfig(0xA2, 2, 0x8000);
    }
}
