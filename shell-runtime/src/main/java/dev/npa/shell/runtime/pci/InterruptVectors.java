package dev.npa.shell.runtime.pci;

import dev.npa.hw.InterruptController;
import dev.npa.shell.ShellException;

/** The CPU's interrupt vectors: who gets which, and the dispatch. */
public final class InterruptVectors {

    /** Vectors below are the CPU's exceptions, as on x86. */
    public static final int FIRST = 32;

    private final InterruptController controller;
    private final InterruptHandler[] handlers = new InterruptHandler[InterruptController.VECTORS];
    private final int[] deviceVector = new int[InterruptController.VECTORS];
    private long spurious;

    public InterruptVectors(InterruptController controller) {
        this.controller = controller;
    }

    /**
     * Allocates a vector.
     *
     * @param handler who serves it
     * @param number the device's number for it, which the handler gets
     * @return the CPU's vector
     * @throws ShellException if all are taken
     */
    public int allocate(InterruptHandler handler, int number) {
        for (int v = FIRST; v < handlers.length; v++) {
            if (handlers[v] == null) {
                handlers[v] = handler;
                deviceVector[v] = number;
                return v;
            }
        }
        throw new ShellException("all " + (InterruptController.VECTORS - FIRST) + " interrupt vectors are in use");
    }

    /** Gives a vector back. Interrupts that still arrive on it are counted as spurious. */
    public void free(int vector) {
        handlers[vector] = null;
    }

    /**
     * Takes and serves all pending interrupts.
     *
     * @return how many were served
     */
    public int dispatch() {
        int served = 0;
        // A vector can be raised again while it is served; the bound leaves time for the rest of the machine.
        for (int i = 0; i < InterruptController.VECTORS; i++) {
            int vector = controller.take();
            if (vector < 0) {
                break;
            }
            InterruptHandler handler = handlers[vector];
            if (handler == null) {
                spurious++;
            } else {
                handler.interrupt(deviceVector[vector]);
                served++;
            }
        }
        return served;
    }

    /** Interrupts that nobody was there for. */
    public long spurious() {
        return spurious;
    }

    /** Number of allocated vectors. */
    public int allocated() {
        int count = 0;
        for (InterruptHandler handler : handlers) {
            if (handler != null) {
                count++;
            }
        }
        return count;
    }
}
