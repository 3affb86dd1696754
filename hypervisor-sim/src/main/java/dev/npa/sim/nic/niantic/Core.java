package dev.npa.sim.nic.niantic;

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
final class Core {

    /** Absolute receive and transmit queues. */
    static final int QUEUES = 128;
    /** Pools, and so virtual functions, at most. */
    static final int POOLS = 64;
    /** Bytes of the frame check sequence. */
    static final int FCS = 4;

    final Object lock = new Object();
    final String name;
    final Clock clock;
    final Violations violations;
    final Wire.End wire;
    final RegisterFile regs;
    final Slots slots;
    final DmaPort pfPort;
    final DmaPort[] vfPorts = new DmaPort[POOLS];
    final TxQueue[] tx = new TxQueue[QUEUES];
    final RxQueue[] rx = new RxQueue[QUEUES];

    private int vfs;

    Core(String name, Clock clock, Violations violations, Wire.End wire) {
        this.name = name;
        this.clock = clock;
        this.violations = violations;
        this.wire = wire;
        RegisterMap map = RegisterMap.load("pf-registers.map", 128 * 1024);
        this.regs = new RegisterFile(map, lock);
        this.slots = new Slots(map);
        this.pfPort = new DmaPort(name + "/pf", violations);
        for (int q = 0; q < QUEUES; q++) {
            tx[q] = new TxQueue(this, q);
            rx[q] = new RxQueue(this, q);
        }
    }

    /** Enabled virtual functions. */
    int vfs() {
        return vfs;
    }

    /** Follows the SR-IOV capability. */
    void vfs(int enabled, DmaPort[] ports) {
        vfs = enabled;
        Arrays.fill(vfPorts, null);
        System.arraycopy(ports, 0, vfPorts, 0, enabled);
        for (int q = 0; q < QUEUES; q++) {
            if (tx[q].enabled && tx[q].port != portOf(q) || rx[q].enabled && rx[q].port != portOf(q)) {
                violation(q, "queue " + q + " was enabled while VF Enable gave it to another function");
                tx[q].reset();
                rx[q].reset();
            }
        }
    }

    /** Whether the device is in a virtualisation mode: VT_CTL.VT_ENA. */
    boolean virtualised() {
        return (regs.get(slots.vtCtl) & 1) != 0; // 82599 §10
    }

    /** log2 of the queues a pool has, from GCR_EXT.VT_MODE; 2 queues when the PF driver has not chosen. */
    int poolShift() {
        return switch (regs.get(slots.gcrExt) & 3) { // 82599 §3
            case 1 -> 3;
            case 2 -> 2;
            default -> 1;
        };
    }

    /** Pool of an absolute queue; without virtualisation all queues are pool 0. */
    int poolOf(int queue) {
        return vfs > 0 || virtualised() ? queue >> poolShift() : 0;
    }

    /** Virtual function that owns a queue, or -1 for the physical function; also before VT_CTL says so. */
    int functionOf(int queue) {
        int pool = queue >> poolShift();
        return pool < vfs ? pool : -1;
    }

    /** The way to memory of a queue's function. */
    DmaPort portOf(int queue) {
        int vf = functionOf(queue);
        return vf < 0 ? pfPort : vfPorts[vf];
    }

    /** Bit {@code index} of a register array of 32-bit words. */
    boolean bit(int slot, int index) {
        return (regs.get(slot + (index >> 5)) >>> (index & 31) & 1) != 0;
    }

    /** Two words as 64 bits, one a pool. */
    long pools(int slot) {
        return Integer.toUnsignedLong(regs.get(slot)) | (long) regs.get(slot + 1) << 32;
    }

    /** Records a violation of the function that owns a queue. */
    void violation(int queue, String what) {
        violations.record(functionName(functionOf(queue)), what);
    }

    /** Name of a function for violations. */
    String functionName(int vf) {
        return vf < 0 ? name + "/pf" : name + "/vf" + vf;
    }

    /** Link up on the wire. */
    boolean linkUp() {
        return wire.isUp();
    }

    /** Whether the receiver is on: RXCTRL.RXEN. */
    boolean receiverOn() {
        return (regs.get(slots.rxCtrl) & 1) != 0;
    }

    /** Whether SECRXCTRL.RX_DIS holds all frames inside the device. */
    boolean receiveHeld() {
        return (regs.get(slots.secRxCtrl) & 2) != 0;
    }
}
