package dev.npa.pf.kawela;

import dev.npa.hw.PciIdentity;
import dev.npa.pf.PfDriver;
import dev.npa.pf.PfDriverFactory;
import dev.npa.pf.PfHost;
import dev.npa.pf.intel.IntelPfDriver;
import java.util.Set;

/** Entry point of the PF driver bundle. */
public final class KawelaPfFactory implements PfDriverFactory {

    private static final int VENDOR = 0x8086;
    /** Fact sheet §1. */
    private static final Set<Integer> DEVICES =
            Set.of(0x10C9, 0x10E6, 0x10E7, 0x10E8, 0x1526, 0x150A, 0x1518, 0x150D);

    @Override
    public String name() {
        return "kawela-pf";
    }

    @Override
    public boolean supports(PciIdentity device) {
        return device.vendor() == VENDOR && DEVICES.contains(device.device());
    }

    @Override
    public PfDriver create(PfHost host) {
        return new IntelPfDriver(new KawelaChip(), host);
    }
}
