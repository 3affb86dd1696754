package dev.npa.sim.vmxnet3;

/** The driver wrote something into guest memory that the device cannot work with; the message names the field. */
final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
        super(message);
    }
}
