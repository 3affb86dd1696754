package dev.npa.sim.scenario;

import dev.npa.hw.MacAddress;
import dev.npa.sim.host.Simulation;
import dev.npa.sim.net.Wire;
import dev.npa.sim.net.fabric.Fabric;
import dev.npa.sim.scenario.Scenario.HostSpec;
import dev.npa.sim.scenario.Scenario.NicSpec;
import dev.npa.sim.traffic.Traffic;
import dev.npa.sim.traffic.WirePeer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is at the far ends of a scenario's wires: an Ethernet switch for each network that several NICs are in, with a
 * station for each NIC; the station itself for a NIC that is alone in its network.
 */
final class Networks {

    /** Delay of a short cable, and room of a station's receiver. */
    private static final long PROPAGATION_NANOS = 500;
    private static final int STATION_BUFFER = 512 * 1024;

    private final Simulation simulation;
    private final Traffic traffic;
    private final Map<String, Integer> nicsIn = new HashMap<>();
    private final Map<String, Fabric> fabrics = new HashMap<>();
    private final Map<String, WirePeer> peers = new HashMap<>();
    private final Map<String, StationAddresses> addresses = new HashMap<>();

    Networks(List<HostSpec> hosts, Simulation simulation, Traffic traffic) {
        this.simulation = simulation;
        this.traffic = traffic;
        hosts.forEach(host -> host.nics().forEach(nic -> nicsIn.merge(nic.network(), 1, Integer::sum)));
    }

    /** Plugs the wire of a NIC in. Somebody must be at the far end, or broadcasts would fill the wire. */
    void plug(NicSpec nic, Wire wire) {
        String name = "wire:" + nic.name();
        Wire station = wire;
        if (nicsIn.get(nic.network()) > 1) {
            Fabric fabric = fabrics.computeIfAbsent(nic.network(), this::fabric);
            fabric.addPort(nic.name(), wire.peerSide());
            station = new Wire(name, simulation.clock(), wire.peerSide().megabitsPerSecond(), PROPAGATION_NANOS,
                    STATION_BUFFER);
            StationAddresses behind = new StationAddresses();
            addresses.put(nic.name(), behind);
            fabric.addStation(name, station.nicSide(), behind);
        }
        peers.put(nic.name(), traffic.peer(name, station));
    }

    private Fabric fabric(String network) {
        String name = "network/" + network;
        Fabric fabric = new Fabric(name, simulation.clock());
        simulation.addComponent(name, fabric);
        return fabric;
    }

    /** A new place at the station of a NIC's wire: the other end of one flow. */
    Traffic.Place place(String nic) {
        Traffic.Place place = traffic.place(peers.get(nic));
        StationAddresses behind = addresses.get(nic);
        if (behind != null) {
            MacAddress mac = place.mac();
            behind.add(mac);
        }
        return place;
    }
}
