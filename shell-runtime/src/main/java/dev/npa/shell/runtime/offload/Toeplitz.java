package dev.npa.shell.runtime.offload;

/** The Toeplitz hash of RSS, a table of 256 values for each byte of input. Immutable. */
public final class Toeplitz {

    /** Most bytes of input: IPv6 addresses and ports. */
    public static final int MOST = 36;

    private final int[] table = new int[MOST << 8];

    /**
     * Prepares a key.
     *
     * @param key 40 bytes
     */
    public Toeplitz(byte[] key) {
        for (int i = 0; i < MOST; i++) {
            long window = 0;
            for (int k = 0; k < 5; k++) {
                window = window << 8 | key[i + k] & 0xFF;
            }
            // A value's hash is that of its lowest bit and that of the others.
            for (int value = 1; value < 256; value++) {
                int lowest = Integer.numberOfTrailingZeros(value);
                table[i << 8 | value] = table[i << 8 | value & value - 1] ^ (int) (window >>> lowest + 1);
            }
        }
    }

    /** Contribution of a byte of input. */
    public int at(int position, int value) {
        return table[position << 8 | value & 0xFF];
    }
}
