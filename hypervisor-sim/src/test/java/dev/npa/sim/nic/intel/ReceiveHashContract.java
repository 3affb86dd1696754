package dev.npa.sim.nic.intel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Receive-side scaling by any of the chips against a Toeplitz hash that shifts the key bit by bit. */
public abstract class ReceiveHashContract {

    /** The key with which the verification vectors are published. */
    public static final int[] KEY = {
        0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca,
        0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b,
        0xbe, 0xac, 0x01, 0xfa};

    /** Programs the hash key, byte 0 first, and the redirection table, 0 or 1 an entry; hashes all fields. */
    protected abstract void program(int[] key, int[] entries);

    /** The device receives a frame for the VF with two queues. */
    protected abstract void arrive(byte[] frame);

    /** Receive rings of the VF's two queues. */
    protected abstract RxRing[] rings();

    /** Hash of bytes by the definition: the key's window at each bit that is set. */
    static int toeplitz(int[] key, byte[] input) {
        int hash = 0;
        for (int bit = 0; bit < 8 * input.length; bit++) {
            if ((input[bit / 8] >> 7 - bit % 8 & 1) != 0) {
                int window = 0;
                for (int k = bit; k < bit + 32; k++) {
                    window = window << 1 | key[k / 8] >> 7 - k % 8 & 1;
                }
                hash ^= window;
            }
        }
        return hash;
    }

    @Property(tries = 20)
    void hashAndQueueAreThoseOfTheReference(@ForAll long seed) {
        Random random = new Random(seed);
        int[] key = random.ints(40, 0, 256).toArray();
        int[] entries = random.ints(128, 0, 2).toArray();
        program(key, entries);
        RxRing[] rings = rings();
        for (int n = 0; n < 20; n++) {
            boolean v6 = random.nextBoolean();
            boolean tcp = random.nextBoolean();
            byte[] frame = v6 ? Frames.ipv6(Frames.A, Frames.FAR, tcp ? 6 : 17, 10)
                    : Frames.ipv4(Frames.A, Frames.FAR, tcp ? 6 : 17, 10);
            byte[] input = new byte[v6 ? 36 : 12];
            random.nextBytes(input);
            ByteBuffer.wrap(frame).put(v6 ? 22 : 26, input);
            arrive(frame);
            int hash = toeplitz(key, input);
            int queue = entries[hash & 0x7F];
            assertNotNull(rings[queue].next(), "queue " + queue);
            assertNull(rings[1 - queue].next());
            assertEquals(hash, (int) (rings[queue].q0 >>> 32));
            assertEquals(v6 ? tcp ? 3 : 8 : tcp ? 1 : 7, rings[queue].q0 & 0xF, "RSS type");
            rings[queue].post(1);
        }
    }
}
