package dev.npa.sim.host;

import dev.npa.hw.MacAddress;
import dev.npa.sim.net.Uplink;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/** An uplink whose received frames and completions a test sets; addresses go to a set. */
final class FakeUplink implements Uplink {

    final Queue<byte[]> received = new ArrayDeque<>();
    final Set<MacAddress> addresses;
    final List<Integer> vlans = new ArrayList<>();
    long sent;
    long completed;
    Runnable onPoll = () -> { };
    Consumer<byte[]> onTransmit = frame -> { };

    FakeUplink(Set<MacAddress> addresses) {
        this.addresses = addresses;
    }

    @Override
    public long transmit(ByteBuffer source, int offset, int length) {
        byte[] frame = new byte[length];
        source.get(offset, frame);
        onTransmit.accept(frame);
        return ++sent;
    }

    @Override
    public long completed() {
        return completed;
    }

    @Override
    public int poll(Receiver receiver, int budget) {
        onPoll.run();
        int taken = 0;
        while (taken < budget && !received.isEmpty()
                && receiver.receive(ByteBuffer.wrap(received.peek()), 0, received.peek().length)) {
            received.remove();
            taken++;
        }
        return taken;
    }

    @Override
    public void addAddress(MacAddress mac) {
        addresses.add(mac);
    }

    @Override
    public void removeAddress(MacAddress mac) {
        addresses.remove(mac);
    }

    @Override
    public void addVlan(int vlan) {
        vlans.add(vlan);
    }

    @Override
    public void removeVlan(int vlan) {
        vlans.remove((Integer) vlan);
    }
}
