package dev.npa.plugin.vmxnet3.control;

/** Register offsets. BAR0 holds interrupt masks and doorbells, BAR1 everything else; each register is 32 bits wide. */
public final class Vmxnet3Registers {

    /** Index of the BAR with masks and doorbells. */
    public static final int BAR_PT = 0;
    /** Index of the BAR with control registers. */
    public static final int BAR_VD = 1;

    /** BAR1: device revisions offered (read), the one chosen (write). */
    public static final int VRRS = 0x00;
    /** BAR1: UPT versions offered (read), the one chosen (write). */
    public static final int UVRS = 0x08;
    /** BAR1: address of DriverShared, low half; written before {@link #DSAH}. */
    public static final int DSAL = 0x10;
    /** BAR1: address of DriverShared, high half; latches the address. */
    public static final int DSAH = 0x18;
    /** BAR1: command (write), result of the last command (read). */
    public static final int CMD = 0x20;
    /** BAR1: bytes 0..3 of the station address; a write waits for {@link #MACH}. */
    public static final int MACL = 0x28;
    /** BAR1: bytes 4 and 5 of the station address; a write takes effect. */
    public static final int MACH = 0x30;
    /** BAR1: event bits to clear (write). */
    public static final int ECR = 0x40;

    /** Distance between the registers of neighbouring vectors or queues. */
    private static final int STRIDE = 8;

    private Vmxnet3Registers() {}

    /** BAR0: mask of an interrupt vector, 1 = masked. */
    public static int IMR(int vector) {
        return STRIDE * vector; // §3
    }

    /** BAR0: producer index of a transmit queue. */
    public static int TXPROD(int queue) {
        return 0x600 + STRIDE * queue; // §3
    }

    /** BAR0: producer index of ring 0 of a receive queue. */
    public static int RXPROD(int queue) {
        return 0x800 + STRIDE * queue; // §3
    }

    /** BAR0: producer index of ring 1 of a receive queue. */
    public static int RXPROD2(int queue) {
        return 0xA00 + STRIDE * queue; // §3
    }
}
