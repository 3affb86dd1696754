package dev.npa.pf.intel;

/**
 * Where the PF's side of the mailbox is; bits and words are the same on all chips. 82599 §4, 82576 §4.
 *
 * @param control PFMAILBOX or P2VMAILBOX of VF 0
 * @param memory first word of VF 0
 * @param causes PFMBICR or MBVFICR: requests in bits 15:0, acknowledges in 31:16, 16 VFs a register
 * @param masks the masks of these causes
 * @param maskCount mask registers
 * @param resetWords words of the reply to RESET
 */
public record MailboxRegisters(int control, int memory, int causes, int masks, int maskCount, int resetWords) {}
