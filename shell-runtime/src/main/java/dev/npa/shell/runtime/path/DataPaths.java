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

    /** Data paths with the code that all share who ask for it: for the emulation, which is always the same plugin. */
    static DataPaths shared() {
        return PluginDataPath::new;
    }

    /** Data paths with code of their own, which goes when they and this do. Control plane; some 100 us. */
    static DataPaths fresh() {
        return FreshDataPaths.define();
    }
}
