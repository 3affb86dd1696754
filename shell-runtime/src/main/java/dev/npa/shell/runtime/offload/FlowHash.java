package dev.npa.shell.runtime.offload;

import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.runtime.netdev.RssConfig;

/** The RSS hash of frames in guest memory. */
public final class FlowHash {

    /** No hash: not IP, or a type that is not chosen. */
    public static final long NONE = -1;

    private static final int FRAGMENT_BITS = 0x3FFF;

    private final Toeplitz toeplitz;
    private final int types;

    public FlowHash(RssConfig config) {
        toeplitz = new Toeplitz(config.key());
        types = config.types();
    }

    /**
     * Hashes a frame.
     *
     * @param length bytes that lie at this address, not necessarily all of the frame
     * @return the hash as an unsigned int, or {@link #NONE}
     */
    public long of(PhysicalMemory memory, long frame, int length) {
        int l3 = 14;
        if (length < 34) {
            return NONE;
        }
        int type = u16(memory, frame + Headers.ETHERTYPE);
        if (type == Headers.VLAN) {
            type = u16(memory, frame + Headers.ETHERTYPE + 4);
            l3 += 4;
        }
        if (type == Headers.IPV4 && length >= l3 + 20) {
            return ipv4(memory, frame + l3, length - l3);
        }
        if (type == Headers.IPV6 && length >= l3 + Headers.IPV6_HEADER) {
            return ipv6(memory, frame + l3, length - l3);
        }
        return NONE;
    }

    private long ipv4(PhysicalMemory memory, long ip, int length) {
        int header = (memory.getByte(ip) & 0xF) << 2;
        boolean tcp = memory.getByte(ip + Headers.IPV4_PROTOCOL) == Headers.TCP && length >= header + 4
                && (u16(memory, ip + 6) & FRAGMENT_BITS) == 0;
        if (tcp && (types & RssConfig.TCP_IPV4) != 0) {
            return hash(memory, ip + Headers.IPV4_ADDRESSES, 8, ip + header);
        }
        return (types & RssConfig.IPV4) != 0 ? hash(memory, ip + Headers.IPV4_ADDRESSES, 8, 0) : NONE;
    }

    private long ipv6(PhysicalMemory memory, long ip, int length) {
        boolean tcp = memory.getByte(ip + 6) == Headers.TCP && length >= Headers.IPV6_HEADER + 4;
        if (tcp && (types & RssConfig.TCP_IPV6) != 0) {
            return hash(memory, ip + Headers.IPV6_ADDRESSES, 32, ip + Headers.IPV6_HEADER);
        }
        return (types & RssConfig.IPV6) != 0 ? hash(memory, ip + Headers.IPV6_ADDRESSES, 32, 0) : NONE;
    }

    private long hash(PhysicalMemory memory, long addresses, int bytes, long ports) {
        int hash = 0;
        for (int i = 0; i < bytes; i++) {
            hash ^= toeplitz.at(i, memory.getByte(addresses + i));
        }
        for (int i = 0; ports != 0 && i < 4; i++) {
            hash ^= toeplitz.at(bytes + i, memory.getByte(ports + i));
        }
        return Integer.toUnsignedLong(hash);
    }

    private static int u16(PhysicalMemory memory, long address) {
        return Short.toUnsignedInt(Short.reverseBytes(memory.getShort(address)));
    }
}
