package dev.npa.shell.runtime.pci;

/** Serves a device's interrupt on the virtual CPU. */
@FunctionalInterface
public interface InterruptHandler {

    /**
     * The device raised a vector.
     *
     * @param vector the device's own number, from 0, not the CPU's
     */
    void interrupt(int vector);
}
