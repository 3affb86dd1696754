package dev.npa.sim.nic.intel;

/**
 * One register of the map, or an array of them.
 *
 * @param name the datasheet's, as {@code RDT}
 * @param slot number of its first 32-bit word in the {@link RegisterFile}; words of an array follow one another
 * @param count elements of the array, 1 for a single register
 * @param words 32-bit words of an element
 * @param mode how software accesses it
 * @param reset value of every word after a reset of the device
 * @param view register that this one shows and the rule which element of it; empty if it keeps its own value
 */
public record Register(String name, int slot, int count, int words, Mode mode, int reset,
        String view) {

    /** How software accesses a register. */
    public enum Mode {
        /** Read-only. */
        RO,
        /** Read and write. */
        RW,
        /** Write-only; reads give 0. */
        WO,
        /** A read clears it; writes are dropped. */
        RC,
        /** Writing 1 clears a bit. */
        W1C,
        /** A read clears it, and so does writing 1 to a bit. */
        RCW1C,
        /** Writing 1 sets a bit. */
        RWS,
        /** As RW, but a write is nothing but an ordered store without the device's lock: tails. */
        DOORBELL
    }

    /** Slots that the register occupies. */
    public int slots() {
        return count * words;
    }
}
