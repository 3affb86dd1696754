package dev.npa.pf.broadcom;

import dev.npa.pf.broadcom.QueueState.Command;
import dev.npa.pf.broadcom.hsi.ClientSetup;
import dev.npa.pf.broadcom.hsi.ClientUpdate;
import dev.npa.pf.broadcom.hsi.EventElement;
import dev.npa.pf.broadcom.hsi.Ramrod;
import dev.npa.pf.broadcom.hsi.TpaUpdate;

/** One queue pair as the slow path knows it: a client with its connection. §8 */
final class Queue {

    private final SlowPath slowPath;
    private final int function;
    private final int client;
    private final int cid;
    private QueueState state = QueueState.RESET;

    Queue(SlowPath slowPath, int function, int client, int cid) {
        this.slowPath = slowPath;
        this.function = function;
        this.client = client;
        this.cid = cid;
    }

    int client() {
        return client;
    }

    QueueState state() {
        return state;
    }

    /** Whether the firmware works for the queue. */
    boolean isLive() {
        return state == QueueState.ACTIVE || state == QueueState.INACTIVE;
    }

    /** Sets the client up; it is active afterwards. */
    void setup(ClientSetup setup) {
        if (state != QueueState.INITIALIZED) {
            state = state.after(Command.INIT); // nothing to tell: the status block was programmed before
        }
        QueueState next = state.after(Command.SETUP);
        slowPath.runOnQueue(Ramrod.CLIENT_SETUP, function, cid, setup::write);
        state = next;
    }

    void update(boolean antiSpoof, int defaultVlan) {
        QueueState next = state.after(Command.UPDATE);
        ClientUpdate update = new ClientUpdate(client, function, antiSpoof, defaultVlan);
        slowPath.runOnQueue(Ramrod.CLIENT_UPDATE, function, cid, update::write);
        state = next;
    }

    void update(TpaUpdate update) {
        QueueState next = state.after(Command.UPDATE_TPA);
        slowPath.runOnQueue(Ramrod.TPA_UPDATE, function, cid, update::write);
        state = next;
    }

    /** Stops the client and deletes it: no DMA for it afterwards. Does nothing if there is none. */
    void teardown() {
        if (isLive()) {
            QueueState next = state.after(Command.HALT);
            slowPath.runOnQueue(Ramrod.HALT, function, cid, client);
            state = next;
        }
        delete();
    }

    /** Deletes the client after a reset of its function stopped it. Does nothing if there is none. */
    void afterReset() {
        if (state.allows(Command.FLR)) {
            state = state.after(Command.FLR);
        }
        delete();
    }

    private void delete() {
        if (state == QueueState.STOPPED) {
            QueueState next = state.after(Command.TERMINATE);
            slowPath.runOnQueue(Ramrod.TERMINATE, function, cid, client);
            state = next;
        }
        if (state == QueueState.TERMINATED) {
            QueueState next = state.after(Command.CFC_DEL);
            slowPath.run(Ramrod.CFC_DEL, Ramrod.NONE, function, cid, EventElement.CFC_DEL);
            state = next;
        }
    }
}
