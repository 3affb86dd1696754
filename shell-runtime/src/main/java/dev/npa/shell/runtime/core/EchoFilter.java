package dev.npa.shell.runtime.core;

import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.PacketBurst;

/**
 * Group frames that reach a VM twice, and frames of its own that come back to it, while its address moves from one NIC
 * to another on a flooding network (docs/switch-protocol.md, OTHER_PORT).
 *
 * <p>The last group frames of the old path are remembered by a 64-bit hash of all bytes. On the new path a frame that
 * was remembered is dropped, and with it what its source had sent before: each source's frames come in one order on both
 * ways. The first frame of a source that was not remembered ends it for this source. Bounded in frames and in time.
 */
final class EchoFilter {

    /** Group frames that are remembered. */
    static final int REMEMBERED = 256;
    /** Time after the switch during which frames are compared. */
    static final long WINDOW_NANOS = 2_000_000_000L;

    private static final long ADDRESS_MASK = 0xFFFF_FFFF_FFFFL;
    private static final long SEED = 0x9E3779B97F4A7C15L;

    private final long[] hashes = new long[REMEMBERED];
    private final long[] sources = new long[REMEMBERED];
    private int count;
    private int oldest;
    private boolean active;
    private boolean comparing;
    private long deadline;

    /** The switchover is about to turn the traffic: remembers from now on. */
    void record() {
        active = true;
        comparing = false;
        count = 0;
        oldest = 0;
    }

    /** The new path is received from: compares from now on. */
    void compare(long now) {
        if (active && !comparing) {
            comparing = true;
            deadline = now + WINDOW_NANOS;
        }
    }

    /** Ends by time. */
    void expire(long now) {
        if (comparing && now - deadline > 0) {
            stop();
        }
    }

    void stop() {
        active = false;
        comparing = false;
        count = 0;
    }

    boolean isActive() {
        return active;
    }

    /** Source address as {@link PhysicalMemory} reads it: the first byte on the wire lowest. */
    static long source(PhysicalMemory memory, long frame) {
        return memory.getLong(frame + 6) & ADDRESS_MASK;
    }

    static boolean isGroup(PhysicalMemory memory, long frame) {
        return (memory.getByte(frame) & 1) != 0;
    }

    /** Looks at a group frame of {@code [from, to)}; true if it is to be dropped. */
    boolean isDuplicate(PhysicalMemory memory, PacketBurst burst, int from, int to) {
        long source = source(memory, burst.address(from));
        long hash = hash(memory, burst, from, to);
        if (comparing) {
            return forget(source, hash);
        }
        int slot = (oldest + count) % REMEMBERED;
        hashes[slot] = hash;
        sources[slot] = source;
        if (count == REMEMBERED) {
            oldest = (oldest + 1) % REMEMBERED;
        } else {
            count++;
        }
        return false;
    }

    /** Drops a source's memory up to the frame, or all of it if the frame is not there. */
    private boolean forget(long source, long hash) {
        int at = 0;
        while (at < count && !(sources[index(at)] == source && hashes[index(at)] == hash)) {
            at++;
        }
        boolean found = at < count;
        int end = found ? at + 1 : count;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int k = index(i);
            if (i >= end || sources[k] != source) {
                hashes[index(kept)] = hashes[k];
                sources[index(kept)] = sources[k];
                kept++;
            }
        }
        count = kept;
        return found;
    }

    private int index(int ahead) {
        return (oldest + ahead) % REMEMBERED;
    }

    private static long hash(PhysicalMemory memory, PacketBurst burst, int from, int to) {
        long hash = SEED;
        for (int s = from; s < to; s++) {
            long address = burst.address(s);
            int length = burst.length(s);
            int i = 0;
            for (; i + 8 <= length; i += 8) {
                hash = mix(hash, memory.getLong(address + i));
            }
            long rest = length;
            for (; i < length; i++) {
                rest = rest << 8 | memory.getByte(address + i) & 0xFF;
            }
            hash = mix(hash, rest);
        }
        return hash;
    }

    private static long mix(long hash, long word) {
        long mixed = (hash ^ word) * 0xFF51AFD7ED558CCDL;
        mixed ^= mixed >>> 33;
        return mixed * 0xC4CEB9FE1A85EC53L ^ mixed >>> 29;
    }
}
