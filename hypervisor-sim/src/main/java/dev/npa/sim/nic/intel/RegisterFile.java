package dev.npa.sim.nic.intel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The registers of the device: one word a slot of its {@link RegisterMap}, with the access modes and the side effects
 * that the parts of the model attach by name.
 *
 * <p><b>Threading.</b> A software write runs under the device's lock, except to a {@code DOORBELL} register, which is
 * an ordered store only. A software read is an ordered load, except where reading has a side effect. The engines use
 * {@link #get} and {@link #set} under the lock.
 */
public final class RegisterFile {

    /** Replaces the read of a register. Runs under the device's lock. */
    @FunctionalInterface
    public interface ReadEffect {
        /** Value for software; {@code index} is the element within the register. */
        int read(int index);
    }

    /** Replaces the write of a register. Runs under the device's lock. */
    @FunctionalInterface
    public interface WriteEffect {
        /** Software writes {@code value} to element {@code index}. */
        void write(int index, int value);
    }

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(int[].class);

    private final RegisterMap map;
    private final Object lock;
    private final int[] words;
    private final ReadEffect[] reads;
    private final WriteEffect[] writes;

    public RegisterFile(RegisterMap map, Object lock) {
        this.map = map;
        this.lock = lock;
        this.words = new int[map.size()];
        this.reads = new ReadEffect[map.size()];
        this.writes = new WriteEffect[map.size()];
        reset();
    }

    public RegisterMap map() {
        return map;
    }

    /** First slot of a register. */
    public int slot(String name) {
        return map.get(name).slot();
    }

    /** Every word back to its reset value, without side effects. */
    public void reset() {
        for (Register r : map.registers()) {
            resetRegister(r);
        }
    }

    /** One register (all elements) back to its reset value. */
    public void resetRegister(Register r) {
        for (int i = 0; i < r.slots(); i++) {
            set(r.slot() + i, r.reset());
        }
    }

    /** Computes the value of a register instead of keeping it. */
    public void onRead(String name, ReadEffect effect) {
        fill(reads, name, effect);
    }

    /** Handles writes of a register instead of storing. */
    public void onWrite(String name, WriteEffect effect) {
        fill(writes, name, effect);
    }

    /** Stores the value and then does something. */
    public void afterWrite(String name, Runnable effect) {
        int base = slot(name);
        onWrite(name, (index, value) -> {
            set(base + index, value);
            effect.run();
        });
    }

    private <T> void fill(T[] effects, String name, T effect) {
        Register r = map.get(name);
        for (int i = 0; i < r.slots(); i++) {
            if (effects[r.slot() + i] != null) {
                throw new IllegalStateException(name + " has two effects");
            }
            effects[r.slot() + i] = effect;
        }
    }

    /** Engine: plain value. */
    public int get(int slot) {
        return words[slot];
    }

    /** Engine: value with all that software stored before it (tails). */
    public int getAcquire(int slot) {
        return (int) WORD.getAcquire(words, slot);
    }

    /** Engine: publishes a value to readers. */
    public void set(int slot, int value) {
        WORD.setRelease(words, slot, value);
    }

    /** Engine: value that readers may see later, but not after what the engine publishes next. */
    public void put(int slot, int value) {
        words[slot] = value;
    }

    /** Engine: adds to a counter that wraps. Readers see it when the engine lets go of the lock, or before. */
    public void add(int slot, int value) {
        words[slot] += value;
    }

    /** Engine: sets bits. */
    public void or(int slot, int bits) {
        WORD.setRelease(words, slot, words[slot] | bits);
    }

    /** Software reads. */
    public int read(int slot) {
        Register r = map.at(slot);
        ReadEffect effect = reads[slot];
        if (effect != null) {
            synchronized (lock) {
                return effect.read(slot - r.slot());
            }
        }
        return switch (r.mode()) {
            case WO -> 0;
            case RC, RCW1C -> {
                synchronized (lock) {
                    int value = words[slot];
                    set(slot, 0);
                    yield value;
                }
            }
            default -> getAcquire(slot);
        };
    }

    /**
     * Software writes.
     *
     * @return false if the register is read-only; nothing changed
     */
    public boolean write(int slot, int value) {
        Register r = map.at(slot);
        if (r.mode() == Register.Mode.DOORBELL) {
            // Release: the engine that sees the tail sees the descriptors before it.
            set(slot, value);
            return true;
        }
        WriteEffect effect = writes[slot];
        synchronized (lock) {
            if (effect != null) {
                effect.write(slot - r.slot(), value);
                return true;
            }
            switch (r.mode()) {
                case RW -> set(slot, value);
                case W1C, RCW1C -> set(slot, words[slot] & ~value);
                case RWS -> set(slot, words[slot] | value);
                case WO -> { }
                default -> {
                    return false;
                }
            }
        }
        return true;
    }

    /** All words that differ from their reset value, one a line. */
    public String dump() {
        StringBuilder text = new StringBuilder();
        for (int slot = 0; slot < words.length; slot++) {
            if (words[slot] != map.at(slot).reset()) {
                text.append(String.format("%-16s %08x%n", map.label(slot), words[slot]));
            }
        }
        return text.toString();
    }
}
