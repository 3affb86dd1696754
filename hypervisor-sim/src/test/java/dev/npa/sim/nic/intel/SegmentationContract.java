package dev.npa.sim.nic.intel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Segmentation by any of the chips, frame by frame and byte by byte against {@link TsoShape}. */
public abstract class SegmentationContract {

    private static final long IPV4 = 1L << 10;
    private static final long TCP = 1L << 11;

    /** A transmit ring of a VF on a fresh adapter. */
    protected abstract TxRing ring();

    /** Runs the adapter of {@link #ring} and takes the next frame that it sent; null if there is none. */
    protected abstract byte[] next();

    /** Fails if the adapter has recorded a violation. */
    protected abstract void noViolations();

    /** Option bits that the chip wants in every packet. */
    protected abstract long options();

    /** Whether the chip's reset value leaves CWR in the segments between the first and the last. */
    protected abstract boolean cwrInMiddle();

    @Provide
    Arbitrary<TsoShape> shapes() {
        Arbitrary<boolean[]> kind = Arbitraries.of(true, false).array(boolean[].class).ofSize(2);
        Arbitrary<int[]> sizes = Combinators.combine(Arbitraries.integers().between(0, 5),
                Arbitraries.integers().between(0, 10), Arbitraries.integers().between(1, 1 << 14),
                Arbitraries.integers().between(1, 9000)).as((a, b, c, d) -> new int[] {a, b, c, d});
        Arbitrary<Integer> tags = Arbitraries.integers().between(-1, 0xFFFF).injectDuplicates(0.2).edgeCases(
                e -> e.add(-1, -1, 0, 0xFFFF));
        return Combinators.combine(kind, sizes, Arbitraries.integers().between(0, 255),
                Arbitraries.integers().between(0, 0xFFFF), Arbitraries.integers(), tags, tags).as(
                        (k, s, flags, id, sequence, inner, vlan) -> new TsoShape(k[0], k[1], s[0] * 8,
                                k[1] ? s[1] * 4 : 0, s[2], Math.max(s[3], s[2] / 60 + 1), flags, id, sequence,
                                inner % 3 == 0 ? inner : -1, vlan));
    }

    @Property(tries = 200)
    void segmentsAreThoseOfTheReference(@ForAll("shapes") TsoShape shape) {
        TxRing tx = ring();
        byte[] packet = shape.posted();
        int tag = Math.max(0, shape.vlan());
        tx.context(1, tag, shape.maclen(), shape.iplen(), (shape.v6() ? 0 : IPV4) | (shape.tcp() ? TCP : 0)
                | (long) shape.l4len() << 40 | (long) shape.mss() << 48);
        long options = options() | TxRing.TSE | 1L << 36 | (shape.vlan() < 0 ? 0 : TxRing.VLE);
        int last = tx.part(packet, 0, packet.length, shape.payload(), options | TxRing.EOP | TxRing.RS);
        tx.doorbell();
        List<byte[]> expected = shape.expected(cwrInMiddle());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), next(), "segment " + i + " of " + expected.size());
        }
        assertEquals(null, next());
        assertEquals(true, tx.done(last));
        noViolations();
    }
}
