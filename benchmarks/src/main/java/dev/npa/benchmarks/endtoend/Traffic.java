package dev.npa.benchmarks.endtoend;

import dev.npa.hw.MacAddress;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.sim.net.packet.InternetChecksum;
import dev.npa.sim.net.packet.PacketHeaders;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What is sent: one kind of packet again and again. Either UDP frames of a size, or messages of TCP over IPv4, which
 * leave a guest as one packet with TSO and are segments on the wire.
 *
 * @param name for results
 * @param payload bytes behind the headers of a packet
 * @param mss payload of a segment; 0 = the packet is one UDP frame
 */
record Traffic(String name, int payload, int mss) {

    /** Frames of 64 bytes with FCS. */
    static final Traffic SMALL = frames(60);
    /** Messages of 16 KiB. */
    static final Traffic MESSAGES = new Traffic("16KiB", 16 * 1024, 1460);

    private static final int ETHERNET = 14;
    private static final int IP = 20;
    private static final int TCP = 20;
    private static final int UDP = 8;
    private static final int L4 = ETHERNET + IP;
    private static final int ACK = 0x10;
    private static final int PSH = 0x08;

    /** UDP frames of so many bytes without FCS. */
    static Traffic frames(int bytes) {
        return new Traffic(bytes + 4 + "B", bytes - L4 - UDP, 0);
    }

    boolean isSegmented() {
        return mss > 0;
    }

    /** Bytes of all headers. */
    int headers() {
        return isSegmented() ? L4 + TCP : L4 + UDP;
    }

    /** Bytes of a packet as the guest sends it. */
    int length() {
        return headers() + payload;
    }

    /** Frames on the wire that a packet becomes. */
    int segments() {
        return isSegmented() ? (payload + mss - 1) / mss : 1;
    }

    /** Flags of a packet's first entry. */
    int flags() {
        return isSegmented() ? PacketFlags.TX_TSO | PacketFlags.TX_IPV4 | PacketFlags.TX_IP_CHECKSUM
                | PacketFlags.TX_TCP_CHECKSUM : 0;
    }

    /** Offload word of a packet's first entry. */
    long offload() {
        return isSegmented() ? PacketBurst.txOffload(ETHERNET, IP, TCP, mss, 0) : 0;
    }

    /** The bytes that a guest's packet begins with, as a network stack leaves them to a NIC. */
    byte[] request(MacAddress from, MacAddress to) {
        ByteBuffer b = ByteBuffer.allocateDirect(2048).order(ByteOrder.LITTLE_ENDIAN);
        headers(b, from, to, isSegmented() ? 0 : payload, 0, PSH);
        if (isSegmented()) {
            // The stack leaves the sum of the pseudo-header without length; 82599 §6.3.
            word(b, L4 + 16, pseudoHeader(b, 0));
        }
        return bytes(b, isSegmented() ? headers() : length());
    }

    /** The frames of a packet as they arrive from the wire, with right checksums. */
    byte[][] arriving(MacAddress from, MacAddress to) {
        byte[][] frames = new byte[segments()][];
        for (int i = 0; i < frames.length; i++) {
            int at = i * mss;
            int size = isSegmented() ? Math.min(mss, payload - at) : payload;
            ByteBuffer b = ByteBuffer.allocateDirect(2048).order(ByteOrder.LITTLE_ENDIAN);
            headers(b, from, to, size, i, i == frames.length - 1 ? PSH : 0);
            if (isSegmented()) {
                for (int p = 0; p < size; p++) {
                    b.put(headers() + p, (byte) (at + p));
                }
                int sum = InternetChecksum.add(pseudoHeader(b, TCP + size), InternetChecksum.sum(b, L4, TCP + size));
                word(b, L4 + 16, InternetChecksum.complement(sum));
            }
            frames[i] = bytes(b, headers() + size);
        }
        return frames;
    }

    private void headers(ByteBuffer b, MacAddress from, MacAddress to, int size, int index, int flags) {
        mac(b, 0, to);
        mac(b, 6, from);
        word(b, 12, PacketHeaders.TYPE_IPV4);
        b.put(ETHERNET, (byte) 0x45);
        word(b, ETHERNET + 2, size == 0 ? 0 : headers() - ETHERNET + size);
        word(b, ETHERNET + 4, index);
        b.put(ETHERNET + 8, (byte) 64);
        b.put(ETHERNET + 9, (byte) (isSegmented() ? PacketHeaders.TCP : PacketHeaders.UDP));
        word(b, ETHERNET + 12, 0x0A00);
        word(b, ETHERNET + 14, (int) from.value() & 0xFFFF);
        word(b, ETHERNET + 16, 0x0A00);
        word(b, ETHERNET + 18, (int) to.value() & 0xFFFF);
        if (size != 0) {
            word(b, ETHERNET + 10, InternetChecksum.complement(InternetChecksum.sum(b, ETHERNET, IP)));
        }
        word(b, L4, 5001);
        word(b, L4 + 2, 5001);
        if (isSegmented()) {
            int sequence = 1 + index * mss;
            word(b, L4 + 4, sequence >>> 16);
            word(b, L4 + 6, sequence & 0xFFFF);
            b.put(L4 + 12, (byte) 0x50);
            b.put(L4 + 13, (byte) (ACK | flags));
            word(b, L4 + 14, 0xFFFF);
        } else {
            word(b, L4 + 4, UDP + size);
        }
    }

    private static int pseudoHeader(ByteBuffer b, int length) {
        return InternetChecksum.add(InternetChecksum.sum(b, ETHERNET + 12, 8),
                InternetChecksum.add(PacketHeaders.TCP, length));
    }

    private static void mac(ByteBuffer b, int at, MacAddress mac) {
        for (int i = 0; i < 6; i++) {
            b.put(at + i, (byte) (mac.value() >>> 40 - 8 * i));
        }
    }

    private static void word(ByteBuffer b, int at, int value) {
        b.putShort(at, Short.reverseBytes((short) value));
    }

    private static byte[] bytes(ByteBuffer b, int length) {
        byte[] all = new byte[length];
        b.get(0, all);
        return all;
    }
}
