package dev.npa.sim.pcap;

import dev.npa.sim.net.FrameTap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a pcapng file with several Ethernet interfaces, time stamps in nanoseconds and the direction of each frame.
 * Little-endian, one section.
 *
 * <p>Thread-safe: taps of several threads share one buffer under a lock, so their blocks are whole but only roughly in
 * the order of time. Nothing is allocated for a frame without a comment. When the disk fails, the first error is kept,
 * further frames are ignored (and counted), and {@link #close()} throws it: a capture must not stop the traffic.
 */
public final class PcapngWriter implements AutoCloseable {

    private static final int BUFFER = 1 << 18;
    private static final int LARGEST_BLOCK = 1 << 17;
    private static final int OPTION_COMMENT = 1;
    private static final int OPTION_IF_NAME = 2;
    private static final int OPTION_EPB_FLAGS = 2;
    private static final int OPTION_USER_APPLICATION = 4;
    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;

    private final Path file;
    private final long epochNanos;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private int interfaces;
    private long frames;
    private long ignored;
    private IOException failure;
    private boolean closed;

    /** Creates a file whose times are machine time, as if the machine had started in 1970. */
    public PcapngWriter(Path file, String comment) throws IOException {
        this(file, comment, 0);
    }

    /**
     * Creates or replaces a file.
     *
     * @param comment about the capture; empty for none
     * @param epochNanos nanoseconds from 1970 to machine time 0
     */
    public PcapngWriter(Path file, String comment, long epochNanos) throws IOException {
        this.file = file;
        this.epochNanos = epochNanos;
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        int start = begin(PcapngReader.SECTION_HEADER);
        buffer.putInt(PcapngReader.BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1);
        if (!comment.isEmpty()) {
            text(OPTION_COMMENT, comment);
        }
        text(OPTION_USER_APPLICATION, "Network Plugin Architecture");
        endOptions();
        end(start);
    }

    /**
     * Adds an interface.
     *
     * @return its number, from 0
     */
    public synchronized int addInterface(String name) {
        makeRoom();
        int start = begin(PcapngReader.INTERFACE_DESCRIPTION);
        buffer.putShort((short) LinkType.ETHERNET).putShort((short) 0).putInt(0);
        text(OPTION_IF_NAME, name);
        buffer.putShort((short) PcapngReader.OPTION_IF_TSRESOL).putShort((short) 1).putInt(9);
        endOptions();
        end(start);
        return interfaces++;
    }

    /** Adds an interface and returns a tap that writes to it. */
    public FrameTap tap(String interfaceName) {
        int id = addInterface(interfaceName);
        return (nanos, outbound, source, offset, length) -> write(id, nanos, outbound, source, offset, length, null);
    }

    /**
     * Writes a frame.
     *
     * @param interfaceId number of an interface
     * @param nanos machine time
     * @param source holds the frame; its position is neither read nor moved
     * @param comment about the frame; null for none
     */
    public synchronized void write(int interfaceId, long nanos, boolean outbound, ByteBuffer source, int offset,
            int length, String comment) {
        if (interfaceId < 0 || interfaceId >= interfaces) {
            throw new IllegalArgumentException("interface " + interfaceId + " of " + file + ": there are "
                    + interfaces);
        }
        if (failure != null || closed || length > LARGEST_BLOCK / 2) {
            ignored++;
            return;
        }
        makeRoom();
        long stamp = epochNanos + nanos;
        int start = begin(PcapngReader.ENHANCED_PACKET);
        buffer.putInt(interfaceId).putInt((int) (stamp >>> 32)).putInt((int) stamp).putInt(length).putInt(length);
        buffer.put(buffer.position(), source, offset, length);
        buffer.position(buffer.position() + length);
        pad(length);
        if (comment != null) {
            text(OPTION_COMMENT, comment);
        }
        buffer.putShort((short) OPTION_EPB_FLAGS).putShort((short) 4).putInt(outbound ? OUTBOUND : INBOUND);
        endOptions();
        end(start);
        frames++;
    }

    /** Frames written so far. */
    public synchronized long frames() {
        return frames;
    }

    /** Frames not written: after an error, after the end, or too long. */
    public synchronized long ignored() {
        return ignored;
    }

    /** Brings everything to the file. */
    public synchronized void flush() throws IOException {
        drain();
        if (failure != null) {
            throw new IOException(file + ": capture stopped after " + frames + " frames: " + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        try {
            flush();
        } finally {
            closed = true;
            channel.close();
        }
    }

    private void makeRoom() {
        if (buffer.remaining() < LARGEST_BLOCK) {
            drain();
        }
    }

    private void drain() {
        buffer.flip();
        try {
            while (failure == null && buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            failure = e;
        }
        buffer.clear();
    }

    private int begin(int type) {
        int start = buffer.position();
        buffer.putInt(type).putInt(0);
        return start;
    }

    private void end(int start) {
        int length = buffer.position() + 4 - start;
        buffer.putInt(length);
        buffer.putInt(start + 4, length);
    }

    private void endOptions() {
        buffer.putInt(0);
    }

    private void text(int option, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, 16_384);
        buffer.putShort((short) option).putShort((short) length).put(utf8, 0, length);
        pad(length);
    }

    private void pad(int length) {
        for (int i = length; (i & 3) != 0; i++) {
            buffer.put((byte) 0);
        }
    }
}
