package dev.npa.shell.runtime.warmup;

import dev.npa.hw.AccessFault;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.ScratchDevice;

/**
 * The registers of a scratch device's BAR.
 *
 * @param length their bytes
 */
record ScratchWindow(ScratchDevice device, int bar, int length) implements RegisterWindow {

    @Override
    public int read32(int offset) {
        check(offset);
        return device.read32(bar, offset);
    }

    @Override
    public void write32(int offset, int value) {
        check(offset);
        DmaMemory.releaseFence(); // what every window owes its caller
        device.write32(bar, offset, value);
    }

    private void check(int offset) {
        if ((offset & 3) != 0 || offset < 0 || offset >= length) {
            throw new AccessFault("offset 0x" + Integer.toHexString(offset) + " is no register of BAR " + bar
                    + " of the scratch device, which has " + length + " bytes");
        }
    }
}
