package dev.npa.benchmarks.device;

import dev.npa.hw.AccessFault;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;

/**
 * A PCI function without capabilities: identity and BARs 0 and 1.
 *
 * @param identity what it is
 * @param bar0 registers of BAR 0
 * @param bar1 registers of BAR 1; null = it has none
 */
record FakeFunction(PciIdentity identity, RegisterWindow bar0, RegisterWindow bar1) implements PciFunction {

    @Override
    public int readConfig(int offset, int width) {
        return 0; // a status register that is not all ones: the function is there
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        // Enabling memory and bus mastering: always on here.
    }

    @Override
    public RegisterWindow bar(int index) {
        RegisterWindow window = index == 0 ? bar0 : index == 1 ? bar1 : null;
        if (window == null) {
            throw new AccessFault("function " + identity + " has no memory BAR " + index);
        }
        return window;
    }
}
