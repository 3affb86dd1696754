package dev.npa.sim.nic.broadcom;

import dev.npa.sim.machine.DmaFault;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Ramrods that move queues through their states, 57712 §8. Each completes with a CQE on the queue for slow-path
 * completions; one that finds no room there waits. Used under the path's lock.
 */
final class QueueRamrods {

    static final int CLIENT_SETUP = 1;
    static final int HALT = 2;
    static final int CLIENT_UPDATE = 5;
    static final int EMPTY = 6;
    static final int TERMINATE = 7;
    static final int TPA_UPDATE = 8;

    private static final int SETUP_BYTES = 120;
    private static final int RX = 16;
    private static final int TX = 96;
    private static final int UPDATE_BYTES = 32;
    private static final int MIN_BUFFER = 64;

    private record Completion(Client on, long q0) {}

    private final Path path;
    private final SwitchTables tables;
    private final StatusBlocks blocks;
    private final RxEngine receive;
    private final Guard guard;
    private final ByteBuffer data = TxQueue.buffer(SETUP_BYTES);
    private final ArrayDeque<Completion> pending = new ArrayDeque<>();
    /** Whether completions wait; read without the lock. */
    volatile boolean waiting;

    QueueRamrods(Path path, SwitchTables tables, StatusBlocks blocks, RxEngine receive, Guard guard) {
        this.path = path;
        this.tables = tables;
        this.blocks = blocks;
        this.receive = receive;
        this.guard = guard;
    }

    void reset(Func pf) {
        pending.removeIf(c -> c.on.owner == null || c.on.owner == pf);
        waiting = !pending.isEmpty();
    }

    void execute(Func pf, int command, int cid, long argument) {
        if (command == CLIENT_SETUP) {
            setup(pf, cid, argument);
            return;
        }
        int slot = path.connection(pf.id, cid);
        Client c = slot < 0 ? null : path.connections[slot];
        if (c == null) {
            path.violation(pf, "command " + command + " for connection " + cid + ", which has no client");
            return;
        }
        String wrong = switch (command) {
            case HALT -> halt(c);
            case TERMINATE -> step(c, Client.State.STOPPED, Client.State.TERMINATED);
            case EMPTY -> null;
            case CLIENT_UPDATE -> update(pf, c, argument);
            case TPA_UPDATE -> tpa(pf, c, argument);
            default -> "command " + command + " is not modelled";
        };
        complete(pf, c, command, wrong);
    }

    private void complete(Func pf, Client c, int command, String wrong) {
        if (wrong != null) {
            path.violation(pf, "client " + c.id + ": " + wrong);
        }
        post(path.clients[c.spClient], wrong != null, command, c.cid);
    }

    private void post(Client on, boolean failed, int command, int cid) {
        int head = Cqe.RAMROD | (failed ? Cqe.RAMROD_ERROR : 0) | SlowPath.ETHERNET << 8;
        pending.add(new Completion(on, Integer.toUnsignedLong(head) | (long) (cid | command << 24) << 32));
        deliver();
    }

    /** Writes completions for which there is room now. */
    void deliver() {
        int left = pending.size();
        for (int i = 0; i < left; i++) {
            Completion c = pending.poll();
            if (!write(c)) {
                pending.add(c);
            }
        }
        waiting = !pending.isEmpty();
        blocks.flush(path.clock.nanos());
    }

    private boolean write(Completion c) {
        RxQueue q = c.on.rx;
        if (c.on.owner == null) {
            return true; // nobody is there to read it
        }
        try {
            if (!q.hasCqe()) {
                return false;
            }
            Cqe.write(q.port, q.cqes.address(q.cqes.take()), c.q0, 0, 0, 0);
            blocks.complete(q.statusBlock, q.sbIndex, q.cqes.consumer(), 0);
        } catch (DmaFault e) {
            return true; // recorded; the function is stopped
        }
        return true;
    }

    /** Whether firmware has dropped the client's function, so that every step of taking it down is fine. */
    private static boolean isLost(Client c) {
        return c.owner.dirty || c.owner.malicious;
    }

    private String halt(Client c) {
        if (c.state() != Client.State.ACTIVE && c.state() != Client.State.INACTIVE && !isLost(c)) {
            return "HALT in state " + c.state();
        }
        if (c.owner.isLive()) {
            receive.tpa().closeAll(c.rx, 0);
        }
        c.state(Client.State.STOPPED);
        c.tx.stop();
        path.listening.set(c.connection, 0);
        return null;
    }

    private static String step(Client c, Client.State from, Client.State to) {
        if (c.state() != from && !isLost(c)) {
            return "TERMINATE in state " + c.state();
        }
        c.state(to);
        return null;
    }

    /** CFC_DEL; false if the connection is not ready for it. */
    boolean delete(Func pf, int cid) {
        int slot = path.connection(pf.id, cid);
        Client c = slot < 0 ? null : path.connections[slot];
        if (c == null) {
            return true; // dropped by a reset
        }
        if (c.state() != Client.State.TERMINATED && !isLost(c)) {
            path.violation(pf, "CFC_DEL of connection " + cid + " in state " + c.state());
            return false;
        }
        guard.delete(c);
        return true;
    }

