package dev.npa.sim.nic.kawela;

/** Registers whose value the device computes. */
final class PortRegisters {

    private static final int LU = 1 << 1;
    private static final int HELD = 1 << 31;

    private final Core core;

    PortRegisters(Core core) {
        this.core = core;
        core.regs.onRead("STATUS", i -> status() | core.vfs() << 14 | (core.vfs() > 0 ? 1 << 18 : 0) | 1 << 19);
        core.regs.onRead("PVTSTATUS", vf -> status());
        core.regs.onRead("FRTIMER", i -> (int) (core.clock.nanos() / 1000));
        core.regs.onWrite("RXHOLD", (i, v) -> core.regs.set(core.slots.rxhold, v & 1));
        // A write of HOLD returns only when no frame is between the packet buffer and a ring: held at once.
        core.regs.onRead("RXHOLD", i -> core.receiveHeld() ? HELD | 1 : 0);
    }

    /** FD, LU and speed, 82576 §2. */
    private int status() {
        int megabits = core.wire.megabitsPerSecond();
        int speed = megabits >= 1_000 ? 2 : megabits >= 100 ? 1 : 0;
        return 1 | (core.linkUp() ? LU : 0) | speed << 6;
    }
}
