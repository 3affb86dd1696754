package dev.npa.pf.broadcom;

import dev.npa.hw.DmaMemory;
import dev.npa.pf.broadcom.hsi.ClientSetup;
import dev.npa.pf.broadcom.hsi.RuleSet;

/**
 * The PF's leading client: a queue pair that never carries a packet. Its completion ring takes the completions of queue
 * ramrods, so that the rings that carry packets have none among them. §5.3, §8
 */
final class LeadingQueue {

    /** Completion ring, buffer ring and transmit ring of a page each, then the status block. */
    static final int BYTES = 3 * PageLinks.PAGE + 64;
    static final int CID = 0;

    private static final int CQE = 64;
    private static final int SLOTS = PageLinks.PAGE / CQE;
    private static final int USABLE = SLOTS - 1;
    /** Completions that the device may write before the driver has looked; one ramrod is pending at a time. */
    private static final int AHEAD = SLOTS / 2;
    private static final int MARKER = 60;
    private static final int RAMROD = 1;
    private static final int TYPE_MASK = 3;
    private static final int ERROR = 1 << 2;
    private static final int BUFFER_LINK = 510 * 8;
    private static final int TX_LINK = 255 * 16;

    private final Registers registers;
    private final DmaMemory memory;
    private final int client;
    private int consumer;

    LeadingQueue(Registers registers, DmaMemory memory, int client) {
        this.registers = registers;
        this.memory = memory;
        this.client = client;
    }

    int client() {
        return client;
    }

    long statusBlock() {
        return memory.address() + 3 * PageLinks.PAGE;
    }

    /** Links the pages onto themselves and marks every completion as not written. */
    void prepare() {
        long base = memory.address();
        PageLinks.link(memory, 0, USABLE * CQE, base);
        PageLinks.link(memory, 1, BUFFER_LINK, base + PageLinks.PAGE);
        PageLinks.link(memory, 2, TX_LINK, base + 2 * PageLinks.PAGE);
        for (int slot = 0; slot < USABLE; slot++) {
            memory.putInt(slot * CQE + MARKER, -1);
        }
    }

    /** What its CLIENT_SETUP says. */
    ClientSetup setup(int mtu, int function) {
        long base = memory.address();
        return new ClientSetup(new ClientSetup.General(client, client, mtu, function),
                new ClientSetup.Rx(0, 6, 0, client, client, false, 0, 64, 0, function, function,
                        base + PageLinks.PAGE, 0, base, true, 0, RuleSet.DROP_ALL, 0),
                new ClientSetup.Tx(false, client, client, false, false, 0, base + 2 * PageLinks.PAGE));
    }

    /** Hands completion slots to the device; there are no buffers, so no packet can be placed. */
    void giveSlots() {
        registers.write(Grc.rxProducers(client), consumer + AHEAD & 0xFFFF);
        registers.write(Grc.rxProducers(client) + 4, 0);
    }

    /** Looks for the completion of a ramrod: 1 done, 0 not there, -1 refused. */
    int takeCompletion(int cid, int command) {
        int result = 0;
        int at = (consumer & SLOTS - 1) * CQE;
        while (result == 0 && memory.getIntAcquire(at + MARKER) == 0) {
            int flags = memory.getByte(at);
            boolean mine = (flags & TYPE_MASK) == RAMROD
                    && memory.getInt(at + 4) == (command << 24 | cid & 0xFF_FFFF);
            result = !mine ? 0 : (flags & ERROR) == 0 ? 1 : -1;
            memory.putInt(at + MARKER, -1);
            consumer = consumer + ((consumer & SLOTS - 1) == USABLE - 1 ? 2 : 1) & 0xFFFF;
            at = (consumer & SLOTS - 1) * CQE;
            giveSlots();
        }
        return result;
    }
}