    private void setup(Func pf, int cid, long address) {
        pf.port.read(address, data, 0, SETUP_BYTES);
        int id = data.get(0) & 0xFF;
        int sp = data.get(5) & 0xFF;
        Func f = path.function(data.get(9) & 0xFF);
        int slot = path.connection(pf.id, cid);
        String wrong = check(pf, f, slot, id);
        if (wrong != null || id >= Path.CLIENTS || sp >= Path.CLIENTS) {
            path.violation(pf, "CLIENT_SETUP of client " + id + ", connection " + cid + ": "
                    + (wrong == null ? "clients are 0.." + (Path.CLIENTS - 1) : wrong));
            if (sp < Path.CLIENTS && path.clients[sp].owner != null) {
                post(path.clients[sp], true, CLIENT_SETUP, cid);
            }
            return;
        }
        Client c = path.clients[id];
        c.owner = f;
        c.connection = slot;
        c.cid = cid;
        c.spClient = sp;
        c.statsId = data.get(1) & 0xFF;
        c.statsOn = data.get(2) != 0;
        c.mtu = data.getShort(6) & 0xFFFF;
        if (data.get(8) != 0) {
            c.counters.clear();
        }
        c.rx.setup(data, RX, f.port, path.producers);
        c.tx.setup(data, TX, f.port, path.doorbells);
        blocks.restart(c.rx.statusBlock, c.rx.sbIndex);
        blocks.restart(c.tx.statusBlock, c.tx.sbIndex);
        tables.initialState(SwitchTables.RX, id, data.getShort(RX + 52) & 0xFFFF);
        tables.initialState(SwitchTables.TX, id, data.getShort(TX + 16) & 0xFFFF);
        c.state(data.get(4) != 0 ? Client.State.ACTIVE : Client.State.INACTIVE);
        path.connections[slot] = c;
        path.listening.set(slot, 1);
        complete(pf, c, CLIENT_SETUP, null);
    }

    private String check(Func pf, Func f, int slot, int id) {
        if (f == null || f.pf != pf.id || f.port == null) {
            return "function " + (data.get(9) & 0xFF) + " is not there or not this PF's";
        }
        if (slot < 0 || slot / Path.WINDOW != f.id) {
            return "the connection is not one of " + f.name();
        }
        if (id < Path.CLIENTS && path.clients[id].owner != null || path.connections[slot] != null) {
            return "client or connection are in use";
        }
        if ((data.get(RX + 6) & 0xFF) >= Path.ZONES) {
            return "queue zone " + (data.get(RX + 6) & 0xFF) + ", 0.." + (Path.ZONES - 1) + " is legal";
        }
        if ((data.getShort(RX + 18) & 0xFFFF) < MIN_BUFFER) {
            return "receive buffers of " + (data.getShort(RX + 18) & 0xFFFF) + " bytes, the least is " + MIN_BUFFER;
        }
        if ((data.get(RX) & 4) != 0 && (data.get(RX) & 3) != 0) {
            return "TPA in GRO mode is not modelled";
        }
        if ((data.get(RX + 13) & 0xFF) >= Path.ZONES || (data.get(TX + 1) & 0xFF) >= Path.ZONES) {
            return "status block out of range 0.." + (Path.ZONES - 1);
        }
        return null;
    }

    private String update(Func pf, Client c, long address) {
        pf.port.read(address, data, 0, UPDATE_BYTES);
        if ((data.get(0) & 0xFF) != c.id) {
            return "CLIENT_UPDATE names client " + (data.get(0) & 0xFF);
        }
        if (data.get(3) != 0) {
            c.rx.strip = data.get(2) != 0;
        }
        if (data.get(7) != 0) {
            c.tx.antiSpoof = data.get(6) != 0;
        }
        if (data.get(9) != 0 && (c.state() == Client.State.ACTIVE || c.state() == Client.State.INACTIVE)) {
            c.state(data.get(8) != 0 ? Client.State.ACTIVE : Client.State.INACTIVE);
        }
        if (data.get(13) != 0) {
            c.tx.defaultVlan = data.getShort(10) & 0xFFFF;
            c.tx.hasDefaultVlan = data.get(12) != 0;
        }
        if (data.get(19) != 0) {
            c.rx.silentValue = data.getShort(14) & 0xFFFF;
            c.rx.silentMask = data.getShort(16) & 0xFFFF;
            c.rx.silentRemoval = data.get(18) != 0;
        }
        if (data.get(21) != 0) {
            c.tx.refuseOutOfBand = data.get(20) != 0;
        }
        if (data.get(23) != 0) {
            c.tx.switching = data.get(22) != 0;
        }
        return null;
    }

    private String tpa(Func pf, Client c, long address) {
        pf.port.read(address, data, 0, UPDATE_BYTES);
        if ((data.get(2) & 0xFF) != c.id) {
            return "TPA_UPDATE names client " + (data.get(2) & 0xFF);
        }
        if ((data.get(4) & 0xFF) > 3 || (data.get(0) == 1 || data.get(1) == 1) && data.get(7) != 0) {
            return "TPA_UPDATE with max SGEs " + (data.get(4) & 0xFF) + " and mode " + data.get(7)
                    + "; at most 3 and mode 0 (LRO) are legal";
        }
        receive.tpa().closeAll(c.rx, 0);
        c.rx.updateTpa(data);
        return null;
    }
}
