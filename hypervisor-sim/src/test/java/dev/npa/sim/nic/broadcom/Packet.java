package dev.npa.sim.nic.broadcom;

import java.util.ArrayList;
import java.util.List;

/** A packet for a BD ring: what a driver computes of a frame, with everything open to being wrong. */
final class Packet {

    final byte[] frame;
    int flags = 0x10;
    int vlanMode;
    int word;
    int general = 1;
    int l4;
    int tcp;
    int mss;
    int addressType;
    int[] cuts = {};
    long destination;
    long source;
    int total = -1;
    int nbd = -1;

    Packet(byte[] frame) {
        this.frame = frame;
        word = (frame[12] & 0xFF) << 8 | frame[13] & 0xFF;
        if (word == 0x8100) {
            vlanMode = 2;
            word = (frame[14] & 0xFF) << 8 | frame[15] & 0xFF;
        }
        for (int i = 0; i < 6; i++) {
            destination = destination << 8 | frame[i] & 0xFF;
            source = source << 8 | frame[6 + i] & 0xFF;
        }
        addressType = destination == 0xFFFF_FFFF_FFFFL ? 3 : (frame[0] & 1) != 0 ? 2 : 1;
    }

    Packet flags(int more) {
        flags |= more;
        return this;
    }

    /** Out-of-band tag. */
    Packet tag(int tci) {
        vlanMode = 1;
        word = tci;
        return this;
    }

    Packet l4(int offset, int tcpLength) {
        l4 = offset;
        tcp = tcpLength;
        return this;
    }

    /** Segmentation behind TCP headers that end at {@code header}. */
    Packet lso(int l4Offset, int tcpLength, int size) {
        l4(l4Offset, tcpLength);
        mss = size;
        return flags(0x42).cut(l4Offset + tcpLength);
    }

    /** Ends of fragments, in bytes from the frame's start. */
    Packet cut(int... at) {
        cuts = at;
        return this;
    }

    long[] build(Guest g) {
        long address = g.allocate(frame.length + 8192);
        g.put(address, frame);
        List<Long> bds = new ArrayList<>();
        int end = cuts.length == 0 ? frame.length : cuts[0];
        int n = nbd >= 0 ? nbd : 2 + cuts.length;
        bds.add(address);
        bds.add((long) n | (long) end << 16 | (long) word << 32 | (long) (flags | vlanMode << 2) << 48
                | (long) general << 56);
        bds.add(destination | source << 48);
        bds.add(source >>> 16 | (long) (l4 / 2 | tcp / 4 << 11 | mss << 16 | addressType << 30) << 32);
        for (int i = 0; i < cuts.length; i++) {
            int to = i + 1 < cuts.length ? cuts[i + 1] : frame.length;
            int sum = i == 0 ? total >= 0 ? total : frame.length & 0xFFFF : 0;
            bds.add(address + cuts[i]);
            bds.add((long) sum | (long) (to - cuts[i]) << 16);
        }
        return bds.stream().mapToLong(Long::longValue).toArray();
    }
}
