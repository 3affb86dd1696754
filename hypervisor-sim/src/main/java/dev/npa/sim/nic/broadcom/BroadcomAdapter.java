package dev.npa.sim.nic.broadcom;

import dev.npa.hw.PciIdentity;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.MsixTable;
import dev.npa.sim.machine.PciConfigSpace;
import dev.npa.sim.nic.NicAdapter;
import dev.npa.sim.nic.NicFunction;

/** One PF of a path with its VFs: configuration spaces, and VFs that come and go with VF Enable. */
final class BroadcomAdapter implements NicAdapter {

    private static final int BROADCOM = 0x14E4;
    private static final int SINGLE = 0x1662;
    private static final int MULTI_FUNCTION = 0x1663;
    private static final int VF_DEVICE = 0x166F;
    private static final int ETHERNET = 0x020000;
    private static final int PF_VECTORS = 17;
    private static final int MSIX_TABLE = 0x440000;
    private static final int MSIX_PENDING = 0x441000;
    /** Routing-id distance from PF 0 to VF 0 of the path. */
    private static final int FIRST_VF_ROUTING_ID = 16;

    private final Path path;
    private final Func pf;
    private final Parts parts;
    private final BroadcomFunction physical;
    private final GrcWindow grc;
    private final BroadcomFunction[] virtual;
    private int enabled;
    private boolean vfMemory;

    BroadcomAdapter(Path path, Func pf, Parts parts) {
        this.path = path;
        this.pf = pf;
        this.parts = parts;
        this.virtual = new BroadcomFunction[path.vfsPerPf()];
        pf.port = new DmaPort(pf.name(), path.violations);
        pf.msix = new MsixTable(PF_VECTORS, pf.port);
        PciIdentity identity = new PciIdentity(BROADCOM, path.pfs == 1 ? SINGLE : MULTI_FUNCTION, BROADCOM, SINGLE, 1);
        physical = new BroadcomFunction(path, pf, identity, pf.port, pf.msix);
        grc = new GrcWindow(path, pf, parts, pf.msix);
        physical.bar(0, grc);
        physical.bar(2, new Doorbell(path, pf));
        physical.connect(pfConfig(identity), this::resetPhysical);
    }

    /** Offsets of capabilities as lspci shows them for the family, 57712 §1. */
    private PciConfigSpace pfConfig(PciIdentity identity) {
        return new PciConfigSpace(path.lock, identity, ETHERNET)
                .withMemoryBar(0, GrcWindow.LENGTH, true)
                .withMemoryBar(2, Doorbell.LENGTH, true)
                .withMsix(0xA0, PF_VECTORS, 0, MSIX_TABLE, MSIX_PENDING)
                .withPcie(0xAC)
                .withExtended(0x100, 1, 1)
                .withSerialNumber(0x13C, parts.permanentAddress(pf.id))
                .withExtended(0x1B8, 0x0E, 1)
                .withSriov(0x1C0, path.vfsPerPf(), VF_DEVICE, FIRST_VF_ROUTING_ID + path.firstVf(pf.id) - pf.id, 1)
                .withVirtualFunctionBar(0, VfWindow.LENGTH, true)
                .seal(new PciConfigSpace.Events() {
                    @Override
                    public void command(boolean memorySpace, boolean busMaster) {
                        physical.memorySpace(memorySpace);
                        pf.port.busMaster(busMaster);
                    }

                    @Override
                    public void msix(boolean enable, boolean functionMask) {
                        pf.msix.control(enable, functionMask);
                    }

                    @Override
                    public void functionLevelReset() {
                        resetPhysical();
                    }

                    @Override
                    public void virtualFunctions(boolean enable, int number) {
                        enableVirtualFunctions(enable ? number : 0);
                    }

                    @Override
                    public void virtualFunctionMemory(boolean enable) {
                        vfMemory = enable;
                        for (int vf = 0; vf < enabled; vf++) {
                            virtual[vf].memorySpace(enable);
                        }
                    }
                });
    }

    private void resetPhysical() {
        physical.config().reset();
        physical.msix().reset();
        grc.reset();
        parts.slowPath().restart(pf.id);
        parts.guard().resetPf(pf);
        parts.queues().reset(pf);
    }

    private BroadcomFunction makeVirtual(Func f) {
        PciIdentity identity = new PciIdentity(BROADCOM, VF_DEVICE, BROADCOM, SINGLE, 1);
        DmaPort port = new DmaPort(f.name(), path.violations);
        MsixTable table = new MsixTable(f.msixSize + 1, port);
        f.port = port;
        f.msix = table;
        BroadcomFunction function = new BroadcomFunction(path, f, identity, port, table);
        function.bar(0, new VfWindow(path, f, parts, table));
        PciConfigSpace config = new PciConfigSpace(path.lock, identity, ETHERNET)
                .withMemoryBar(0, VfWindow.LENGTH, true)
                .withMsix(0xA0, f.msixSize + 1, 0, 0, VfWindow.PENDING)
                .withPcie(0xAC)
                .withExtended(0x100, 1, 1)
                .seal(new PciConfigSpace.Events() {
                    @Override
                    public void command(boolean memorySpace, boolean busMaster) {
                        port.busMaster(busMaster);
                    }

                    @Override
                    public void msix(boolean enable, boolean functionMask) {
                        table.control(enable, functionMask);
                    }

                    @Override
                    public void functionLevelReset() {
                        function.functionLevelReset();
                    }
                });
        function.connect(config, () -> {
            parts.guard().resetVf(f, true);
            table.reset();
            config.reset();
        });
        function.memorySpace(vfMemory);
        f.refresh();
        return function;
    }

    /** VF Enable changed: new functions appear, or all of them are reset and leave for good. */
    private void enableVirtualFunctions(int number) {
        if (number > virtual.length) {
            path.violation(pf, "NumVFs " + number + " is more than TotalVFs " + virtual.length);
        }
        for (int vf = 0; vf < enabled; vf++) {
            Func f = vf(vf);
            parts.guard().resetVf(f, false);
            parts.guard().finalCleanup(f);
            f.msix.reset();
            virtual[vf].remove();
            virtual[vf] = null;
            f.port = null;
            f.msix = null;
            f.refresh();
        }
        enabled = Math.min(number, virtual.length);
        for (int vf = 0; vf < enabled; vf++) {
            virtual[vf] = makeVirtual(vf(vf));
        }
    }

    private Func vf(int index) {
        return path.functions[Path.FIRST_VF + path.firstVf(pf.id) + index];
    }

    @Override
    public NicFunction physicalFunction() {
        return physical;
    }

    @Override
    public int enabledVirtualFunctions() {
        synchronized (path.lock) {
            return enabled;
        }
    }

    @Override
    public NicFunction virtualFunction(int index) {
        synchronized (path.lock) {
            if (index < 0 || index >= enabled) {
                throw new IndexOutOfBoundsException(pf.name() + " has " + enabled + " VFs enabled, not " + index);
            }
            return virtual[index];
        }
    }

    @Override
    public String describeRing(int vf, int queue, boolean transmit) {
        synchronized (path.lock) {
            if (queue < 0 || queue >= Path.WINDOW || vf >= virtual.length) {
                throw new IllegalArgumentException(pf.name() + " has no queue " + queue + " of VF " + vf
                        + "; queues are 0.." + (Path.WINDOW - 1) + ", VFs 0.." + (virtual.length - 1));
            }
            Func f = vf < 0 ? pf : vf(vf);
            return RingDump.describe(path, f, queue, transmit);
        }
    }
}
