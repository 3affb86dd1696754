package dev.npa.pf.broadcom;

import dev.npa.pf.PfException;
import dev.npa.pf.broadcom.channel.Init;
import dev.npa.pf.broadcom.channel.SetupQueue;
import dev.npa.pf.broadcom.hsi.ClientSetup;
import dev.npa.pf.broadcom.hsi.RuleSet;
import dev.npa.pf.broadcom.hsi.StatusBlockData;
import dev.npa.pf.broadcom.hsi.TpaUpdate;

/** Brings one VF from one stage of its life to the next: registers, status blocks, clients. §9, §10 */
final class VfControl {

    private static final int MAX_TPA_QUEUES = 8;
    private static final int MIN_BUFFER = 64;
    /** What a VF is given before it may say INIT, and after a reset. §10.1 */
    private static final long SETTLE_NANOS = 100_000_000;

    private final Registers registers;
    private final PathLayout layout;
    private final Igu igu;
    private final VfSwitching switching;
    private final int leadingClient;

    VfControl(Registers registers, PathLayout layout, Igu igu, VfSwitching switching) {
        this.registers = registers;
        this.layout = layout;
        this.igu = igu;
        this.switching = switching;
        this.leadingClient = layout.leadingClient();
    }

    /** Lets the VF reach its windows and its channel. §10.4 */
    void open(VfState vf) {
        int number = vf.number();
        for (int register : Grc.functionEnable(layout.functionOf(vf.index()))) {
            registers.write(register, 1 | registers.pf() << 8);
        }
        registers.write(Grc.channelState(number), Grc.CHANNEL_READY | Grc.CHANNEL_VALID);
        registers.writeAs(number, Grc.INTERNAL_VFID_ENABLE, 1);
        registers.writeAs(number, Grc.PBF_DISABLE_VF, vf.isSending() ? 0 : 1);
    }

    /** Takes back what {@link #open} gave. */
    void close(VfState vf) {
        int number = vf.number();
        registers.write(Grc.channelState(number), Grc.CHANNEL_READY);
        registers.writeAs(number, Grc.PBF_DISABLE_VF, 1);
        registers.writeAs(number, Grc.INTERNAL_VFID_ENABLE, 0);
        for (int register : Grc.functionEnable(layout.functionOf(vf.index()))) {
            registers.write(register, 0);
        }
    }

    /** Lets frames out that the VF queued, from now on. */
    void startSending(VfState vf) {
        if (!vf.isSending()) {
            vf.sending(true);
            registers.writeAs(vf.number(), Grc.PBF_DISABLE_VF, 0);
        }
    }

    /** INIT: status blocks, interrupts, queue zones. §10.6 */
    void init(VfState vf, Init request) {
        vf.statusBlocks(request.statusBlocks());
        vf.statistics(request.statistics(), request.stride());
        for (int q = 0; q < vf.granted(); q++) {
            int block = vf.firstBlock() + q;
            igu.cleanVfBlock(block, vf.number());
            writeStatusBlock(vf, q, 0, 0);
            registers.write(Grc.zonePermission(block), vf.number() | 1 << 6);
        }
        igu.enableVf(vf.number(), true);
        vf.life(VfState.Life.ENABLED);
    }

    private void writeStatusBlock(VfState vf, int block, int rxTimeout, int txTimeout) {
        int absolute = vf.firstBlock() + block;
        int[] words = new StatusBlockData(absolute, vf.statusBlock(block), registers.pf(), vf.number(), rxTimeout,
                txTimeout).words();
        for (int i = 0; i < words.length; i++) {
            registers.write(Grc.statusBlockData(absolute) + 4 * i, words[i]);
        }
    }

    /** SETUP_Q: a client for one queue pair; its frames flow as far as the VF is active. */
    void setup(VfState vf, SetupQueue request, int maxMtu) {
        check(vf, request, maxMtu);
        int block = vf.firstBlock() + request.rxBlock();
        writeStatusBlock(vf, request.rxBlock(), request.rxTimeout(), request.txTimeout());
        Queue queue = vf.queues().get(request.queue());
        queue.setup(describe(vf, request, queue, block));
        igu.enableVfBlock(block, vf.number());
        switching.apply(vf);
    }

