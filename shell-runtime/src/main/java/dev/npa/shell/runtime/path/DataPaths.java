package dev.npa.shell.runtime.path;

import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.runtime.memory.PacketPool;

/** Makes the data paths of one plugin image. */
@FunctionalInterface
public interface DataPaths {

    /**
     * Makes the data path of a queue pair.
     *
     * @param instance number of the plugin instance
     * @param ring size of the transmit ring
     */
    DataPath make(TxQueue tx, RxQueue rx, int instance, PacketPool pool, int ring);
}
