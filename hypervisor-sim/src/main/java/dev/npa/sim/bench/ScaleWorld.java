package dev.npa.sim.bench;

import dev.npa.hw.MacAddress;
import dev.npa.sim.host.Host;
import dev.npa.sim.host.Simulation;
import dev.npa.sim.host.SimulationParts;
import dev.npa.sim.host.Simulations;
import dev.npa.sim.host.Switchover;
import dev.npa.sim.host.VirtualMachine;
import dev.npa.sim.time.Component;
import dev.npa.sim.traffic.ChannelRecord;
import dev.npa.sim.traffic.GuestChannel;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * A host with many small guests, each of whose frames comes back from the far end of its NIC's wire. One thread, virtual
 * time.
 */
final class ScaleWorld implements AutoCloseable {

    /** Memory of each guest: the smallest that a VM may have is enough for one with one queue pair. */
    static final int MEMORY_MIB = 16;
    /** Frames that a guest is given at a time. */
    static final int BATCH = 32;

    private static final String MODEL = "82599";
    private static final int VFS = 63;
    private static final int GUESTS_A_NIC = 50;
    private static final int FRAME = 60;
    private static final int IPV4 = 0x0800;
    private static final long LIMIT_NANOS = 60_000_000_000L;

    private final TimedScheduler scheduler = new TimedScheduler(1);
    private final Simulation simulation;
    private final List<VirtualMachine> vms = new ArrayList<>();
    private final List<Host.Nic> nics = new ArrayList<>();
    private final ByteBuffer frame = ByteBuffer.allocateDirect(FRAME);
    private final ByteBuffer received;
    private final ChannelRecord said = new ChannelRecord();

    /** A host without guests, but with NICs for so many. */
    ScaleWorld(int guests, Path images, SimulationParts parts) {
        simulation = Simulations.create(Simulation.Mode.SEEDED, scheduler, parts);
        try {
            Host host = simulation.addHost("host0", images);
            for (int i = 0; i * GUESTS_A_NIC < guests; i++) {
                Host.Nic nic = host.addNic("nic" + i, MODEL, VFS);
                nics.add(nic);
                simulation.addComponent("echo", new EchoPeer("echo" + i, nic.wire()));
            }
            received = ByteBuffer.allocateDirect(1 << 17);
        } catch (RuntimeException e) {
            simulation.close();
            throw e;
        }
    }

    TimedScheduler scheduler() {
        return scheduler;
    }

    int guests() {
        return vms.size();
    }

    /** Makes one more guest and boots it. */
    void boot() {
        int index = vms.size();
        VirtualMachine vm = simulation.hosts().get(0).addVm("vm" + index, nics.get(index / GUESTS_A_NIC),
                new MacAddress(0x0200_0000_1000L + index), MEMORY_MIB, 1500);
        vms.add(vm);
        vm.powerOn();
        await(vm.name() + " boots", () -> vm.state() == VirtualMachine.State.EMULATED);
    }

    /** Turns all guests to VFs. */
    void passthrough() {
        switchOver("passthrough", vm -> vm.passthrough("niantic", null));
    }

    /** Turns all guests back to the emulation. */
    void evacuate() {
        switchOver("evacuation", VirtualMachine::emulate);
    }

    long machineNanos() {
        return simulation.clock().nanos();
    }

    private void switchOver(String what, Function<VirtualMachine, Switchover> request) {
        List<Switchover> asked = vms.stream().map(request).toList();
        await(what, () -> asked.stream().allMatch(s -> s.outcome() != Switchover.Outcome.PENDING));
        for (Switchover s : asked) {
            if (s.outcome() != Switchover.Outcome.DONE) {
                throw new IllegalStateException(what + " ended as " + s.outcome() + ": " + s.reason());
            }
        }
    }

    /**
     * Visits each guest in turn: gives it so many batches to send, one after the other, the next when all of the last has
     * come back.
     */
    void round(int batches) {
        for (VirtualMachine vm : vms) {
            address(vm.mac().value());
            for (int i = 0; i < batches; i++) {
                batch(vm);
            }
        }
    }

    private void batch(VirtualMachine vm) {
        GuestChannel channel = vm.channel();
        for (int i = 0; i < BATCH; i++) {
            if (!channel.send(frame, 0, FRAME)) {
                throw new IllegalStateException(vm.name() + " takes no frame to send");
            }
        }
        int[] back = {0};
        await("frames of " + vm.name() + " come back", () -> (back[0] += take(channel)) >= BATCH);
        if (back[0] != BATCH) {
            throw new IllegalStateException(vm.name() + " got " + back[0] + " frames of " + BATCH);
        }
    }

    private void address(long mac) {
        for (int i = 0; i < 6; i++) {
            byte octet = (byte) (mac >>> 8 * (5 - i));
            frame.put(6 + i, octet);
            // A unicast address behind the wire.
            frame.put(i, i == 0 ? (byte) 6 : octet);
        }
        frame.putShort(12, (short) IPV4);
    }

    private int take(GuestChannel channel) {
        int count = 0;
        while (channel.receive(received, 0, said) >= 0) {
            count++;
        }
        return count;
    }

    private void await(String what, BooleanSupplier condition) {
        if (!simulation.runUntil(condition, LIMIT_NANOS)) {
            throw new IllegalStateException("it does not come to an end that " + what + "; "
                    + simulation.violations().list());
        }
    }

    @Override
    public void close() {
        simulation.close();
    }

    /** Sends every frame back to where it came from. */
    private static final class EchoPeer implements Component {
        private final String name;
        private final dev.npa.sim.net.Wire.End end;
        private final ByteBuffer reply = ByteBuffer.allocateDirect(1 << 14);

        EchoPeer(String name, dev.npa.sim.net.Wire wire) {
            this.name = name;
            this.end = wire.peerSide();
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long nextEvent() {
            return end.nextArrival();
        }

        @Override
        public int run(int budget) {
            int count = 0;
            for (int at = end.peek(); at >= 0 && count < budget && end.canSend(end.length(at)); at = end.peek()) {
                int length = end.length(at);
                reply.put(0, end.buffer(), at + 6, 6);
                reply.put(6, end.buffer(), at, 6);
                reply.put(12, end.buffer(), at + 12, length - 12);
                end.remove(at);
                end.send(reply, 0, length);
                count++;
            }
            return count;
        }
    }
}
