package dev.npa.plugin.intel.regs;

/**
 * What the queues of a chip have of their own; everything else about them is the family's. One instance a chip, bound
 * when a ring is made.
 *
 * @param srrctl offset of SRRCTL in the registers of a receive queue
 * @param rxDca offset of DCA_RXCTRL in the registers of a receive queue
 * @param txDca offset of DCA_TXCTRL in the registers of a transmit queue
 * @param rsc offset of RSCCTL; 0 if the chip has no RSC
 * @param rxdctl RXDCTL without ENABLE: thresholds
 * @param txdctl TXDCTL without ENABLE: thresholds
 * @param stripVlan bit of RXDCTL that strips tags; 0 if queues cannot
 * @param dataBits q1 bits that every transmit data descriptor has
 * @param contextAlways whether every packet must refer to a valid context, not only those with an offload
 * @param longestFrame bytes of the longest frame that the chip ever receives
 * @param rx how receive results are reported
 */
public record ChipQueues(int srrctl, int rxDca, int txDca, int rsc, int rxdctl, int txdctl, int stripVlan,
        long dataBits, boolean contextAlways, int longestFrame, RxFormat rx) {}