    private void check(VfState vf, SetupQueue request, int maxMtu) {
        if (!request.isPair()) {
            refuse(vf, "has no receive or no transmit part");
        }
        if (request.queue() >= vf.granted() || request.rxBlock() >= vf.granted()
                || request.txBlock() != request.rxBlock()) {
            refuse(vf, "names queue " + request.queue() + " with blocks " + request.rxBlock() + " and "
                    + request.txBlock() + "; the VF has " + vf.granted() + " of each, one for both directions");
        }
        if (request.mtu() > maxMtu || request.bufferBytes() < MIN_BUFFER) {
            refuse(vf, "wants an MTU of " + request.mtu() + " in buffers of " + request.bufferBytes()
                    + " bytes; at most " + maxMtu + " and at least " + MIN_BUFFER + " are possible");
        }
        if (request.rcq() == 0 || request.rxBds() == 0 || request.txBds() == 0
                || vf.statusBlock(request.rxBlock()) == 0) {
            refuse(vf, "has a ring or status block at address 0");
        }
    }

    private static void refuse(VfState vf, String why) {
        throw new PfException("57712: SETUP_Q of VF " + vf.index() + " " + why);
    }

    private ClientSetup describe(VfState vf, SetupQueue r, Queue queue, int block) {
        int function = layout.functionOf(vf.index());
        int portVlan = vf.settings().vlan();
        int tpa = r.flags() & (SetupQueue.TPA | SetupQueue.TPA_IPV6 | SetupQueue.TPA_GRO); // the same bits
        return new ClientSetup(
                new ClientSetup.General(queue.client(), leadingClient, r.mtu(), function),
                new ClientSetup.Rx(tpa, r.cacheLineLog(), r.maxSges(), queue.client(), block,
                        r.has(SetupQueue.STRIP_VLAN), tpa == 0 ? 0 : MAX_TPA_QUEUES, r.bufferBytes(), r.sgeBytes(),
                        function, function, r.rxBds(), r.sges(), r.rcq(), r.queue() == 0, r.maxAggregation(),
                        RuleSet.DROP_ALL, portVlan),
                new ClientSetup.Tx(true, block, vf.firstBlock(), true, vf.settings().spoofCheck(), portVlan,
                        r.txBds()));
    }

    /** UPDATE_TPA for one queue. */
    void updateTpa(VfState vf, int queue, TpaUpdate update) {
        vf.queues().get(queue).update(update);
    }

    /** TEARDOWN_Q. */
    void teardown(VfState vf, int queue) {
        if (queue == 0) {
            vf.rules().removeAll();
        }
        igu.disableVfBlock(vf.firstBlock() + queue, vf.number());
        vf.queues().get(queue).teardown();
    }

    /** CLOSE: rules, then clients, then interrupts and zones. §10.8 */
    void stop(VfState vf) {
        vf.rules().removeAll();
        for (Queue queue : vf.queues()) {
            queue.teardown();
        }
        shut(vf);
        vf.life(VfState.Life.ACQUIRED);
    }

    private void shut(VfState vf) {
        for (int q = 0; q < vf.queues().size(); q++) {
            int block = vf.firstBlock() + q;
            igu.disableVfBlock(block, vf.number());
            registers.write(Grc.zonePermission(block), 0);
        }
        igu.enableVf(vf.number(), false);
    }

    /** After a reset of the function stopped it: the firmware forgets it too. §10.1 */
    void afterReset(VfState vf) {
        vf.life(VfState.Life.RESET);
        for (Queue queue : vf.queues()) {
            queue.afterReset();
        }
        vf.rules().forget();
        shut(vf);
        finalCleanup(vf);
        vf.forgetGuest();
        vf.life(VfState.Life.FREE);
    }

    private void finalCleanup(VfState vf) {
        int function = layout.functionOf(vf.index());
        int done = Grc.cleanupDone(function);
        registers.write(done, 0);
        registers.write(Grc.OPERATION_GEN, Grc.FINAL_CLEANUP | function);
        if (!registers.await(done, 1, 1)) {
            throw new PfException("57712: the final cleanup of VF " + vf.index() + " did not end within " + Waits.LIMIT
                    + "; stop the driver and start it again");
        }
        registers.write(done, 0);
    }

    /** What the specification gives functions after a reset before they must answer. */
    void settle() {
        registers.clock().stall(SETTLE_NANOS);
    }
}
