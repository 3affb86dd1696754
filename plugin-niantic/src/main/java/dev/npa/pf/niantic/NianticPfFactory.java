package dev.npa.pf.niantic;

import dev.npa.hw.PciIdentity;
import dev.npa.pf.PfDriver;
import dev.npa.pf.PfDriverFactory;
import dev.npa.pf.PfHost;
import dev.npa.pf.intel.IntelPfDriver;
import java.util.Set;

/** Entry point of the PF driver bundle. */
public final class NianticPfFactory implements PfDriverFactory {

    private static final int VENDOR = 0x8086;
    /** Fact sheet §1. */
    private static final Set<Integer> DEVICES = Set.of(0x10FB, 0x10F7, 0x10F8, 0x10F9, 0x10FC, 0x1514, 0x151C, 0x152A,
            0x1529, 0x1507, 0x154D, 0x154A, 0x1558, 0x1557, 0x1517);

    @Override
    public String name() {
        return "niantic-pf";
    }

    @Override
    public boolean supports(PciIdentity device) {
        return device.vendor() == VENDOR && DEVICES.contains(device.device());
    }

    @Override
    public PfDriver create(PfHost host) {
        return new IntelPfDriver(new NianticChip(), host);
    }
}
