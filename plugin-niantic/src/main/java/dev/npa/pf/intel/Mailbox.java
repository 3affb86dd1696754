package dev.npa.pf.intel;

/** The PF's side of the mailbox hardware: 16 words and a control register for each VF. 82599 §4, 82576 §4. */
final class Mailbox {

    private static final int LOCK_TRIES = 10;
    private static final long LOCK_NANOS = 10_000;

    private static final int STS = 1;
    private static final int ACK = 1 << 1;
    private static final int PFU = 1 << 3;
    private static final int RVFU = 1 << 4;
    private static final int ACK_SHIFT = 16;
    private static final int VFS_PER_REGISTER = 16;
    private static final int WORDS = 16;

    private final Registers registers;
    private final MailboxRegisters at;

    Mailbox(Registers registers, MailboxRegisters at) {
        this.registers = registers;
        this.at = at;
    }

    /** Enables the causes of all VFs. */
    void enable() {
        registers.fill(at.masks(), at.maskCount(), -1);
    }

    /** Whether a VF has sent a message. */
    boolean hasRequest(int vf) {
        return (causes(vf) & 1 << vf % VFS_PER_REGISTER) != 0;
    }

    /** Whether a VF has acknowledged one; clears it. */
    boolean takeAcknowledge(int vf) {
        int bit = 1 << vf % VFS_PER_REGISTER + ACK_SHIFT;
        if ((causes(vf) & bit) == 0) {
            return false;
        }
        registers.write(cause(vf), bit);
        return true;
    }

    private int cause(int vf) {
        return at.causes() + 4 * (vf / VFS_PER_REGISTER);
    }

    private int word(int vf, int i) {
        return at.memory() + 4 * WORDS * vf + 4 * i;
    }

    private int causes(int vf) {
        return registers.read(cause(vf));
    }

    /**
     * Reads the request of a VF and acknowledges it. A VF that keeps its lock is read all the same: it waits for the
     * ACK.
     */
    int[] receive(int vf) {
        registers.write(cause(vf), 1 << vf % VFS_PER_REGISTER);
        tryLock(vf);
        int[] words = new int[WORDS];
        for (int i = 0; i < words.length; i++) {
            words[i] = registers.read(word(vf, i));
        }
        registers.write(at.control() + 4 * vf, ACK); // releases PFU too
        return words;
    }

    /** Sends the first {@code count} words. A VF that does not let go of its lock loses it. */
    void send(int vf, int[] words, int count) {
        lock(vf);
        for (int i = 0; i < count; i++) {
            registers.write(word(vf, i), words[i]);
        }
        registers.write(at.control() + 4 * vf, STS);
    }

    /** Forgets messages in both directions and zeroes the buffer. */
    void wipe(int vf) {
        int bit = 1 << vf % VFS_PER_REGISTER;
        registers.write(cause(vf), bit | bit << ACK_SHIFT);
        for (int i = 0; i < WORDS; i++) {
            registers.write(word(vf, i), 0);
        }
    }

    private void lock(int vf) {
        for (int i = 0; i < LOCK_TRIES; i++) {
            if (tryLock(vf)) {
                return;
            }
            registers.clock().stall(LOCK_NANOS);
        }
        registers.write(at.control() + 4 * vf, RVFU);
        tryLock(vf);
    }

    private boolean tryLock(int vf) {
        registers.write(at.control() + 4 * vf, PFU);
        return (registers.read(at.control() + 4 * vf) & PFU) != 0;
    }
}
