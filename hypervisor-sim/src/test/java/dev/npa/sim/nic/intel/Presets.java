package dev.npa.sim.nic.intel;

import dev.npa.sim.nic.NicModel;
import java.util.List;

/** Sets a VF's statistics registers to where they would be after a long time. */
public final class Presets {

    private Presets() {}

    /**
     * Sets them.
     *
     * @param frames value of the 32-bit counters of frames
     * @param octets value of the counters of octets: 36 bits in the 82599, 32 bits in the 82576
     */
    public static void statistics(NicModel model, int vf, int frames, long octets) {
        IntelCore core = ((IntelModel) model).core();
        synchronized (core.lock) {
            for (String name : List.of("PVFGPRC", "PVFMPRC", "PVFGPTC")) {
                core.regs.set(core.regs.slot(name) + vf, frames);
            }
            boolean wide = core.regs.map().registers().stream().anyMatch(r -> r.name().equals("PVFGORC_LSB"));
            for (String name : List.of("PVFGORC", "PVFGOTC")) {
                core.regs.set(core.regs.slot(wide ? name + "_LSB" : name) + vf, (int) octets);
                if (wide) {
                    core.regs.set(core.regs.slot(name + "_MSB") + vf, (int) (octets >>> 32) & 0xF);
                }
            }
        }
    }
}
