package dev.npa.sim.nic;

import dev.npa.sim.time.Component;

/** One adapter: a physical function with its virtual functions, embedded switch and wire port. */
public interface NicModel extends Component {

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
