package dev.npa.sim.traffic;

/**
 * A received frame that was merged from TCP segments, taken apart again: which sent segment must come next, whether a
 * sent one is it, and whether the header says what it may say of all of them. What merging cannot keep is not asked
 * for: identifications and checksums of the inner segments, and acknowledgement, window and options of all but the
 * first or the last.
 *
 * <p>Reused; one thread at a time; allocates nothing.
 */
final class MergedFrame {

    private static final int ACK = 8;
    private static final int DATA_OFFSET = 12;
    private static final int WINDOW = 14;
    private static final int URGENT = 18;

    private final ByteLog log;
    private FrameIdentity whole;
    private int done;
    private int segments;
    private int longest;
    private int flags;
    private boolean acknowledges;
    private boolean optionsSeen;

    MergedFrame(ByteLog log) {
        this.log = log;
    }

    /** Takes a frame; false if it is not TCP with payload, so that it cannot have been merged. */
    boolean begin(FrameIdentity frame) {
        whole = frame;
        done = 0;
        segments = 0;
        longest = 0;
        flags = 0;
        acknowledges = false;
        optionsSeen = false;
        return frame.payload > 0;
    }

    boolean hasNext() {
        return done < whole.payload;
    }

    int sequence() {
        return whole.layout.sequence(whole.buffer) + done;
    }

    /** Offset of a place in the frame's identity, where sent frames have theirs too. */
    private int relative(int at) {
        return Ether.TYPE + at - whole.rest;
    }

    private boolean same(long position, int from, int to) {
        return log.equal(position + relative(from), whole.buffer, from, to - from);
    }

    /** Whether the sent segment at this position is the next part of the frame. */
    boolean isNext(long position, int length, int payload) {
        FrameLayout at = whole.layout;
        int ip = at.network;
        int tcp = at.transport;
        int header = relative(at.payload);
        if (payload == 0 || payload > whole.payload - done || length != header + payload
                || !log.equal(position, whole.buffer, whole.head, Ether.TYPE)) {
            return false;
        }
        boolean network = at.ipVersion == 4
                ? same(position, whole.rest, ip + Ether.IPV4_TOTAL_LENGTH)
                        && (segments > 0 || same(position, ip + Ether.IPV4_ID, ip + Ether.IPV4_FRAGMENT))
                        && same(position, ip + Ether.IPV4_FRAGMENT, ip + Ether.IPV4_CHECKSUM)
                        && same(position, ip + Ether.IPV4_SOURCE, tcp)
                : same(position, whole.rest, ip + Ether.IPV6_PAYLOAD_LENGTH)
                        && same(position, ip + Ether.IPV6_NEXT_HEADER, tcp);
        return network && same(position, tcp, tcp + Ether.TCP_SEQUENCE)
                && same(position, tcp + DATA_OFFSET, tcp + DATA_OFFSET + 1)
                && log.word32(position + relative(tcp + Ether.TCP_SEQUENCE)) == sequence()
                && log.equal(position + header, whole.buffer, at.payload + done, payload)
                && log.holds(position);
    }

    /** Goes on behind the segment at this position. */
    void accept(long position, int payload) {
        FrameLayout at = whole.layout;
        int tcp = at.transport;
        flags |= log.octet(position + relative(tcp + Ether.TCP_FLAGS));
        done += payload;
        segments++;
        longest = Math.max(longest, payload);
        if (segments == 1 || !hasNext()) {
            acknowledges |= same(position, tcp + ACK, tcp + DATA_OFFSET)
                    && same(position, tcp + WINDOW, tcp + Ether.TCP_CHECKSUM);
            optionsSeen |= same(position, tcp + URGENT, at.payload);
        }
    }

    /** What is wrong with the header or with what was said of the merged segments; null if nothing. */
    String wrong(ChannelRecord said) {
        if (!acknowledges || !optionsSeen) {
            return "a merged frame has " + (acknowledges ? "options" : "an acknowledgement or a window")
                    + " of neither its first nor its last segment";
        }
        if (whole.layout.tcpFlags(whole.buffer) != flags) {
            return "a merged frame has TCP flags 0x" + Integer.toHexString(whole.layout.tcpFlags(whole.buffer))
                    + ", its segments have 0x" + Integer.toHexString(flags);
        }
        if (said.segments() != segments) {
            return "a frame merged from " + segments + " segments is said to have " + said.segments();
        }
        boolean size = said.mss() == longest || said.mss() == (whole.payload + segments - 1) / segments;
        return size ? null : "a frame merged from segments of " + longest + " bytes is said to have MSS " + said.mss();
    }
}
