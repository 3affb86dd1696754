package dev.npa.sim.nic;

/** One physical function of a NIC with its virtual functions: an adapter of its own for whoever uses it. */
public interface NicAdapter {

    NicFunction physicalFunction();

    /** VFs that are enabled now through the SR-IOV capability of the physical function. */
    int enabledVirtualFunctions();

    /**
     * An enabled virtual function.
     *
     * @param index 0..enabled-1
     */
    NicFunction virtualFunction(int index);

    /**
     * Decoded state of a queue for people: one line a descriptor around head and tail.
     *
     * @param vf index of the virtual function, -1 for the physical function
     * @param queue queue index within the function
     * @param transmit transmit or receive ring
     * @throws IllegalArgumentException if the function has no such queue
     */
    String describeRing(int vf, int queue, boolean transmit);
}
