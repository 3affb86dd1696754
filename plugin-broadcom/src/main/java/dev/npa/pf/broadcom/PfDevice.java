package dev.npa.pf.broadcom;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.MacAddress;
import dev.npa.pf.PfException;
import dev.npa.pf.PfHost;
import dev.npa.pf.broadcom.channel.Tlv;
import dev.npa.pf.broadcom.hsi.EventElement;
import dev.npa.pf.broadcom.hsi.Ramrod;
import dev.npa.plugin.broadcom.regs.PageChain;
import dev.npa.plugin.broadcom.ring.StatusBlock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A started function: everything that exists from start to stop. */
final class PfDevice {

    final Registers registers;
    final PathLayout layout;
    final SlowPathStatus status;
    final EventRing events;
    final Igu igu;
    final VfControl control;
    final VfSwitching switching;
    final ChannelService channel;
    final BulletinBoards bulletins;
    final Statistics statistics;
    final UplinkFilters filters;
    final Link link;
    final ReceiveHold receive;
    final List<VfState> vfs;

    private final SriovCapability sriov;
    private final PfMemory memory;
    private final SlowPath slowPath;
    private final LeadingQueue leading;
    private final Queue leadingClient;
    private final UplinkQueues uplink;
    private final DmaMemory leadingBlock;
    private final MacAddress own;
    private final int maxMtu;

    /** Takes memory for everything; the device is only looked at. */
    PfDevice(PfHost host, Registers registers, SriovCapability sriov, int virtualFunctions, int maxMtu) {
        this.registers = registers;
        this.sriov = sriov;
        this.maxMtu = maxMtu;
        registers.identify();
        int firstVf = 8 * (registers.read(Grc.FIRST_VF) & 0xF); // §1
        layout = new PathLayout(registers.pf(), PathLayout.PATH_VFS / Math.max(1, sriov.totalVirtualFunctions()),
                firstVf, virtualFunctions);
        own = ownAddress();
        memory = new PfMemory(host);
        try {
            status = new SlowPathStatus(memory.take(SlowPathStatus.BYTES, 64));
            events = new EventRing(registers, memory.pages(PageChain.PAGE), status);
            leading = new LeadingQueue(registers, memory.pages(PageChain.PAGE), memory.pages(PageChain.PAGE),
                    memory.pages(PageChain.PAGE), layout.leadingClient());
            leadingBlock = memory.take(StatusBlock.BYTES, StatusBlock.BYTES);
            slowPath = new SlowPath(registers, memory.pages(PageChain.PAGE), memory.take(SlowPath.dataBytes(), 64),
                    events, leading);
            leadingClient = new Queue(slowPath, layout.function(), layout.leadingClient(), LeadingQueue.CID);
            Queue uplinkQueue = new Queue(slowPath, layout.function(), layout.uplinkClient(), UplinkQueues.CID);
            uplink = new UplinkQueues(host, registers, memory, uplinkQueue, maxMtu);
            vfs = makeVfs(virtualFunctions);
            igu = new Igu(registers);
            link = new Link(registers);
            receive = new ReceiveHold(registers);
            switching = new VfSwitching(layout, slowPath);
            control = new VfControl(registers, layout, igu, switching);
            statistics = new Statistics(slowPath, layout, memory.take(Statistics.BYTES, 64));
            Dmae dmae = new Dmae(registers, memory.take(64, 64));
            bulletins = new BulletinBoards(dmae, memory.take(BulletinBoards.BYTES, 64), link, host.log());
            channel = new ChannelService(registers,
                    new ChannelService.Parts(dmae, control, switching, statistics, bulletins), own,
                    registers.read(Grc.CHIP_NUM) << 16, maxMtu, memory.take(Tlv.MESSAGE_BYTES, 64),
                    memory.take(Tlv.MESSAGE_BYTES, 64), host.log());
            filters = new UplinkFilters(new ClientRules(slowPath, layout.function(), layout.uplinkClient(),
                    layout.function(), UplinkQueues.CID), layout, vfs);
        } catch (RuntimeException e) {
            memory.freeAll();
            throw e;
        }
    }

