package dev.npa.plugin.intel.device;

/**
 * Offsets of the VF registers that concern no single queue. What their bits mean is the same on every chip of the
 * family. 82599 §2, §3; 82576 §2, §3.
 *
 * @param control VFCTRL or VTCTRL
 * @param cause EICR: one bit a vector, read clears
 * @param maskSet EIMS: reads the mask, 1 = enabled
 * @param maskClear EIMC
 * @param autoClear EIAC: clear the cause when the message is sent
 * @param autoMask EIAM: clear the mask when the message is sent
 * @param route IVAR: register n has bytes for receive and transmit of queue 2n, then of 2n+1
 * @param routeMailbox IVAR_MISC
 * @param throttle EITR of vector 0; the others follow
 * @param mailbox VFMAILBOX or V2PMAILBOX
 * @param psrtype header types and number of RSS queues
 */
public record ControlRegisters(int control, int cause, int maskSet, int maskClear, int autoClear, int autoMask,
        int route, int routeMailbox, int throttle, int mailbox, int psrtype) {}
