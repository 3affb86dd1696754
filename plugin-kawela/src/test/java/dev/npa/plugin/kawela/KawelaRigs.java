package dev.npa.plugin.kawela;

import dev.npa.hw.PciIdentity;
import dev.npa.plugin.intel.testing.Rig;
import dev.npa.plugin.intel.testing.VfMap;

/** The image on a fake 82576. */
final class KawelaRigs {

    static final PciIdentity VF = new PciIdentity(0x8086, 0x10CA, 0, 0, 1);

    private KawelaRigs() {}

    static Rig create() {
        return new Rig(new KawelaFactory(), VfMap.KAWELA, VF);
    }
}
