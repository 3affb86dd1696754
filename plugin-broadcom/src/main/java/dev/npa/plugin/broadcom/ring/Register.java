package dev.npa.plugin.broadcom.ring;

import dev.npa.hw.RegisterWindow;

/**
 * One place in a register window: a doorbell, or the first of the two words of receive producers. VFs and the PF have
 * them in different windows.
 *
 * @param window where
 * @param offset bytes from its start
 */
public record Register(RegisterWindow window, int offset) {

    void write(int value) {
        window.write32(offset, value);
    }

    void writeNext(int value) {
        window.write32(offset + 4, value);
    }
}
