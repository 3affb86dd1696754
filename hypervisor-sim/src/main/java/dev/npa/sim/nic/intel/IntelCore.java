package dev.npa.sim.nic.intel;

import dev.npa.hw.Clock;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.Wire;
import java.util.Arrays;

/**
 * What the parts of one adapter share: its lock, registers, queues, and which pool and function a queue belongs to.
 *
 * <p>Everything here is used under {@link #lock}, except where {@link RegisterFile} says otherwise.
 */
public abstract class IntelCore {

    /** Bytes of the frame check sequence. */
    public static final int FCS = 4;

    public final Object lock = new Object();
    /** Name of the chip for people: {@code 82599}. */
    public final String chip;
    public final String name;
    public final Clock clock;
    public final Violations violations;
    public final Wire.End wire;
    public final RegisterFile regs;
    public final DmaPort pfPort;
    /** Ports of the enabled virtual functions; null behind them. */
    public final DmaPort[] vfPorts;
    /** Absolute queues; a power of two. */
    public final TxQueue[] tx;
    public final RxQueue[] rx;

    final QueueSlots queueSlots;
    final EnabledQueues txEnabled;
    private int vfs;

    /**
     * Makes the core of an adapter.
     *
     * @param chip name of the chip
     * @param map registers of the physical function's BAR0
     * @param slots of {@code map}
     * @param queues absolute receive queues, as many as transmit queues; a power of two
     * @param pools pools, and so virtual functions, at most; 1..64
     */
    protected IntelCore(String chip, String name, Clock clock, Violations violations, Wire.End wire, RegisterMap map,
            QueueSlots slots, int queues, int pools) {
        this.chip = chip;
        this.name = name;
        this.clock = clock;
        this.violations = violations;
        this.wire = wire;
        this.regs = new RegisterFile(map, lock);
        this.queueSlots = slots;
        this.pfPort = new DmaPort(name + "/pf", violations);
        this.vfPorts = new DmaPort[pools];
        this.tx = new TxQueue[queues];
        this.txEnabled = new EnabledQueues(queues);
        this.rx = new RxQueue[queues];
        for (int q = 0; q < queues; q++) {
            tx[q] = new TxQueue(this, q);
            rx[q] = new RxQueue(this, q);
        }
    }

    /** Whether the device is in a virtualisation mode, so that pools are told apart. */
    public abstract boolean virtualised();

    /** Pool of an absolute queue; without virtualisation all queues are pool 0. */
    public abstract int poolOf(int queue);

    /** Virtual function that owns a queue, or -1 for the physical function; also before pools are told apart. */
    public abstract int functionOf(int queue);

    /** Queues that a pool has now. */
    public abstract int queuesPerPool();

    /** Absolute number of a pool's queue. */
    public abstract int queueOf(int pool, int index);

    /** Whether the receiver is on; frames that come while it is off are lost, and loopback is off with it. */
    public abstract boolean receiverOn();

    /** Whether all frames are held inside the device on their way to rings. */
    public abstract boolean receiveHeld();

    /** Whether transmission is on at all. */
    public abstract boolean transmitterOn();

    /** Whether a pool may transmit. */
    public abstract boolean poolTransmits(int pool);

    /** Bytes of a packet buffer by a value of SRRCTL. */
    public abstract int bufferBytes(int srrctl);

    /** Whether a receive queue drops frames instead of letting them wait for descriptors. */
    public abstract boolean dropsWhenFull(RxQueue q);

    /** Longest frame the device can send, without FCS. */
    public abstract int maxTransmit();

    /** Enabled virtual functions. */
    public int vfs() {
        return vfs;
    }

    /** Follows the SR-IOV capability. */
    public void vfs(int enabled, DmaPort[] ports) {
        vfs = enabled;
        Arrays.fill(vfPorts, null);
        System.arraycopy(ports, 0, vfPorts, 0, enabled);
        for (int q = 0; q < tx.length; q++) {
            if (tx[q].enabled && tx[q].port != portOf(q) || rx[q].enabled && rx[q].port != portOf(q)) {
                violation(q, "queue " + q + " was enabled while VF Enable gave it to another function");
                tx[q].reset();
                rx[q].reset();
            }
        }
    }

    /** The way to memory of a queue's function. */
    public DmaPort portOf(int queue) {
        int vf = functionOf(queue);
        return vf < 0 ? pfPort : vfPorts[vf];
    }

    /** Bit {@code index} of a register array of 32-bit words. */
    public boolean bit(int slot, int index) {
        return (regs.get(slot + (index >> 5)) >>> (index & 31) & 1) != 0;
    }

    /** Records a violation of the function that owns a queue. */
    public void violation(int queue, String what) {
        violations.record(functionName(functionOf(queue)), what);
    }

    /** Name of a function for violations. */
    public String functionName(int vf) {
        return vf < 0 ? name + "/pf" : name + "/vf" + vf;
    }

    /** Link up on the wire. */
    public boolean linkUp() {
        return wire.isUp();
    }
}
