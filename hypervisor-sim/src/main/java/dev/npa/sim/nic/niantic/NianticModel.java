package dev.npa.sim.nic.niantic;

import dev.npa.hw.Clock;
import dev.npa.hw.PciIdentity;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.MsixTable;
import dev.npa.sim.machine.PciConfigSpace;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.NicFunction;
import dev.npa.sim.nic.NicAdapter;
import dev.npa.sim.nic.NicModel;
import java.util.List;

/**
 * An Intel 82599 with one port: the parts put together, the functions on the bus, and the device's turn to run.
 *
 * <p>One lock: {@link #run} holds it, register accesses with side effects take it.
 */
final class NianticModel implements NicModel, NicAdapter {

    private static final PciIdentity PF = new PciIdentity(0x8086, 0x10FB, 0x8086, 0x0003, 1);
    private static final int VF_DEVICE = 0x10ED;
    private static final PciIdentity VF = new PciIdentity(0x8086, VF_DEVICE, 0x8086, 0x0003, 1);
    private static final int ETHERNET = 0x020000;
    private static final int BURST = 32;
    private static final int VF_VECTORS = 3;
    private static final int PF_VECTORS = 64;

    private final Core core;
    private final SwitchTables tables;
    private final Interrupts interrupts;
    private final Mailbox mailbox;
    private final Resets resets;
    private final RxEngine receive;
    private final TxEngine transmit;
    private final VfRegisters vfView;
    private final NianticFunction physical;
    private final NianticFunction[] virtual = new NianticFunction[Core.POOLS];
    private final MsixTable[] vfTables = new MsixTable[Core.POOLS];
    private boolean vfMemory;
    private boolean linkWasUp;
    private int next;

    NianticModel(String name, Clock clock, Violations violations, Wire.End wire) {
        core = new Core(name, clock, violations, wire);
        MsixTable pfTable = new MsixTable(PF_VECTORS, core.pfPort);
        tables = new SwitchTables(core);
        interrupts = new Interrupts(core, pfTable, vfTables);
        mailbox = new Mailbox(core, interrupts);
        EmbeddedSwitch fabric = new EmbeddedSwitch(core, tables);
        Statistics statistics = new Statistics(core);
        receive = new RxEngine(core, fabric, interrupts, statistics);
        transmit = new TxEngine(core, fabric, receive, interrupts, statistics);
        resets = new Resets(core, interrupts, mailbox, this::forget);
        new QueueRegisters(core);
        new PortRegisters(core);
        vfView = new VfRegisters(core);
        linkWasUp = wire.isUp();
        physical = new NianticFunction(core, core.functionName(-1), PF, core.pfPort, pfTable,
                CsrWindow.physical(core));
        physical.connect(pfConfig(), this::resetPhysical);
    }

    private PciConfigSpace pfConfig() {
        return new PciConfigSpace(core.lock, PF, ETHERNET)
                .withMemoryBar(0, 128 * 1024, true)
                .withMemoryBar(3, 16 * 1024, true)
                .withMsix(0x70, PF_VECTORS, 3, 0, 0x2000)
                .withPcie(0xA0)
                .withExtended(0x100, 1, 1)
                .withSerialNumber(0x140, 0x001B_21FF_FF00_0000L | core.name.hashCode() & 0xFF_FFFFL)
                .withSriov(0x160, Core.POOLS, VF_DEVICE, 128, 2)
                .withVirtualFunctionBar(0, VfRegisters.WINDOW, true)
                .withVirtualFunctionBar(3, 16 * 1024, true)
                .seal(new PciConfigSpace.Events() {
                    @Override
                    public void command(boolean memorySpace, boolean busMaster) {
                        physical.memorySpace(memorySpace);
                        core.pfPort.busMaster(busMaster);
                    }

                    @Override
                    public void msix(boolean enable, boolean functionMask) {
                        physical.msix().control(enable, functionMask);
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
                        for (int vf = 0; vf < core.vfs(); vf++) {
                            virtual[vf].memorySpace(enable);
                        }
                    }
                });
    }

