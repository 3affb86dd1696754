package dev.npa.pf;

/** Packets that RSS hashes, by the fields that go into the hash. Everything else goes to queue 0 without a hash. */
public enum RssType {
    /** IPv4 addresses; also of TCP and UDP packets whose own type is not chosen, and of fragments. */
    IPV4,
    /** IPv4 addresses and TCP ports. */
    TCP_IPV4,
    /** IPv4 addresses and UDP ports. */
    UDP_IPV4,
    /** IPv6 addresses. */
    IPV6,
    /** IPv6 addresses and TCP ports. */
    TCP_IPV6,
    /** IPv6 addresses and UDP ports. */
    UDP_IPV6
}
