package dev.npa.pf.broadcom;

import dev.npa.pf.PfException;

/**
 * Who has which status blocks, clients and queue zones of the path, which go by the same numbers: the slow paths of the
 * PFs, the PFs' queues, then the VFs' shares of what is left. §1, §10
 */
final class PathLayout {

    /** VFs of a path. */
    static final int PATH_VFS = 64;
    private static final int BLOCKS = 136;
    private static final int FIRST_PF_QUEUE = 4;
    private static final int QUEUES_OF_PF = 4;
    private static final int FIRST_VF_BLOCK = 20;
    /** Connections of a VF. §1 */
    private static final int VF_QUEUES = 16;
    private static final int FIRST_VF_CID = 1024;
    /** Rules for addresses, and as many for VLANs. §1 */
    private static final int CREDITS = 272;

    private final int pf;
    private final int functions;
    private final int firstVf;
    private final int vfs;

    /**
     * Makes the layout of one PF.
     *
     * @param functions PFs of the path, 1..4
     * @param firstVf number of its first VF on the path
     * @param vfs VFs that it enables
     */
    PathLayout(int pf, int functions, int firstVf, int vfs) {
        if (pf < 0 || pf >= QUEUES_OF_PF || functions < 1) {
            throw new PfException("57712: the device says it is PF " + pf + " of " + functions
                    + " on its path; 0..3 of 1..4 are possible, check its configuration");
        }
        this.pf = pf;
        this.functions = functions;
        this.firstVf = firstVf;
        this.vfs = vfs;
    }

    int vfs() {
        return vfs;
    }

    /** Firmware's id of the PF. */
    int function() {
        return pf;
    }

    int leadingClient() {
        return FIRST_PF_QUEUE + QUEUES_OF_PF * pf;
    }

    int uplinkClient() {
        return leadingClient() + 1;
    }

    int queuesPerVf() {
        return Math.min(VF_QUEUES, pool() / Math.max(1, vfs));
    }

    private int pool() {
        return (BLOCKS - FIRST_VF_BLOCK) / functions;
    }

    /** Number of a VF on the path. */
    int number(int vf) {
        return firstVf + vf;
    }

    /** Index of the VF with this number on the path; -1 if it is not one of this PF's. */
    int indexOf(int number) {
        int index = number - firstVf;
        return index >= 0 && index < vfs ? index : -1;
    }

    /** First block, client and zone of a VF. */
    int firstBlock(int vf) {
        return FIRST_VF_BLOCK + pf * pool() + vf * queuesPerVf();
    }

    /** Firmware's id of a VF. §1 */
    int functionOf(int vf) {
        return 8 + number(vf);
    }

    int cid(int vf, int queue) {
        return FIRST_VF_CID + VF_QUEUES * number(vf) + queue;
    }

    /** Rules of either kind that the PF and its VFs may use together. */
    int credits() {
        return CREDITS / functions;
    }
}
