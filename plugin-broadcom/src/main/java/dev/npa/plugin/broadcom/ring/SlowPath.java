package dev.npa.plugin.broadcom.ring;

/** Who is told of slow-path completions. Only the PF's leading queue gets any. §5.3, §8 */
@FunctionalInterface
public interface SlowPath {

    /**
     * A ramrod is complete.
     *
     * @param cid connection
     * @param command command id
     * @param failed whether the device refused it
     */
    void completed(int cid, int command, boolean failed);
}
