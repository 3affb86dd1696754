package dev.npa.pf.broadcom;

import dev.npa.hw.DmaMemory;
import dev.npa.pf.broadcom.hsi.EventElement;
import dev.npa.plugin.broadcom.regs.PageChain;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The event ring with its place in the slow path's status block. Completions of ramrods are looked at by whoever waits
 * for them; what VFs did is kept in its order until the driver has time. §8.5
 */
final class EventRing {

    private static final int LAST = PageChain.PAGE / EventElement.BYTES - 1;
    /** Index of the status block that counts elements. */
    static final int INDEX = 7;

    private final Registers registers;
    private final DmaMemory ring;
    private final SlowPathStatus status;
    private final Deque<EventElement> deferred = new ArrayDeque<>();
    private int consumer;

    EventRing(Registers registers, DmaMemory ring, SlowPathStatus status) {
        this.registers = registers;
        this.ring = ring;
        this.status = status;
    }

    /** Tells the firmware where the ring is and gives it all elements. */
    void program() {
        PageChain.TX_BD.link(ring); // elements and links of the same size, §3
        registers.write64(Grc.eventRing(registers.pf()), ring.address());
        giveBack();
    }

    /** The next element; null if there is none. */
    private EventElement next() {
        int produced = status.index(INDEX);
        if ((produced & LAST) == LAST) {
            produced = produced + 1 & 0xFFFF; // the count may rest on the element that points to the next page
        }
        if (consumer == produced) {
            return null;
        }
        DmaMemory.acquireFence();
        EventElement element = EventElement.read(ring, (consumer & LAST) * EventElement.BYTES);
        consumer = PageChain.nextTxBd(consumer) & 0xFFFF;
        giveBack();
        return element;
    }

    private void giveBack() {
        int producer = consumer + LAST & 0xFFFF;
        registers.write(Grc.eventRing(registers.pf()) + 8, producer | registers.pf() << 16 | INDEX << 24);
    }

    /** Takes elements up to a completion; null if it has not come. What concerns VFs is deferred. */
    EventElement takeCompletion(int opcode) {
        for (EventElement e = next(); e != null; e = next()) {
            if (!defer(e) && e.opcode() == opcode) {
                return e;
            }
        }
        return null;
    }

    /** The next event about a VF, in the order of the ring; null if there is none. */
    EventElement takeVfEvent() {
        for (EventElement e = next(); e != null; e = next()) {
            defer(e);
        }
        return deferred.pollFirst();
    }

    /**
     * Forgets events about a VF: after its reset nobody waits for an answer any more.
     *
     * @return whether its reset was among them
     */
    boolean forget(int vf) {
        for (EventElement e = next(); e != null; e = next()) {
            defer(e);
        }
        boolean reset = deferred.stream().anyMatch(e -> e.vf() == vf && e.opcode() == EventElement.VF_FLR);
        deferred.removeIf(e -> e.vf() == vf);
        return reset;
    }

    private boolean defer(EventElement e) {
        switch (e.opcode()) {
            case EventElement.VF_FLR -> deferred.removeIf(old -> old.vf() == e.vf()); // older than the reset
            case EventElement.VF_PF_CHANNEL, EventElement.MALICIOUS_VF -> { }
            default -> {
                return false;
            }
        }
        deferred.addLast(e);
        return true;
    }
}
