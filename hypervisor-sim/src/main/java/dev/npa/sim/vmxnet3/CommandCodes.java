package dev.npa.sim.vmxnet3;

/** Numbers of the commands of revision 1; vmxnet3 §4, and docs/switch-protocol.md for the three of the switch. */
final class CommandCodes {

    static final int ACTIVATE_DEV = 0xCAFE_0000;
    static final int QUIESCE_DEV = 0xCAFE_0001;
    static final int RESET_DEV = 0xCAFE_0002;
    static final int UPDATE_RX_MODE = 0xCAFE_0003;
    static final int UPDATE_MAC_FILTERS = 0xCAFE_0004;
    static final int UPDATE_VLAN_FILTERS = 0xCAFE_0005;
    static final int UPDATE_RSSIDT = 0xCAFE_0006;
    static final int UPDATE_IML = 0xCAFE_0007;
    static final int UPDATE_PMCFG = 0xCAFE_0008;
    static final int UPDATE_FEATURE = 0xCAFE_0009;
    static final int STOP_EMULATION = 0xCAFE_000A;
    static final int LOAD_PLUGIN = 0xCAFE_000B;
    static final int ACTIVATE_VF = 0xCAFE_000C;
    static final int SET_POLLING = 0xCAFE_000D;

    static final int GET_QUEUE_STATUS = 0xF00D_0000;
    static final int GET_STATS = 0xF00D_0001;
    static final int GET_LINK = 0xF00D_0002;
    static final int GET_PERM_MAC_LO = 0xF00D_0003;
    static final int GET_PERM_MAC_HI = 0xF00D_0004;
    static final int GET_DID_LO = 0xF00D_0005;
    static final int GET_DID_HI = 0xF00D_0006;
    static final int GET_DEV_EXTRA_INFO = 0xF00D_0007;
    static final int GET_CONF_INTR = 0xF00D_0008;
    static final int GET_ADAPTIVE_RING_INFO = 0xF00D_0009;

    private CommandCodes() {}
}
