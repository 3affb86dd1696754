package dev.npa.plugin.broadcom.ring;

import dev.npa.hw.DmaMemory;

/**
 * How a receive ring learns which completions have come. Called once a burst; a guest's shell loads one implementation
 * per image, so that the call is monomorphic there.
 */
public interface RxCompletion {

    /**
     * Position behind the completions that have come. The caller issues an acquire fence before it reads them.
     *
     * @param rcq the completion queue
     * @param block status block of the queue pair
     * @param from position of the first that was not consumed
     * @param most completions to look at
     */
    int frontier(DmaMemory rcq, StatusBlock block, int from, int most);
}
