package dev.npa.pf.niantic;

/** The PF's side of the mailbox hardware: 16 words and a control register for each VF. Fact sheet §4. */
final class Mailbox {

    private static final int LOCK_TRIES = 10;
    private static final long LOCK_NANOS = 10_000;

    private final Registers registers;

    Mailbox(Registers registers) {
        this.registers = registers;
    }

    /** Enables the causes of all VFs. */
    void enable() {
        registers.fill(PfRegisters.pfmbimr(0), 4, -1);
    }

    /** Whether a VF has sent a message. */
    boolean hasRequest(int vf) {
        return (causes(vf) & 1 << vf % PfRegisters.VFS_PER_MBICR) != 0;
    }

    /** Whether a VF has acknowledged one; clears it. */
    boolean takeAcknowledge(int vf) {
        int bit = 1 << vf % PfRegisters.VFS_PER_MBICR + PfRegisters.VFACK_SHIFT;
        if ((causes(vf) & bit) == 0) {
            return false;
        }
        registers.write(PfRegisters.pfmbicr(vf / PfRegisters.VFS_PER_MBICR), bit);
        return true;
    }

    private int causes(int vf) {
        return registers.read(PfRegisters.pfmbicr(vf / PfRegisters.VFS_PER_MBICR));
    }

    /**
     * Reads the request of a VF and acknowledges it. A VF that keeps its lock is read all the same: it waits for the
     * ACK.
     */
    int[] receive(int vf) {
        registers.write(PfRegisters.pfmbicr(vf / PfRegisters.VFS_PER_MBICR), 1 << vf % PfRegisters.VFS_PER_MBICR);
        tryLock(vf);
        int[] words = new int[PfRegisters.MBMEM_WORDS];
        for (int i = 0; i < words.length; i++) {
            words[i] = registers.read(PfRegisters.pfmbmem(vf, i));
        }
        registers.write(PfRegisters.pfmailbox(vf), PfRegisters.MAILBOX_ACK); // releases PFU too
        return words;
    }

    /** Sends the first {@code count} words. A VF that does not let go of its lock loses it. */
    void send(int vf, int[] words, int count) {
        lock(vf);
        for (int i = 0; i < count; i++) {
            registers.write(PfRegisters.pfmbmem(vf, i), words[i]);
        }
        registers.write(PfRegisters.pfmailbox(vf), PfRegisters.MAILBOX_STS);
    }

    /** Forgets messages in both directions and zeroes the buffer. */
    void wipe(int vf) {
        int bit = 1 << vf % PfRegisters.VFS_PER_MBICR;
        registers.write(PfRegisters.pfmbicr(vf / PfRegisters.VFS_PER_MBICR), bit | bit << PfRegisters.VFACK_SHIFT);
        for (int i = 0; i < PfRegisters.MBMEM_WORDS; i++) {
            registers.write(PfRegisters.pfmbmem(vf, i), 0);
        }
    }

    private void lock(int vf) {
        for (int i = 0; i < LOCK_TRIES; i++) {
            if (tryLock(vf)) {
                return;
            }
            registers.clock().stall(LOCK_NANOS);
        }
        registers.write(PfRegisters.pfmailbox(vf), PfRegisters.MAILBOX_RVFU);
        tryLock(vf);
    }

    private boolean tryLock(int vf) {
        registers.write(PfRegisters.pfmailbox(vf), PfRegisters.MAILBOX_PFU);
        return (registers.read(PfRegisters.pfmailbox(vf)) & PfRegisters.MAILBOX_PFU) != 0;
    }
}
