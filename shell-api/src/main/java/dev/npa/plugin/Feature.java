package dev.npa.plugin;

/**
 * What a data path can do beyond sending and receiving whole frames. Declared in capabilities, enabled in the config.
 */
public enum Feature {
    /** A transmit packet may consist of several segments. */
    SCATTER_GATHER,
    /** A received packet may span several buffers. */
    RX_SCATTER,
    /** Insert the IPv4 header checksum. */
    TX_IP_CHECKSUM,
    /** Insert TCP and UDP checksums over IPv4 and IPv6. */
    TX_L4_CHECKSUM,
    /** Cut TCP over IPv4 into segments. */
    TSO_V4,
    /** Cut TCP over IPv6 into segments. */
    TSO_V6,
    /** Check IPv4, TCP and UDP checksums of received packets. */
    RX_CHECKSUM,
    /** Merge TCP segments on receive. */
    LRO,
    /** Insert a VLAN tag. */
    VLAN_INSERT,
    /**
     * Strip a VLAN tag. A device whose stripping cannot be switched off reports stripped tags also when this is not
     * enabled: a guest's tag is in the frame or in the offload word, never lost and never in both.
     */
    VLAN_STRIP,
    /** Spread received packets over queues by a hash, and report the hash. */
    RSS,
    /** MTU above 1500. */
    JUMBO
}
