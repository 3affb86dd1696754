package dev.npa.sim.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.hw.MacAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The account against a naive oracle, over a path that drops, copies, delays, swaps and corrupts. */
class FrameAccountPropertyTest {

    private static final MacAddress A = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress B = MacAddress.parse("02:00:00:00:00:0b");

    private static ByteBuffer direct(byte[] frame) {
        return ByteBuffer.allocateDirect(frame.length).put(0, frame);
    }

    private static byte[] frame(int flow, int number) {
        byte[] data = new byte[20 + number % 3];
        Net.put32(data, 0, number);
        return FrameBuilder.ethernet(B, A, 0, Ether.TYPE_IPV4,
                FrameBuilder.ipv4(1, 2, Ether.UDP, 0, 0, FrameBuilder.udp(1000 + flow, 9, data)));
    }

    @Property(tries = 200)
    void agreesWithTheOracleOnAnAdversarialPath(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int flows,
            @ForAll @IntRange(min = 0, max = 40) int mischief) {
        Random random = new Random(seed);
        FrameAccount account = new FrameAccount("p", 1_000_000, () -> 0);
        NaiveAccount oracle = new NaiveAccount();
        List<byte[]> path = new ArrayList<>();
        List<byte[]> history = new ArrayList<>();
        long now = 0;
        for (int step = 0; step < 400; step++) {
            now += random.nextInt(50);
            boolean bad = random.nextInt(100) < mischief;
            if (random.nextBoolean()) {
                int flow = random.nextInt(flows);
                // Now and then two frames of a flow are alike; the account must cope.
                byte[] f = frame(flow, bad ? random.nextInt(8) : step);
                account.sent(direct(f), 0, f.length, now);
                oracle.sent(f, "flow" + flow, now);
                history.add(f);
                path.add(f);
            } else if (!path.isEmpty()) {
                byte[] f = path.remove(bad ? random.nextInt(path.size()) : 0);
                if (bad && random.nextBoolean()) {
                    f = mischief(random, f, path, history);
                }
                if (f != null) {
                    assertEquals(oracle.received(f, now), account.received(direct(f), 0, f.length, now),
                            () -> "seed " + seed);
                }
            }
            account.poll(now);
        }
        AccountSummary.Phase total = account.summary(now + 2_000_000).total();
        assertEquals(oracle.sent(), total.sent());
        assertEquals(oracle.received, total.received());
        assertEquals(oracle.sent() - oracle.received, total.lost());
        assertEquals(oracle.duplicated, total.duplicated());
        assertEquals(oracle.reordered, total.reordered());
        assertEquals(oracle.foreign, total.foreign());
        long closedGap = account.summary(now + 2_000_000).phases().stream()
                .mapToLong(AccountSummary.Phase::gapNanos).max().orElse(0);
        assertEquals(oracle.gap, closedGap);
    }

    /** Drops the frame (null), puts a copy back on the path, replays an old one, or flips a bit. */
    private static byte[] mischief(Random random, byte[] f, List<byte[]> path, List<byte[]> history) {
        switch (random.nextInt(4)) {
            case 0:
                return null;
            case 1:
                path.add(random.nextInt(path.size() + 1), f);
                return f;
            case 2:
                path.add(0, f);
                return history.get(random.nextInt(history.size()));
            default:
                byte[] broken = f.clone();
                broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
                return broken;
        }
    }
}
