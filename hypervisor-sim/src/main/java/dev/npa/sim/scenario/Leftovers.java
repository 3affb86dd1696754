package dev.npa.sim.scenario;

import dev.npa.sim.host.VirtualMachine;
import java.util.Collection;

/** The census of what unloaded plugins left behind, summed over VMs. */
record Leftovers(
        int unloaded,
        int classLoadersCollected,
        int vfsHeld,
        int pagesMapped,
        int reclaimedBuffers,
        int reclaimedWindows) {

    static Leftovers of(Collection<VirtualMachine> vms) {
        Leftovers sum = new Leftovers(0, 0, 0, 0, 0, 0);
        for (VirtualMachine vm : vms) {
            VirtualMachine.Leftovers left = vm.leftovers();
            sum = new Leftovers(sum.unloaded + left.unloaded(), sum.classLoadersCollected
                    + left.classLoadersCollected(), sum.vfsHeld + left.vfsHeld(), sum.pagesMapped + left.pagesMapped(),
                    sum.reclaimedBuffers + left.reclaimedBuffers(), sum.reclaimedWindows + left.reclaimedWindows());
        }
        return sum;
    }
}
