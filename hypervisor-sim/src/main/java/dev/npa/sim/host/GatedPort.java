package dev.npa.sim.host;

import dev.npa.hw.MacAddress;
import dev.npa.sim.net.FrameFifo;
import dev.npa.sim.net.FrameTap;
import dev.npa.sim.net.PortFilter;
import dev.npa.sim.net.SwitchPort;
import java.nio.ByteBuffer;

/**
 * A switch port whose guest waits with sending around a cut: before it until the NIC has dealt with what was sent,
 * after it until frames from before are through the switch, which a newer one must not overtake.
 */
final class GatedPort implements SwitchPort {

    private final SwitchPort port;
    private final UplinkGate gate;

    GatedPort(SwitchPort port, UplinkGate gate) {
        this.port = port;
        this.gate = gate;
    }

    /** The port of the virtual switch behind this one. */
    SwitchPort port() {
        return port;
    }

    @Override
    public String name() {
        return port.name();
    }

    @Override
    public MacAddress mac() {
        return port.mac();
    }

    @Override
    public void mac(MacAddress mac) {
        port.mac(mac);
    }

    @Override
    public void filter(PortFilter filter) {
        port.filter(filter);
    }

    @Override
    public FrameFifo toGuest() {
        return port.toGuest();
    }

    @Override
    public long fromGuest(ByteBuffer buffer, int offset, int length) {
        return gate.holdsSenders() ? -1 : port.fromGuest(buffer, offset, length);
    }

    @Override
    public long fromGuest(ByteBuffer buffer, int offset, int length, int flags, long offload) {
        return gate.holdsSenders() ? -1 : port.fromGuest(buffer, offset, length, flags, offload);
    }

    @Override
    public long refusedFrames() {
        return port.refusedFrames();
    }

    @Override
    public long completed() {
        return port.completed();
    }

    @Override
    public void attach() {
        port.attach();
    }

    @Override
    public void detach() {
        port.detach();
    }

    @Override
    public boolean isAttached() {
        return port.isAttached();
    }

    @Override
    public void tap(FrameTap tap) {
        port.tap(tap);
    }
}
