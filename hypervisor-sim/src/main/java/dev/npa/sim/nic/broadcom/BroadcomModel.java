package dev.npa.sim.nic.broadcom;

import dev.npa.hw.Clock;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.NicModel;
import java.util.ArrayList;
import java.util.List;

/**
 * One path of a BCM57712 with its port: the parts put together, and the device's turn to run.
 *
 * <p>One lock: {@link #run} holds it, register accesses with side effects take it.
 */
final class BroadcomModel implements NicModel {

    private static final int BURST = 32;

    private final Path path;
    private final Parts parts;
    private final TxEngine transmit;
    private final List<BroadcomAdapter> adapters;
    private boolean linkWasUp;
    private int next;

    BroadcomModel(String name, Clock clock, Violations violations, Wire.End wire, int functions) {
        path = new Path(name, clock, violations, wire, functions);
        parts = Parts.of(path);
        transmit = new TxEngine(path, parts.fabric(), parts.receive(), parts.blocks(), parts.guard());
        List<BroadcomAdapter> list = new ArrayList<>();
        for (int pf = 0; pf < functions; pf++) {
            list.add(new BroadcomAdapter(path, path.functions[pf], parts));
        }
        adapters = List.copyOf(list);
        linkWasUp = wire.isUp();
    }

    /** The clients and their lock, for tests that begin where no traffic gets in reasonable time. */
    Path path() {
        return path;
    }

    @Override
    public String name() {
        return path.name;
    }

    @Override
    public List<BroadcomAdapter> adapters() {
        return adapters;
    }

    @Override
    public int run(int budget) {
        synchronized (path.lock) {
            link();
            int done = 0;
            int before;
            do {
                before = done;
                long now = path.clock.nanos();
                parts.receive().tpa().tick(now);
                done += parts.receive().run(Math.min(BURST, budget - done));
                parts.blocks().flush(now);
                done = round(done, budget);
            } while (done > before && done < budget);
            return done;
        }
    }

    /** Gives every client that has something to send a burst, starting behind the one that was served last. */
    private int round(int already, int budget) {
        int start = next;
        return serve(0, start, serve(start, Path.CLIENTS, already, budget), budget);
    }

    private int serve(int from, int to, int already, int budget) {
        int done = already;
        for (int index = path.active.next(from); index >= 0 && index < to && done < budget;
                index = path.active.next(index + 1)) {
            Client c = path.clients[index];
            if (transmit.hasWork(c)) {
                int sent = transmit.run(c, Math.min(BURST, budget - done));
                // Also without a completed packet: segments of a part of one may be in a neighbour's ring.
                parts.blocks().flush(path.clock.nanos());
                if (sent > 0) {
                    done += sent;
                    next = (index + 1) % Path.CLIENTS;
                }
            }
        }
        return done;
    }

    private void link() {
        boolean up = path.wire.isUp();
        if (up != linkWasUp) {
            linkWasUp = up;
            for (EventRing ring : parts.events()) {
                ring.linkChanged();
            }
        }
    }

    @Override
    public long nextEvent() {
        synchronized (path.lock) {
            long now = path.clock.nanos();
            if (path.wire.isUp() != linkWasUp) {
                return now;
            }
            long at = Math.min(parts.blocks().nextEvent(), parts.receive().tpa().nextEvent());
            if (!parts.receive().isBlocked()) {
                at = Math.min(at, path.wire.nextArrival());
            }
            for (int i = path.active.next(0); i >= 0 && at > now; i = path.active.next(i + 1)) {
                Client c = path.clients[i];
                if (transmit.hasWork(c)) {
                    at = Math.min(at, transmit.nextTry(c, now));
                }
            }
            return at;
        }
    }
}
