package dev.npa.pf.broadcom;

import dev.npa.hw.DmaMemory;
import dev.npa.pf.PfHost;
import dev.npa.plugin.broadcom.regs.PageChain;
import java.util.ArrayList;
import java.util.List;

/** The DMA memory that a started driver took, so that all of it is given back. */
final class PfMemory {

    private final PfHost host;
    private final List<DmaMemory> taken = new ArrayList<>();

    PfMemory(PfHost host) {
        this.host = host;
    }

    DmaMemory take(int bytes, int alignment) {
        DmaMemory memory = host.allocate(bytes, alignment);
        taken.add(memory);
        return memory;
    }

    /** Memory that begins at a page of the device. */
    DmaMemory pages(int bytes) {
        return take(bytes, PageChain.PAGE);
    }

    void freeAll() {
        taken.forEach(host::free);
        taken.clear();
    }
}
