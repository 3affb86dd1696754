package dev.npa.shell.runtime.warmup;

import dev.npa.hw.AccessFault;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.ScratchDevice;

/**
 * A scratch device as a PCI function without capabilities.
 *
 * @param identity what the real device is
 */
record ScratchFunction(PciIdentity identity, ScratchDevice device) implements PciFunction {

    @Override
    public int readConfig(int offset, int width) {
        return 0; // a status register that is not all ones: the function is there
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        // Memory decoding and bus mastering are always on.
    }

    @Override
    public RegisterWindow bar(int index) {
        int bytes = device.barBytes(index);
        if (bytes == 0) {
            throw new AccessFault("the scratch device of " + identity + " has no memory BAR " + index);
        }
        return new ScratchWindow(device, index, bytes);
    }
}
