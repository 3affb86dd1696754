package dev.npa.sim.nic;

import dev.npa.sim.time.Component;
import java.util.List;

/**
 * The silicon behind one wire port: one physical function or several, each with virtual functions of its own, and the
 * embedded switch that connects all of them with the wire.
 */
public interface NicModel extends Component {

    /** The physical functions, in the order of their numbers; constant. */
    List<? extends NicAdapter> adapters();
}
