package dev.npa.pf.broadcom;

/** The interrupt unit: which block belongs to whom, and switching blocks on and off. §6.4, §10 */
final class Igu {

    private static final int BUPDATE = 1 << 24;
    private static final int ENABLE = 0;
    private static final int DISABLE = 1 << 25;
    private static final int CLEANUP_SET = 1 << 30;
    private static final int CLEANUP = 1 << 31;
    private static final int SEGMENT_DEFAULT = 1 << 21;
    private static final int VALID = 1;
    private static final int VECTOR_SHIFT = 1;
    private static final int FUNCTION_SHIFT = 7;

    private final Registers registers;

    Igu(Registers registers) {
        this.registers = registers;
    }

    /** Gives a block to a VF. */
    void map(int block, int vf, int vector) {
        registers.write(Grc.iguMapping(block), VALID | vector << VECTOR_SHIFT | vf << FUNCTION_SHIFT);
    }

    void unmap(int block) {
        registers.write(Grc.iguMapping(block), 0);
    }

    /** Lets a VF raise interrupts, or not. */
    void enableVf(int vf, boolean on) {
        registers.writeAs(vf, Grc.IGU_VF_CONFIG, on ? Grc.IGU_VF_ENABLE | Grc.IGU_VF_MSIX
                | registers.pf() << Grc.IGU_VF_PARENT_SHIFT : 0);
    }

    /** Forgets the counts of a VF's block. */
    void cleanVfBlock(int block, int vf) {
        command(block, vf, CLEANUP | CLEANUP_SET);
        command(block, vf, CLEANUP);
    }

    void enableVfBlock(int block, int vf) {
        command(block, vf, BUPDATE | ENABLE);
    }

    void disableVfBlock(int block, int vf) {
        command(block, vf, DISABLE);
    }

    private void command(int block, int vf, int data) {
        registers.write(Grc.IGU_COMMAND_DATA, data);
        registers.write(Grc.IGU_COMMAND_CTRL, Grc.iguAck(block) | vf << Grc.IGU_COMMAND_FUNCTION_SHIFT
                | Grc.IGU_COMMAND_WRITE);
    }

    /** Acknowledges the PF's slow-path block and has it raise again. */
    void acknowledgeSlowPath(int runningIndex) {
        registers.write(Grc.iguWindow(Grc.iguAck(registers.pf())), runningIndex | SEGMENT_DEFAULT | BUPDATE | ENABLE);
    }

    void disableSlowPath() {
        registers.write(Grc.iguWindow(Grc.iguAck(registers.pf())), SEGMENT_DEFAULT | DISABLE);
    }
}
