package dev.npa.pf.broadcom;

import dev.npa.hw.DmaMemory;
import dev.npa.pf.PfException;
import dev.npa.pf.broadcom.hsi.EventElement;
import dev.npa.pf.broadcom.hsi.Ramrod;
import dev.npa.plugin.broadcom.regs.PageChain;
import java.util.function.Consumer;

/**
 * The slow-path queue: posts one ramrod at a time and waits for its completion, on the event ring or on the leading
 * queue's completion ring. §8
 */
final class SlowPath {

    /** Where the completion of a ramrod shows up. */
    private interface Completion {
        /** 1 done, 0 not yet, -1 refused. */
        int poll();
    }

    private static final int LAST = PageChain.PAGE / Ramrod.BYTES - 1;
    /** Largest ramrod data, the rules' 264 bytes, with room to align. */
    private static final int DATA_BYTES = 512;

    private final Registers registers;
    private final DmaMemory ring;
    private final DmaMemory data;
    private final EventRing events;
    private final LeadingQueue leading;
    private int producer;
    private int echo;

    /** Takes its memory: the ring's page, and {@link #dataBytes()} for ramrod data. */
    SlowPath(Registers registers, DmaMemory ring, DmaMemory data, EventRing events, LeadingQueue leading) {
        this.registers = registers;
        this.ring = ring;
        this.data = data;
        this.events = events;
        this.leading = leading;
    }

    static int dataBytes() {
        return DATA_BYTES;
    }

    void program() {
        PageChain.TX_BD.link(ring); // elements and links of the same size, §3
        registers.write64(Grc.slowPathBase(registers.pf()), ring.address());
    }

    /** A number that the next ramrod's completion can be known by. */
    int nextEcho() {
        echo = echo + 1 & 0x1_FFFF;
        return echo;
    }

    /** Runs a ramrod with data whose completion is an event. */
    void run(int command, int type, int function, int cid, int opcode, Consumer<DmaMemory> writer) {
        data.clear();
        writer.accept(data);
        awaitEvent(command, type, function, cid, data.address(), opcode);
    }

    /** Runs a ramrod without data whose completion is an event. */
    void run(int command, int type, int function, int cid, int opcode) {
        awaitEvent(command, type, function, cid, 0, opcode);
    }

    private void awaitEvent(int command, int type, int function, int cid, long address, int opcode) {
        post(command, type, function, cid, address);
        await(command, function, cid, () -> {
            EventElement e = events.takeCompletion(opcode);
            return e == null ? 0 : e.error() == 0 ? 1 : -1;
        });
    }

    /** Runs a queue's ramrod with data; its completion comes to the leading queue. */
    void runOnQueue(int command, int function, int cid, Consumer<DmaMemory> writer) {
        data.clear();
        writer.accept(data);
        awaitQueue(command, function, cid, data.address());
    }

    /** Runs a queue's ramrod that needs nothing but the client's number. */
    void runOnQueue(int command, int function, int cid, int client) {
        awaitQueue(command, function, cid, client);
    }

    private void awaitQueue(int command, int function, int cid, long address) {
        post(command, Ramrod.ETHERNET, function, cid, address);
        await(command, function, cid, () -> leading.takeCompletion(cid, command));
    }

    private void post(int command, int type, int function, int cid, long address) {
        Ramrod.write(ring, (producer & LAST) * Ramrod.BYTES, command, type, function, cid, address);
        producer = PageChain.nextTxBd(producer) & 0xFFFF;
        registers.write(Grc.slowPathProducer(registers.pf()), producer);
    }

    private void await(int command, int function, int cid, Completion completion) {
        boolean done = Waits.until(registers.clock(), () -> {
            int state = completion.poll();
            if (state < 0) {
                throw new PfException("57712: the device refused ramrod " + command + " of function " + function
                        + ", connection " + cid + "; its tables may be full");
            }
            return state > 0;
        });
        if (!done) {
            throw new PfException("57712: ramrod " + command + " of function " + function + ", connection " + cid
                    + " did not complete within " + Waits.LIMIT + "; stop the driver and start it again");
        }
    }
}
