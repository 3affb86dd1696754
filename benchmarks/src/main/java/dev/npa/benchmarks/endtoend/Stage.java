package dev.npa.benchmarks.endtoend;

/** Where CPU time goes. */
public enum Stage {
    /** The guest above the shell's network device, without applications. */
    STACK,
    /** The shell: network device, data path, buffers. */
    SHELL,
    /** The plugin's queues. */
    PLUGIN,
    /** Register accesses of plugin and shell: exits to the hypervisor in emulated mode, the NIC's own otherwise. */
    REGISTERS,
    /** The emulation of the paravirtual device, with the virtual switch's forwarding of what a guest sends. */
    EMULATION,
    /** The virtual switch's forwarding of what the uplink receives, and the hypervisor's loop. */
    SWITCH,
    /** The uplink with the PF driver's queues. */
    UPLINK,
    /** The NIC's model. */
    SILICON,
    /** The wire's other end, and the loop around everything. */
    FAR;

    static final int COUNT = values().length;

    /** Whether a guest's CPU spends it. */
    boolean isGuest() {
        return ordinal() <= REGISTERS.ordinal();
    }

    /** Whether the hypervisor spends it. */
    boolean isHypervisor() {
        return !isGuest() && ordinal() <= UPLINK.ordinal();
    }
}
