package dev.npa.plugin.intel.device;

/**
 * Offsets of a VF's statistics registers. They wrap and are not cleared by reading; octets include the FCS. 82599 §2,
 * 82576 §2.
 *
 * @param rxFrames good frames received, 32 bits
 * @param rxOctets octets received
 * @param rxMulticast multicast frames received, 32 bits
 * @param txFrames good frames sent, 32 bits
 * @param txOctets octets sent
 * @param octetBits width of the octet counters: 32, or more if the bits above are in the next register; low is read
 *     first
 */
public record CounterRegisters(int rxFrames, int rxOctets, int rxMulticast, int txFrames, int txOctets,
        int octetBits) {}
