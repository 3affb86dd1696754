package dev.npa.sim.traffic;

import dev.npa.hw.Clock;
import dev.npa.sim.net.Wire;

/**
 * Everything behind the far end of a wire: the external stations of all VMs on a NIC. Owns the wire's peer side. Each
 * flow has an Ethernet address of its own here, so that received frames find their flow by the pair of addresses, and a
 * broadcast of one peer is judged by the VM of its flow only. A wire whose peer side nobody empties would pause its NIC
 * once a guest broadcasts; a peer without flows is the cure.
 */
public final class WirePeer extends Station {

    WirePeer(String name, Wire wire, Clock clock, Stations stations) {
        super(name, new WireEndpoint(wire.peerSide()), clock, stations);
    }
}
