package dev.npa.sim.nic.intel;

import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.MsixTable;

/** A chip: the parts that {@link IntelModel} puts on the bus and gives their turn. Used under the device's lock. */
public interface Silicon {

    IntelCore core();

    PciIdentity physicalIdentity();

    PciIdentity virtualIdentity();

    /** BAR0 of the physical function. */
    RegisterWindow physicalWindow();

    /** MSI-X table of the physical function. */
    MsixTable physicalTable();

    /** MSI-X tables of the virtual functions; the model fills the array while they are enabled. */
    MsixTable[] virtualTables();

    /** BAR0 of a virtual function. */
    RegisterWindow virtualWindow(int vf, MsixTable table);

    Fabric fabric();

    Causes causes();

    RxEngine receive();

    TxEngine transmit();

    /** All registers of the device to default, RSTI in every VF's mailbox. */
    void resetDevice();

    /** A VF's share of the device to default, the PF driver is told. */
    void resetVirtualFunction(int vf);
}
