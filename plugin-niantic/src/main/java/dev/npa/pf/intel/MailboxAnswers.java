package dev.npa.pf.intel;

/** Answers of a chip's PF driver to what a VF asks for once it has sent RESET. */
@FunctionalInterface
public interface MailboxAnswers {

    /**
     * Grants or denies a request.
     *
     * @param words the request; word 0 is answered by the caller, others may be changed
     * @return whether it is granted
     */
    boolean answer(VfState vf, int[] words);
}
