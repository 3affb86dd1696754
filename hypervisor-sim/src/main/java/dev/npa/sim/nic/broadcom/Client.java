package dev.npa.sim.nic.broadcom;

/** A client: one queue pair with its place in the switch, 57712 §0 and §8. */
final class Client {

    /** Queue states, 57712 §8. */
    enum State { RESET, ACTIVE, INACTIVE, STOPPED, TERMINATED }

    final int id;
    final RxQueue rx;
    final TxQueue tx;
    final Counters counters = new Counters();

    private final ClientSet active;
    private State state = State.RESET;
    Func owner;
    /** Slot in {@link Path#connections}. */
    int connection;
    int cid;
    /** Client whose RCQ gets the ramrod completions of this one. */
    int spClient;
    int statsId;
    boolean statsOn;
    int mtu;

    /**
     * Makes a client in state RESET.
     *
     * @param active where it is a member while it is ACTIVE
     */
    Client(int id, ClientSet active) {
        this.id = id;
        this.active = active;
        this.rx = new RxQueue(this);
        this.tx = new TxQueue(this);
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
        if (next == State.ACTIVE) {
            active.add(id);
        } else {
            active.remove(id);
        }
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
        state(State.RESET);
        owner = null;
        rx.stop();
        tx.stop();
        counters.clear();
    }
}
