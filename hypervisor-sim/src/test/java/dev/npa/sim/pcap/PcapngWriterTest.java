package dev.npa.sim.pcap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.net.FrameTap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapngWriterTest {

    @TempDir
    private Path directory;

    private static ByteBuffer direct(byte[] frame) {
        ByteBuffer b = ByteBuffer.allocateDirect(frame.length + 3);
        b.put(3, frame);
        return b;
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Path file = directory.resolve("a.pcapng");
        List<byte[]> frames = new ArrayList<>();
        try (PcapngWriter writer = new PcapngWriter(file, "seed 7")) {
            FrameTap wire = writer.tap("host0/nic0");
            FrameTap port = writer.tap("host0/vm0");
            // More than the writer's buffer holds, and every padding.
            for (int i = 0; i < 500; i++) {
                byte[] frame = CaptureFiles.frame(60 + i * 7 % 1455, i);
                frames.add(frame);
                (i % 3 == 0 ? port : wire).frame(5_000_000_000L + i, i % 2 == 0, direct(frame), 3, frame.length);
            }
            assertEquals(500, writer.frames());
        }
        Capture capture = PcapReader.read(file);
        assertEquals(500, capture.frames().size());
        for (int i = 0; i < 500; i++) {
            assertEquals(5_000_000_000L + i, capture.frames().get(i).nanos());
            assertArrayEquals(frames.get(i), capture.frames().get(i).bytes());
        }
    }

    @Test
    void packetBlockCarriesDirectionAndComment() throws IOException {
        Path file = directory.resolve("b.pcapng");
        try (PcapngWriter writer = new PcapngWriter(file, "", 1_000L)) {
            int id = writer.addInterface("x");
            writer.write(id, 1, false, direct(CaptureFiles.frame(60, 1)), 3, 60, "hello");
            writer.write(id, 2, true, direct(CaptureFiles.frame(60, 1)), 3, 60, null);
        }
        ByteBuffer b = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int at = b.getInt(4);
        at += b.getInt(at + 4);
        assertEquals(6, b.getInt(at));
        assertEquals(1_001, b.getInt(at + 16));
        int options = at + 28 + 60;
        assertEquals(1 | 5 << 16, b.getInt(options));
        assertEquals("hello", new String(b.array(), options + 4, 5, StandardCharsets.UTF_8));
        assertEquals(2 | 4 << 16, b.getInt(options + 12));
        assertEquals(1, b.getInt(options + 16));
        assertEquals(0, b.getInt(options + 20));
        at += b.getInt(at + 4);
        assertEquals(2, b.getInt(at + 28 + 60 + 4));
    }

    @Test
    void tapsOfSeveralThreadsWriteWholeBlocks() throws Exception {
        Path file = directory.resolve("c.pcapng");
        try (PcapngWriter writer = new PcapngWriter(file, "")) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                FrameTap tap = writer.tap("if" + t);
                ByteBuffer frame = direct(CaptureFiles.frame(100 + t, t));
                int length = 100 + t;
                threads.add(new Thread(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        tap.frame(i, true, frame, 3, length);
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        int[] counts = new int[4];
        for (CapturedFrame frame : PcapReader.read(file).frames()) {
            int t = frame.bytes().length - 100;
            assertArrayEquals(CaptureFiles.frame(100 + t, t), frame.bytes());
            counts[t]++;
        }
        assertArrayEquals(new int[] {2_000, 2_000, 2_000, 2_000}, counts);
    }

    @Test
    void framesAfterTheEndAreIgnoredAndCounted() throws IOException {
        PcapngWriter writer = new PcapngWriter(directory.resolve("d.pcapng"), "");
        FrameTap tap = writer.tap("x");
        writer.close();
        writer.close();
        tap.frame(1, true, direct(CaptureFiles.frame(60, 1)), 3, 60);
        assertEquals(1, writer.ignored());
        assertEquals(0, PcapReader.read(directory.resolve("d.pcapng")).frames().size());
    }

    @Test
    void unknownInterfaceIsRefused() throws IOException {
        try (PcapngWriter writer = new PcapngWriter(directory.resolve("e.pcapng"), "")) {
            String message = assertThrows(IllegalArgumentException.class,
                    () -> writer.write(0, 1, true, direct(new byte[60]), 3, 60, null)).getMessage();
            assertTrue(message.contains("interface 0"), message);
        }
    }
}
