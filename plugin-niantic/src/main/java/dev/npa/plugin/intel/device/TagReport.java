package dev.npa.plugin.intel.device;

import dev.npa.hw.RegisterWindow;

/** Decides whether stripped VLAN tags are reported to the shell. Asked at every start. */
@FunctionalInterface
public interface TagReport {

    /**
     * Whether to report.
     *
     * @param registers the VF's registers
     * @param enabled whether VLAN_STRIP is enabled
     */
    boolean reports(RegisterWindow registers, boolean enabled);
}
