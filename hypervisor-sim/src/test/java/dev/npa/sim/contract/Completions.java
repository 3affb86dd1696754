package dev.npa.sim.contract;

import dev.npa.hw.DmaMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds what a device has written about a received frame in the windows that it shares with a plugin, by the frame's
 * length, and changes it before the plugin looks: a device that went wrong.
 */
final class Completions {

    /** Where a 16-bit field is. */
    record Field(DmaMemory window, int offset) {}

    private final Vm vm;
    private final int[] lengths;
    private final List<Field> before;

    /**
     * Remembers where the lengths are already.
     *
     * @param lengths of the frame that is to come, and of its last part if it lies in several buffers
     */
    Completions(Vm vm, int... lengths) {
        this.vm = vm;
        this.lengths = lengths;
        this.before = find();
    }

    private List<Field> find() {
        List<Field> all = new ArrayList<>();
        for (DmaMemory window : vm.machine.windows()) {
            for (int at = 0; at + 2 <= window.length(); at += 2) {
                int value = Short.toUnsignedInt(window.getShort(at));
                if (Arrays.stream(lengths).anyMatch(length -> length == value)) {
                    all.add(new Field(window, at));
                }
            }
        }
        return all;
    }

    /** The fields that say one of them now and did not before, in the order of their places. */
    List<Field> written() {
        List<Field> now = find();
        now.removeAll(before);
        if (now.isEmpty()) {
            throw new IllegalStateException("the device has written " + Arrays.toString(lengths) + " nowhere");
        }
        return now;
    }
}
