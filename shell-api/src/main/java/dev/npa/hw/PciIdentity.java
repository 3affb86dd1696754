package dev.npa.hw;

/**
 * Identity of a PCI function. For a virtual function the hypervisor shows the SR-IOV capability's VF device id, since
 * the function itself answers FFFF:FFFF on real hardware.
 *
 * @param vendor 16-bit vendor id
 * @param device 16-bit device id
 * @param subsystemVendor 16-bit subsystem vendor id
 * @param subsystemDevice 16-bit subsystem id
 * @param revision 8-bit revision
 */
public record PciIdentity(int vendor, int device, int subsystemVendor, int subsystemDevice, int revision) {

    public PciIdentity {
        if ((vendor | device | subsystemVendor | subsystemDevice) >>> 16 != 0 || revision >>> 8 != 0) {
            throw new IllegalArgumentException("PCI ids are 16 bits, a revision is 8 bits");
        }
    }

    /** {@code vendor:device} in hexadecimal, as {@code 8086:10ed}. */
    @Override
    public String toString() {
        return String.format("%04x:%04x", vendor, device);
    }
}
