package dev.npa.sim.traffic;

import dev.npa.hw.Clock;
import dev.npa.hw.MacAddress;
import dev.npa.sim.net.Wire;
import dev.npa.sim.time.Component;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Guests behind one NIC, reduced to a bridge without queues: frames move between the guests' channels and the wire by
 * their addresses. A fault may replace each frame from the wire by any number of frames. Runs everything in virtual
 * time and insists that a component which says "now" has work.
 */
final class TestBridge implements Clock {

    private static final int SLOTS = 128;

    private record Vm(MacAddress mac, FakeGuest guest, List<byte[]> sending) {}

    final Wire wire = new Wire("wire", this, 10_000, 500, 64 * 1024);
    final Traffic traffic = new Traffic(this);
    final WirePeer peer = traffic.peer("peer", wire);
    private final List<Vm> vms = new ArrayList<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(64 * 1024);
    private final List<byte[]> fromWire = new ArrayList<>();
    UnaryOperator<List<byte[]>> fault = UnaryOperator.identity();
    /** How a guest's NIC hands a frame over. */
    Function<byte[], FakeGuest.Record> reception = FakeGuest.Record::new;
    boolean frozen;
    private long now;

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public void stall(long nanos) {
        now += nanos;
    }

    Traffic.Place vm(String name) {
        MacAddress mac = new MacAddress(0x0200_0000_0A00L + vms.size());
        FakeGuest guest = new FakeGuest(2 << 20);
        ChannelDevice channel = new ChannelDevice(name, guest.memory, guest, SLOTS, 2048);
        guest.enable(channel.bar(0), 40);
        vms.add(new Vm(mac, guest, new ArrayList<>()));
        return traffic.guest(name, channel, mac);
    }

    FakeGuest guest(int index) {
        return vms.get(index).guest;
    }

    /** Runs until the condition holds; false if nothing can happen any more or time is up. */
    boolean runUntil(BooleanSupplier condition, long limitNanos) {
        long limit = now + limitNanos;
        while (!condition.getAsBoolean()) {
            int work = forward();
            for (Station station : traffic.stations()) {
                work += station.run(7);
            }
            if (work == 0) {
                long next = frozen ? Component.NEVER : wire.nicSide().nextArrival();
                for (Station station : traffic.stations()) {
                    long own = station.nextEvent();
                    if (own <= now) {
                        throw new AssertionError(station.name() + " says now but has no work");
                    }
                    next = Math.min(next, own);
                }
                if (next > limit) {
                    now = limit;
                    return false;
                }
                now = Math.max(now, next);
            }
        }
        return true;
    }

    /** Runs for a time. */
    void runFor(long nanos) {
        runUntil(() -> false, nanos);
    }

    private int forward() {
        if (frozen) {
            return 0;
        }
        int count = 0;
        for (Vm vm : vms) {
            if (vm.sending.isEmpty()) {
                FakeGuest.Record record = vm.guest.takeRecord();
                if (record != null) {
                    vm.sending.addAll(NaiveNic.send(record));
                }
            }
            while (!vm.sending.isEmpty() && isTaken(vm, vm.sending.get(0))) {
                vm.sending.remove(0);
                count++;
            }
        }
        int at = fromWire.isEmpty() ? wire.nicSide().peek() : -1;
        if (at >= 0) {
            byte[] frame = new byte[wire.nicSide().length(at)];
            wire.nicSide().buffer().get(at, frame);
            wire.nicSide().remove(at);
            fromWire.addAll(fault.apply(List.of(frame)));
            count++;
        }
        while (!fromWire.isEmpty() && toGuests(null, fromWire.get(0))) {
            fromWire.remove(0);
            count++;
        }
        return count;
    }

    /** A frame from a guest: to local guests, the wire or both, if all can take it. */
    private boolean isTaken(Vm from, byte[] frame) {
        boolean local = vms.stream().anyMatch(v -> v.mac.value() == Net.mac(frame, 0));
        if (!local && !wire.nicSide().canSend(frame.length) || !toGuests(from, frame)) {
            return false;
        }
        if (!local) {
            scratch.put(0, frame);
            wire.nicSide().send(scratch, 0, frame.length);
        }
        return true;
    }

    private boolean toGuests(Vm except, byte[] frame) {
        long to = Net.mac(frame, 0);
        List<Vm> targets = vms.stream().filter(v -> v != except && (Net.isGroup(to) || v.mac.value() == to)).toList();
        if (!targets.stream().allMatch(v -> v.guest.room() > 40)) {
            return false;
        }
        targets.forEach(v -> v.guest.deliver(reception.apply(frame)));
        return true;
    }
}
