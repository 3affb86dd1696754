package dev.npa.shell.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.shell.runtime.fake.FakeChannel;
import dev.npa.shell.runtime.fake.FakeHypervisor;
import dev.npa.shell.runtime.fake.FakeMachine;
import dev.npa.shell.runtime.fake.FakeNic;
import dev.npa.shell.runtime.fake.TestFramework;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A guest on a scripted machine and hypervisor. Frames carry a sequence number at offset 14. */
final class GuestRig {

    final FakeMachine machine;
    final FakeChannel channel;
    final List<byte[]> wire = new ArrayList<>();
    final List<byte[]> received = new ArrayList<>();
    final FakeHypervisor hypervisor;
    final Guest guest;
    private int sent;
    private int arrived;

    GuestRig(TestFramework framework) {
        this(framework, GuestOptions.of(1500), new FakeMachine(16), 64, nic -> { });
    }

    /** Slots of the channel have 2112 bytes. */
    GuestRig(TestFramework framework, GuestOptions options, FakeMachine machine, int slots,
            Consumer<FakeNic> emulated) {
        this.machine = machine;
        channel = new FakeChannel(machine, slots, 2112);
        hypervisor = new FakeHypervisor(machine, wire::add);
        emulated.accept(hypervisor.emulated);
        machine.plug(dev.npa.hw.Machine.SLOT_CHANNEL, channel);
        guest = new Guest(machine, options, TestFramework.API, framework.installer(), hypervisor::open);
        machine.execute(0, guest);
    }

    static byte[] frame(int sequence, int length) {
        byte[] frame = new byte[length];
        ByteBuffer.wrap(frame).putInt(14, sequence);
        for (int i = 18; i < length; i++) {
            frame[i] = (byte) (sequence + i);
        }
        return frame;
    }

    boolean send(int length) {
        if (channel.send(frame(sent, length))) {
            sent++;
            return true;
        }
        return false;
    }

    void arrive(int length) {
        hypervisor.arrive(frame(arrived++, length));
    }

    int sent() {
        return sent;
    }

    int arrivedCount() {
        return arrived;
    }

    void consume() {
        for (byte[] frame = channel.receive(); frame != null; frame = channel.receive()) {
            received.add(frame);
        }
    }

    /** One round of everything, devices included. */
    void round() {
        guest.run(64);
        hypervisor.work(64);
        hypervisor.emulated.progress(64);
        for (FakeNic vf : hypervisor.vfs) {
            if (vf != null) {
                vf.progress(64);
            }
        }
        consume();
    }

    void until(String what, BooleanSupplier condition) {
        for (int i = 0; i < 2000 && !condition.getAsBoolean(); i++) {
            machine.nanos += 100_000;
            round();
        }
        assertTrue(condition.getAsBoolean(), what + "; " + hypervisor.log + " " + guest.switchover().state()
                + ", outstanding " + guest.device().outstanding() + ", fault " + guest.device().fault());
    }

    void untilAnswered() {
        until("an answer to request " + hypervisor.sequence, hypervisor::isAnswered);
    }

    void settle() {
        until("all frames delivered", () -> wire.size() == sent && received.size() == arrived);
    }

    /** Every frame, once, in order, unchanged. */
    void assertExact() {
        assertFrames("sent", wire, sent);
        assertFrames("received", received, arrived);
        assertTrue(hypervisor.log.stream().noneMatch(l -> l.startsWith("VIOLATION")), hypervisor.log.toString());
    }

    private static void assertFrames(String what, List<byte[]> frames, int count) {
        for (int i = 0; i < frames.size(); i++) {
            byte[] frame = frames.get(i);
            assertEquals(i, ByteBuffer.wrap(frame).getInt(14), what + " frame " + i + " of " + frames.size());
            org.junit.jupiter.api.Assertions.assertArrayEquals(frame(i, frame.length), frame);
        }
        assertEquals(count, frames.size(), what);
    }
}
