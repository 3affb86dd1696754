/**
 * The network outside of the hosts: an external Ethernet switch that joins the wires of several NICs and stations.
 *
 * <p>Contract: IEEE 802.1D learning and flooding, store and forward, lossless by back-pressure. It knows nothing of
 * hosts, VMs and switchovers; a host that moves an address from one NIC to another has to tell it as any station does,
 * by sending a frame with that source address.
 */
package dev.npa.sim.net.fabric;
