package dev.npa.shell.runtime.fake;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.hw.Machine;
import dev.npa.hw.PhysicalMemory;
import dev.npa.plugin.Plugin;
import dev.npa.shell.Shell;
import dev.npa.shell.runtime.control.NicControl;
import dev.npa.shell.runtime.netdev.RssConfig;
import dev.npa.testimage.TestPlugin;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The hypervisor's half of docs/switch-protocol.md over a {@link FakeNic} as the emulated device and one for each VF.
 * Frames that arrive go to whoever has the address; those for the emulation queue at a switch port first.
 */
public final class FakeHypervisor implements NicControl {

    private final FakeMachine machine;
    private final PhysicalMemory memory;
    private final Consumer<byte[]> wire;
    private final Deque<byte[]> port = new ArrayDeque<>();
    public final FakeNic emulated;
    public final FakeNic[] vfs = new FakeNic[2];
    public final List<String> log = new ArrayList<>();
    public long area;
    public byte[] image;
    public int active = -1;
    public int sequence;
    public int activateResult;
    /** How often ACTIVATE_VF answers 11, not yet. */
    public int notYet;
    public boolean corruptCopy;
    public boolean holdDrained;
    /** Prepares the VF of the next request. */
    public Consumer<FakeNic> nextVf = vf -> { };
    /** Flags of the next request. */
    public int requestFlags;
    public RssConfig rss;
    public LinkState link = new LinkState(true, 10_000);
    private int eventVector;
    private final Map<Integer, Integer> slotOfRequest = new HashMap<>();
    private boolean drainAwaited;
    private int activation;
    private int events;
    private boolean eventsMasked = true;

    public FakeHypervisor(FakeMachine machine, Consumer<byte[]> wire) {
        this.machine = machine;
        this.memory = machine.memory();
        this.wire = wire;
        this.emulated = new FakeNic(machine, wire);
        machine.plug(Machine.SLOT_VMXNET3, emulated);
    }

    /** The guest opens the control channel: its last vector is for events. */
    public FakeHypervisor open(Shell shell) {
        eventVector = shell.vectors() - 1;
        return this;
    }

    /** A frame for the VM. */
    public void arrive(byte[] frame) {
        if (active < 0) {
            port.add(frame);
        } else {
            vfs[active].arrive(frame);
        }
    }

    /** Does the hypervisor's own work: moves frames from the port to the emulated device, says when it is drained. */
    public void work(int budget) {
        for (int i = 0; i < budget && !port.isEmpty() && emulated.isEnabled(); i++) {
            emulated.arrive(port.remove());
        }
        if (drainAwaited && !holdDrained && port.isEmpty() && emulated.waiting() == 0) {
            drained();
        }
    }

    private void drained() {
        drainAwaited = false;
        memory.putIntRelease(area + 0xC0, activation);
        log.add("drained");
        raise(EVENT_DIC);
    }

    public void raise(int event) {
        events |= event;
        if (!eventsMasked) {
            emulated.raise(eventVector);
        }
    }

    /** Makes a request to go to a VF. */
    public int passthrough(int slot, byte[] newImage) {
        return passthrough(slot, newImage, sha256(newImage));
    }

    public int passthrough(int slot, byte[] newImage, byte[] digest) {
        image = newImage;
        vfs[slot] = new FakeNic(machine, wire);
        nextVf.accept(vfs[slot]);
        machine.plug(Machine.SLOT_FIRST_VF + slot, vfs[slot]);
        memory.putInt(area + 0x44, 1);
        memory.putInt(area + 0x48, slot);
        memory.putInt(area + 0x4C, Machine.SLOT_FIRST_VF + slot);
        memory.putShort(area + 0x50, (short) 0x1234);
        memory.putShort(area + 0x52, (short) 0x0001);
        memory.putInt(area + 0x54, newImage.length);
        memory.copyFrom(area + 0x58, digest, 0, 32);
        memory.putInt(area + 0x78, vfs[slot].queuePairs + 1);
        memory.putInt(area + 0x7C, vfs[slot].queuePairs);
        memory.putInt(area + 0x80, requestFlags);
        slotOfRequest.put(sequence + 1, slot);
        return announceRequest();
    }

    public int emulate() {
        memory.putInt(area + 0x44, 2);
        return announceRequest();
    }

    public int announceRequest() {
        memory.putIntRelease(area + 0x40, ++sequence);
        raise(EVENT_DIC);
        return sequence;
    }

    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    public int word(int offset) {
        return memory.getIntAcquire(area + offset);
    }

    public boolean isAnswered() {
        return word(0x100) == sequence;
    }

    public int result() {
        return word(0x104);
    }

    public String text() {
        byte[] utf8 = new byte[word(0x114)];
        memory.copyTo(area + 0x118, utf8, 0, utf8.length);
        return new String(utf8, java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public void announce(long address, int length) {
        area = address;
    }

    @Override
    public int loadPlugin(int operation, int argument) {
        log.add((operation == 1 ? "COPY " : operation == 2 ? "FAILED " : "UNLOADED ") + argument);
        if (operation == 1) {
            byte[] copy = image.clone();
            if (corruptCopy) {
                copy[copy.length / 2] ^= 1;
            }
            memory.copyFrom(memory.getLong(area + 0x108), copy, 0, copy.length);
        } else {
            int slot = operation == 3 ? argument : slotOfRequest.getOrDefault(argument, -1);
            if (slot >= 0 && slot < 2 && vfs[slot] != null && slot != active) {
                vfs[slot].unplugged = true;
                machine.plug(Machine.SLOT_FIRST_VF + slot, null);
            }
        }
        return 0;
    }

    @Override
    public int activateVf(int slot, int forSequence) {
        log.add("ACTIVATE_VF " + slot + " " + forSequence);
        FakeNic from = active < 0 ? emulated : vfs[active];
        if (from.sending() > 0 && forSequence != 0) {
            log.add("VIOLATION transmit outstanding");
        }
        if (notYet > 0) {
            notYet--;
            return 11;
        }
        if (activateResult != 0) {
            return activateResult;
        }
        boolean fromVf = active >= 0;
        active = slot;
        activation = forSequence;
        drainAwaited = true;
        if (fromVf) {
            drained();
        }
        return 0;
    }

    @Override
    public int stopEmulation(int forSequence) {
        log.add("STOP_EMULATION " + forSequence);
        if (!emulated.isDrained()) {
            log.add("VIOLATION emulated ring not drained");
        }
        return 0;
    }

    @Override
    public int takeEvents() {
        int taken = events;
        events = 0;
        return taken;
    }

    @Override
    public int eventVector() {
        return eventVector;
    }

    @Override
    public void enableEvents() {
        eventsMasked = false;
        if (events != 0) {
            emulated.raise(eventVector);
        }
    }

    @Override
    public void openFilter() {
        log.add("FILTER");
    }

    @Override
    public void rss(RssConfig config) {
        rss = config;
    }

    @Override
    public LinkState link() {
        return link;
    }

    @Override
    public MacAddress mac() {
        return new MacAddress(0x020000000001L);
    }

    @Override
    public Plugin emulation(Shell shell) {
        return new TestPlugin(shell);
    }

    @Override
    public void close() {
        log.add("CLOSE");
    }
}