    private NianticFunction makeVirtual(int vf) {
        DmaPort port = new DmaPort(core.functionName(vf), core.violations);
        MsixTable table = new MsixTable(VF_VECTORS, port);
        vfTables[vf] = table;
        NianticFunction function = new NianticFunction(core, core.functionName(vf), VF, port, table,
                CsrWindow.virtual(core, vfView, mailbox, table, vf));
        PciConfigSpace config = new PciConfigSpace(core.lock, VF, ETHERNET)
                .withMemoryBar(0, VfRegisters.WINDOW, true)
                .withMemoryBar(3, 16 * 1024, true)
                .withMsix(0x70, VF_VECTORS, 3, 0, 0x2000)
                .withPcie(0xA0)
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
            resets.virtualFunction(vf);
            table.reset();
            config.reset();
        });
        function.memorySpace(vfMemory);
        return function;
    }

    /** VF Enable changed: new functions appear, or all of them are reset and leave for good, 82599 §8. */
    private void enableVirtualFunctions(int number) {
        if (number > Core.POOLS) {
            core.violations.record(physical.name(), "NumVFs " + number + " is more than TotalVFs " + Core.POOLS);
        }
        for (int vf = 0; vf < core.vfs(); vf++) {
            virtual[vf].functionLevelReset();
            virtual[vf].remove();
            virtual[vf] = null;
        }
        int enabled = Math.min(number, Core.POOLS);
        DmaPort[] ports = new DmaPort[enabled];
        for (int vf = 0; vf < enabled; vf++) {
            virtual[vf] = makeVirtual(vf);
            ports[vf] = virtual[vf].dma();
        }
        core.vfs(enabled, ports);
    }

    private void resetPhysical() {
        resets.device();
        physical.msix().reset();
        physical.config().reset();
    }

    private void forget() {
        tables.invalidate();
        receive.reset();
        for (int q = 0; q < Core.QUEUES; q++) {
            core.tx[q].rateFactor = 0;
            core.rx[q].queueDrop = false;
            core.rx[q].hideVlan = false;
        }
    }

    @Override
    public String name() {
        return core.name;
    }

    @Override
    public List<NicAdapter> adapters() {
        return List.of(this);
    }

    @Override
    public NicFunction physicalFunction() {
        return physical;
    }

    @Override
    public int enabledVirtualFunctions() {
        synchronized (core.lock) {
            return core.vfs();
        }
    }

    @Override
    public NicFunction virtualFunction(int index) {
        synchronized (core.lock) {
            if (index < 0 || index >= core.vfs()) {
                throw new IndexOutOfBoundsException(core.name + " has " + core.vfs() + " VFs enabled, not " + index);
            }
            return virtual[index];
        }
    }

    @Override
    public int run(int budget) {
        synchronized (core.lock) {
            interrupts.tick(core.clock.nanos());
            tables.refresh();
            link();
            int done = 0;
            int before;
            do {
                before = done;
                done += receive.run(Math.min(BURST, budget - done));
                interrupts.deliver();
                done = round(done, budget);
            } while (done > before && done < budget);
            return done;
        }
    }

    /** Gives every transmit queue a burst, starting behind the one that was served last. */
    private int round(int already, int budget) {
        int done = already;
        int start = next;
        for (int i = 0; i < Core.QUEUES && done < budget; i++) {
            int index = start + i & Core.QUEUES - 1;
            TxQueue q = core.tx[index];
            if (q.enabled && transmit.isRunnable(q) && transmit.hasWork(q)) {
                int sent = transmit.run(q, Math.min(BURST, budget - done));
                if (sent > 0) {
                    done += sent;
                    next = index + 1 & Core.QUEUES - 1;
                    interrupts.deliver();
                }
            }
        }
        return done;
    }

    private void link() {
        boolean up = core.linkUp();
        if (up != linkWasUp) {
            linkWasUp = up;
            interrupts.otherCause(Interrupts.LINK);
        }
    }

    @Override
    public long nextEvent() {
        synchronized (core.lock) {
            long now = core.clock.nanos();
            if (core.linkUp() != linkWasUp) {
                return now;
            }
            long at = interrupts.nextEvent();
            if (!receive.isBlocked()) {
                at = Math.min(at, core.wire.nextArrival());
            }
            for (int q = 0; q < Core.QUEUES && at > now; q++) {
                if (core.tx[q].enabled && transmit.isRunnable(core.tx[q]) && transmit.hasWork(core.tx[q])) {
                    at = Math.min(at, transmit.nextTry(core.tx[q], now));
                }
            }
            return at;
        }
    }

    @Override
    public String describeRing(int vf, int queue, boolean isTransmit) {
        synchronized (core.lock) {
            int pool = vf < 0 ? core.vfs() : vf;
            boolean pools = core.vfs() > 0 || core.virtualised();
            int queues = pools ? 1 << core.poolShift() : Core.QUEUES;
            if (queue < 0 || queue >= queues) {
                throw new IllegalArgumentException(name() + (vf < 0 ? "" : "/vf" + vf) + " has no queue " + queue
                        + "; it has 0.." + (queues - 1));
            }
            int first = pools ? pool << core.poolShift() : 0;
            return RingDump.describe(core, first + queue, isTransmit);
        }
    }
}