    private List<VfState> makeVfs(int count) {
        List<VfState> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(new VfState(i, layout, slowPath));
        }
        return Collections.unmodifiableList(made);
    }

    /** The permanent address, from the memory that the management firmware shares. */
    private MacAddress ownAddress() {
        int at = registers.read(Grc.SHARED_MEM_ADDR) + 0x100 + 16 * registers.pf();
        long high = registers.read(at) & 0xFFFF;
        return new MacAddress(high << 32 | Integer.toUnsignedLong(registers.read(at + 4)));
    }

    /** The PF driver's duties in the order of §10. On failure everything is off and freed. */
    void start() {
        try {
            check();
            startFunction();
            startClients();
            startVfs();
            igu.acknowledgeSlowPath(status.runningIndex());
        } catch (RuntimeException e) {
            abort(e);
            throw e;
        }
    }

    private void check() {
        int chip = registers.read(Grc.CHIP_NUM);
        if (chip != Grc.CHIP_NUM_57712) {
            throw new PfException("57712: the function says it is chip 0x" + Integer.toHexString(chip)
                    + ", not 0x1662; use the driver of that chip");
        }
    }

    /** Slow path and function. */
    private void startFunction() {
        sriov.disable();
        igu.disableSlowPath();
        receive.release();
        status.program(registers);
        events.program();
        slowPath.program();
        for (int register : Grc.functionEnable(layout.function())) {
            registers.write(register, 1 | registers.pf() << 8);
        }
        slowPath.run(Ramrod.FUNCTION_START, Ramrod.NONE, layout.function(), 0, EventElement.FUNCTION_START);
    }

    private void startClients() {
        UplinkQueues.writeStatusBlock(registers, layout.leadingClient(), leadingBlock.address());
        leading.prepare();
        leading.giveSlots();
        leadingClient.setup(leading.setup(maxMtu, layout.function()));
        uplink.start(layout.leadingClient(), layout.function(), maxMtu, layout.vfs() > 0);
        filters.open(own);
    }

    /** §10, duties 3 to 5. */
    private void startVfs() {
        registers.write(Grc.DORQ_VF_BASE, 0);
        registers.write(Grc.DORQ_VF_BITS, 6);
        registers.write(Grc.DORQ_CID_BASE, 1024);
        registers.write(Grc.DORQ_CID_WINDOW, 4);
        registers.write(Grc.DORQ_STRIDE, 3);
        registers.write(Grc.DORQ_VF_LIMIT, 64);
        if (layout.vfs() == 0) {
            return;
        }
        control.settle();
        for (VfState vf : vfs) {
            for (int q = 0; q < layout.queuesPerVf(); q++) {
                igu.map(vf.firstBlock() + q, vf.number(), q);
                registers.write(Grc.zonePermission(vf.firstBlock() + q), 0);
            }
            registers.writeAs(vf.number(), Grc.VF_MSIX_SIZE, layout.queuesPerVf() - 1);
            control.close(vf);
        }
        sriov.enable(layout.vfs(), registers);
    }

    /** Ends in order: VFs hear of it, their queues stop, then the PF's. */
    void stop() {
        RuntimeException failure = null;
        for (VfState vf : vfs) {
            failure = attempt(failure, () -> bulletins.postDown(vf));
        }
        igu.disableSlowPath();
        for (VfState vf : vfs) {
            failure = attempt(failure, () -> shutdown(vf));
        }
        sriov.disable();
        failure = attempt(failure, filters::close);
        failure = attempt(failure, uplink::stop);
        failure = attempt(failure, leadingClient::teardown);
        failure = attempt(failure, () -> slowPath.run(Ramrod.FUNCTION_STOP, Ramrod.NONE, layout.function(), 0,
                EventElement.FUNCTION_STOP));
        end();
        if (failure != null) {
            throw failure;
        }
    }

    private void shutdown(VfState vf) {
        if (vf.isAssigned()) {
            statistics.collect(vf);
            if (vf.life() == VfState.Life.ENABLED && !vf.isMalicious()) {
                control.stop(vf);
            }
            control.afterReset(vf);
            control.close(vf);
        }
    }

    private static RuntimeException attempt(RuntimeException before, Runnable step) {
        try {
            step.run();
            return before;
        } catch (RuntimeException e) {
            return before == null ? e : before;
        }
    }

    private void abort(RuntimeException why) {
        try {
            sriov.disable();
            igu.disableSlowPath();
            uplink.stop();
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
        end();
    }

    /** The function is disabled: nothing is read or written by the device any more. */
    private void end() {
        for (VfState vf : vfs) {
            for (int q = 0; q < layout.queuesPerVf(); q++) {
                igu.unmap(vf.firstBlock() + q);
            }
        }
        for (int register : Grc.functionEnable(layout.function())) {
            registers.write(register, 0);
        }
        uplink.release();
        memory.freeAll();
    }

    UplinkQueues uplink() {
        return uplink;
    }
}
