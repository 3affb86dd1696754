package dev.npa.sim.nic.broadcom;

/** A client: one queue pair with its place in the switch, 57712 §0 and §8. */
final class Client {

    /** Queue states, 57712 §8. */
    enum State { RESET, ACTIVE, INACTIVE, STOPPED, TERMINATED }

    final int id;
    final RxQueue rx;
    final TxQueue tx;
    final Counters counters = new Counters();

    State state = State.RESET;
    Func owner;
    /** Slot in {@link Path#connections}. */
    int connection;
    int cid;
    /** Client whose RCQ gets the ramrod completions of this one. */
    int spClient;
    int statsId;
    boolean statsOn;
    int mtu;

    Client(int id) {
        this.id = id;
        this.rx = new RxQueue(this);
        this.tx = new TxQueue(this);
    }

    boolean isActive() {
        return state == State.ACTIVE;
    }

    /** Whether frames can be put into its rings at all; if not they are dropped and block nobody. */
    boolean isOpen() {
        return state == State.ACTIVE && owner.mayReceive() && !rx.isBroken();
    }

    boolean mayTransmit() {
        return state == State.ACTIVE && owner.maySend() && !tx.bds.isBroken();
    }

    /** Everything of its former life is forgotten. */
    void clear() {
        state = State.RESET;
        owner = null;
        rx.stop();
        tx.stop();
        counters.clear();
    }
}
