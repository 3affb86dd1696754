package dev.npa.pf.niantic;

/**
 * How queues are divided into pools. VF n has pool n; the PF has the pool after the last VF. Fact sheet §1, §10.
 *
 * @param virtualFunctions VFs enabled, 0..63
 */
record PoolLayout(int virtualFunctions) {

    /** Most VFs: one of the 64 pools is the PF's. */
    static final int MAX_VFS = 63;
    /** Most VFs with 4 queues each. */
    private static final int MAX_VFS_32_POOLS = 31;

    boolean is64Pools() {
        return virtualFunctions > MAX_VFS_32_POOLS;
    }

    int queuesPerPool() {
        return is64Pools() ? 2 : 4;
    }

    int pfPool() {
        return virtualFunctions;
    }

    /** First absolute queue of a pool. */
    int firstQueue(int pool) {
        return pool * queuesPerPool();
    }

    /** VT mode of GPIE and GCR_EXT: 2 = 32 pools, 3 = 64. §3 */
    int vtMode() {
        return is64Pools() ? 3 : 2;
    }

    /** MTQC bits 3:2: 1 = 64 pools, 2 = 32. */
    int mtqcLayout() {
        return is64Pools() ? 1 : 2;
    }

    /** Which of a pair of 32-bit registers has the pool's bit. */
    static int word(int pool) {
        return pool >>> 5;
    }

    static int bit(int pool) {
        return 1 << (pool & 31);
    }
}
