package dev.npa.shell.runtime.core;

import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.runtime.netdev.RssConfig;
import dev.npa.shell.runtime.offload.FlowHash;

/**
 * Group frames that reach a VM twice, and frames of its own that come back to it, while its address moves from one NIC
 * to another on a flooding network (docs/switch-protocol.md, OTHER_PORT).
 *
 * <p>The last group frames of the old path are remembered by a 64-bit hash ({@link FrameHash}). On the new path a frame that
 * was remembered is dropped, and with it what came before it in its flow: a flow's frames come in one order on both ways.
 * Flows of one source do not, because they may be in other queues there. The first frame of a flow that was not remembered
 * ends it for this flow. Bounded in frames and in time.
 */
final class EchoFilter {

    /** Time after the switch during which frames are compared. */
    static final long WINDOW_NANOS = 2_000_000_000L;

    private static final long ADDRESS_MASK = 0xFFFF_FFFF_FFFFL;

    private final FrameHash frameHash = new FrameHash();
    /** Made with the two memories when a switchover needs them for the first time: many guests never change their NIC. */
    private FlowHash flowHash;
    /** What the old path of the last switchover delivered, and what that of the one under way delivers. */
    private EchoMemory old;
    private EchoMemory young;
    private boolean recording;
    private boolean comparing;
    private long deadline;

    /**
     * The switchover is about to turn the traffic: remembers from now on. Comparing with what an earlier one left goes
     * on.
     */
    void record() {
        if (flowHash == null) {
            flowHash = new FlowHash(RssConfig.spread(1));
            old = new EchoMemory();
            young = new EchoMemory();
        }
        recording = true;
        young.clear();
    }

    /** The new path is received from: compares from now on. */
    void compare(long now) {
        if (recording) {
            EchoMemory last = old;
            old = young;
            young = last;
            young.clear();
            recording = false;
            comparing = true;
            deadline = now + WINDOW_NANOS;
        }
    }

    /** Ends by time. */
    void expire(long now) {
        if (comparing && now - deadline > 0) {
            comparing = false;
            old.clear();
        }
    }

    /** The switchover is undone. */
    void stop() {
        if (recording) {
            recording = false;
            young.clear();
        }
    }

    boolean isActive() {
        return recording || comparing;
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
        long flow = flow(memory, burst.address(from), burst.length(from));
        long hash = frameHash.of(memory, burst, from, to);
        if (recording) {
            young.add(flow, hash);
        }
        return comparing && old.forget(flow, hash);
    }

    /** Source and, of IP, what RSS looks at: frames for which both are the same are in one queue. */
    private long flow(PhysicalMemory memory, long frame, int length) {
        return FrameHash.mix(source(memory, frame), flowHash.of(memory, frame, length));
    }
}
