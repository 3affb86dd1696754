package dev.npa.sim.nic.intel;

import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.MsixTable;
import dev.npa.sim.machine.PciConfigSpace;
import dev.npa.sim.nic.NicFunction;
import dev.npa.sim.nic.NicAdapter;
import dev.npa.sim.nic.NicModel;
import java.util.List;

/**
 * A chip with one port and one physical function: the functions on the bus, and the device's turn to run.
 *
 * <p>One lock: {@link #run} holds it, register accesses with side effects take it.
 */
public final class IntelModel implements NicModel, NicAdapter {

    private static final int ETHERNET = 0x020000;
    private static final int BURST = 32;
    private static final int VF_VECTORS = 3;
    private static final int ARI = 0x0E;

    private final Silicon silicon;
    private final IntelCore core;
    private final int queues;
    private final Fabric fabric;
    private final Causes interrupts;
    private final RxEngine receive;
    private final TxEngine transmit;
    private final IntelFunction physical;
    private final IntelFunction[] virtual;
    private final MsixTable[] vfTables;
    private boolean vfMemory;
    private boolean linkWasUp;
    private int next;

    /** Puts a chip on the bus, in its state after power-on. */
    public IntelModel(Silicon silicon) {
        this.silicon = silicon;
        core = silicon.core();
        queues = core.tx.length;
        fabric = silicon.fabric();
        interrupts = silicon.causes();
        receive = silicon.receive();
        transmit = silicon.transmit();
        virtual = new IntelFunction[core.vfPorts.length];
        vfTables = silicon.virtualTables();
        linkWasUp = core.linkUp();
        new QueueRegisters(core);
        physical = new IntelFunction(core, core.functionName(-1), silicon.physicalIdentity(), core.pfPort,
                silicon.physicalTable(), silicon.physicalWindow());
        physical.connect(pfConfig(), this::resetPhysical);
    }

    /** The registers and their lock, for tests that begin where no traffic gets in reasonable time. */
    IntelCore core() {
        return core;
    }

    private PciConfigSpace pfConfig() {
        return new PciConfigSpace(core.lock, silicon.physicalIdentity(), ETHERNET)
                .withMemoryBar(0, 128 * 1024, true)
                .withMemoryBar(3, 16 * 1024, true)
                .withMsix(0x70, silicon.physicalTable().vectors(), 3, 0, 0x2000)
                .withPcie(0xA0)
                .withExtended(0x100, 1, 1)
                .withSerialNumber(0x140, 0x001B_21FF_FF00_0000L | core.name.hashCode() & 0xFF_FFFFL)
                .withExtended(0x150, ARI, 1)
                .withSriov(0x160, virtual.length, silicon.virtualIdentity().device(), 128, 2)
                .withVirtualFunctionBar(0, VfWindow.BYTES, true)
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

    private IntelFunction makeVirtual(int vf) {
        DmaPort port = new DmaPort(core.functionName(vf), core.violations);
        MsixTable table = new MsixTable(VF_VECTORS, port);
        vfTables[vf] = table;
        IntelFunction function = new IntelFunction(core, core.functionName(vf), silicon.virtualIdentity(), port,
                table, silicon.virtualWindow(vf, table));
        PciConfigSpace config = new PciConfigSpace(core.lock, silicon.virtualIdentity(), ETHERNET)
                .withMemoryBar(0, VfWindow.BYTES, true)
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
            silicon.resetVirtualFunction(vf);
            table.reset();
            config.reset();
        });
        function.memorySpace(vfMemory);
        return function;
    }

    /** VF Enable changed: new functions appear, or all of them are reset and leave for good, 82599 §8, 82576 §4.4. */
    private void enableVirtualFunctions(int number) {
        if (number > virtual.length) {
            core.violations.record(physical.name(), "NumVFs " + number + " is more than TotalVFs " + virtual.length);
        }
        for (int vf = 0; vf < core.vfs(); vf++) {
            virtual[vf].functionLevelReset();
            virtual[vf].remove();
            virtual[vf] = null;
        }
        int enabled = Math.min(number, virtual.length);
        DmaPort[] ports = new DmaPort[enabled];
        for (int vf = 0; vf < enabled; vf++) {
            virtual[vf] = makeVirtual(vf);
            ports[vf] = virtual[vf].dma();
        }
        core.vfs(enabled, ports);
    }

    private void resetPhysical() {
        silicon.resetDevice();
        physical.msix().reset();
        physical.config().reset();
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
            fabric.refresh();
            receive.refresh();
            link();
            int done = 0;
            int before;
            do {
                before = done;
                done += receive.run(Math.min(BURST, budget - done));
                deliver();
                done = round(done, budget);
            } while (done > before && done < budget);
            return done;
        }
    }

    /** Gives every transmit queue a burst, starting behind the one that was served last. */
    private int round(int already, int budget) {
        int start = next;
        return serve(0, start, serve(start, queues, already, budget), budget);
    }

    private int serve(int from, int to, int already, int budget) {
        int done = already;
        EnabledQueues enabled = core.txEnabled;
        for (int i = enabled.next(from); i < to && done < budget; i = enabled.next(i + 1)) {
            TxQueue q = core.tx[i];
            if (transmit.isRunnable(q) && transmit.hasWork(q)) {
                int sent = transmit.run(q, Math.min(BURST, budget - done));
                if (sent > 0) {
                    done += sent;
                    next = i + 1 & queues - 1;
                    deliver();
                }
            }
        }
        return done;
    }

    private void deliver() {
        receive.indicate();
        interrupts.deliver();
    }

    private void link() {
        boolean up = core.linkUp();
        if (up != linkWasUp) {
            linkWasUp = up;
            interrupts.linkChanged();
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
            for (int i = core.txEnabled.next(0); i < queues && at > now; i = core.txEnabled.next(i + 1)) {
                TxQueue q = core.tx[i];
                if (transmit.isRunnable(q) && transmit.hasWork(q)) {
                    at = Math.min(at, transmit.nextTry(q, now));
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
            int has = pools ? core.queuesPerPool() : queues;
            if (queue < 0 || queue >= has || pool >= virtual.length) {
                throw new IllegalArgumentException(name() + (vf < 0 ? "" : "/vf" + vf) + " has no queue " + queue
                        + "; it has 0.." + (has - 1));
            }
            return RingDump.describe(core, pools ? core.queueOf(pool, queue) : queue, isTransmit);
        }
    }
}
