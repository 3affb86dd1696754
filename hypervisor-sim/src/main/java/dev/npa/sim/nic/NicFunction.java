package dev.npa.sim.nic;

import dev.npa.hw.PciFunction;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.MsixTable;

/** A physical or virtual function of a NIC model, as the machine around it sees it. */
public interface NicFunction extends PciFunction {

    /** Name for logs and violations, as {@code nic0/vf3}. */
    String name();

    /** The function's way to memory; the host attaches it to an IOMMU domain. */
    DmaPort dma();

    /** The function's MSI-X table. */
    MsixTable msix();

    /** Function-level reset, as a write of bit 15 of the PCIe Device Control register does. */
    void functionLevelReset();
}
