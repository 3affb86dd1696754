package dev.npa.plugin.vmxnet3.control;

/** Command codes that this driver writes to CMD (fact sheet §4; the switch commands: docs/switch-protocol.md). */
public final class Vmxnet3Command {

    public static final int ACTIVATE_DEV = 0xCAFE0000;
    public static final int QUIESCE_DEV = 0xCAFE0001;
    public static final int RESET_DEV = 0xCAFE0002;
    public static final int UPDATE_RX_MODE = 0xCAFE0003;
    public static final int UPDATE_MAC_FILTERS = 0xCAFE0004;
    public static final int UPDATE_VLAN_FILTERS = 0xCAFE0005;
    /** The device reads the RSS configuration again. */
    public static final int UPDATE_RSSIDT = 0xCAFE0006;
    /** The device reads the feature bits again. */
    public static final int UPDATE_FEATURE = 0xCAFE0009;
    /** The shell has drained the emulated rings; the device forgets them. */
    public static final int STOP_EMULATION = 0xCAFE000A;
    /** Copy of the plugin image, failure or unload; see docs/switch-protocol.md. */
    public static final int LOAD_PLUGIN = 0xCAFE000B;
    /** Turns the traffic to a VF, or back to the emulation. */
    public static final int ACTIVATE_VF = 0xCAFE000C;

    /** Lets the device write the statistics block of all queue descriptors. */
    public static final int GET_STATS = 0xF00D0001;
    /** Lets the device write the status words of all queue descriptors. */
    public static final int GET_QUEUE_STATUS = 0xF00D0000;
    public static final int GET_LINK = 0xF00D0002;
    /** Interrupt type in bits 0..1, mask mode in bits 2..3. */
    public static final int GET_CONF_INTR = 0xF00D0008;

    private Vmxnet3Command() {}
}
