package dev.npa.sim.nic.broadcom;

import dev.npa.sim.nic.NicModel;
import java.util.function.Consumer;

/** Sets the statistics of a VF's clients to where they would be after a long time. */
public final class Presets {

    private Presets() {}

    /**
     * Sets them, for each of unicast, multicast and broadcast alike.
     *
     * @param vf index within the first physical function
     * @param frames value of the 32-bit counters of frames
     * @param bytes value of the 64-bit counters of bytes
     */
    public static void statistics(NicModel model, int vf, int frames, long bytes) {
        change(model, vf, counters -> counters.preset(frames, bytes));
    }

    /** The same by so many unicast frames and bytes more, each way. */
    public static void advance(NicModel model, int vf, int frames, long bytes) {
        change(model, vf, counters -> counters.advance(frames, bytes));
    }

    private static void change(NicModel model, int vf, Consumer<Counters> change) {
        Path path = ((BroadcomModel) model).path();
        synchronized (path.lock) {
            for (Client client : path.clients) {
                Func owner = client.owner;
                if (owner != null && owner.isVf() && owner.pf == 0 && owner.vf() - path.firstVf(0) == vf) {
                    change.accept(client.counters);
                }
            }
        }
    }
}
