package dev.npa.sim.net;

import dev.npa.hw.Clock;
import dev.npa.hw.MacAddress;
import dev.npa.hw.Steppable;
import dev.npa.sim.time.Component;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The hypervisor's Ethernet switch between VMs in emulated mode and the uplink, which also runs their device
 * emulations, so that switch, port queues and emulations share one thread.
 *
 * <p>Forwarding is static: the addresses of the attached ports are known, nothing is learnt. Unicast goes to the local
 * port that has the address, else to the uplink; group frames go to all attached ports whose filter passes and to the
 * uplink; what arrives from the uplink goes to local ports only. A promiscuous port gets a copy of everything. No
 * frame goes back to where it came from.
 *
 * <p><b>VLANs.</b> Frames are on the segment as they are on the wire. A port's {@link VlanPolicy} decides which VLANs
 * reach it and which tags its guest may use; with a port VLAN the tag is put in behind the guest and taken out before
 * it. A unicast frame whose local owner is not in its VLAN is not for that owner and goes to the uplink, as inside a
 * NIC. The uplink is in the VLANs of all ports, attached or not: it must have them before an address comes back to it.
 *
 * <p>Nothing is dropped for lack of room: a frame is taken by all its destinations or by none, and whoever offered it
 * keeps it. A frame that no filter passes is delivered to nobody, which is not a loss.
 *
 * <p><b>Detached ports.</b> Frames for a detached port's address go to the uplink, since a VF has the address then;
 * what arrives from the uplink for it is not queued. Its emulated device is at rest; should it send all the same, the
 * frames wait (-1) until the port is attached again, so nothing is lost or overtakes what the VF sends.
 *
 * <p><b>Locking.</b> {@link #run} holds {@link #lock()} all along; so do control calls (ports, filters, uplink),
 * which may come from any thread. {@link SwitchPort#fromGuest} is called from within run, by the devices registered
 * with {@link #addDevice}, or under the lock. The order is: host's control lock, this lock, a device's lock.
 */
public final class VirtualSwitch implements Component {

    /** Longest frame that can get a port VLAN's tag; longer ones fit no wire. */
    private static final int MAX_TAGGED = 16 * 1024;

    private final Object lock = new Object();
    private final AtomicInteger entrants = new AtomicInteger();
    private final String name;
    private final Clock clock;
    private VirtualSwitchPort[] ports = {};
    private VirtualSwitchPort[] attached = {};
    private VirtualSwitchTable table = new VirtualSwitchTable(attached);
    private Steppable[] devices = {};
    /** A frame with the tag of its port VLAN. */
    private final ByteBuffer tagged = ByteBuffer.allocateDirect(MAX_TAGGED);
    private Uplink uplink;
    private int promiscuous;
    private int firstDevice;
    private boolean refused;
    private final Uplink.Receiver receiver = this::fromUplink;

    public VirtualSwitch(String name, Clock clock) {
        this.name = name;
        this.clock = clock;
    }

    @Override
    public String name() {
        return name;
    }

    /** What {@link #run} holds. Take it to do several control steps at once, as a switchover does. */
    public Object lock() {
        return lock;
    }

    /**
     * Somebody is about to take the lock: until {@link #entered()}, {@link #run} does nothing. A thread that runs this
     * switch all the time would otherwise hardly ever let go of the lock long enough for another one.
     */
    public void entering() {
        entrants.incrementAndGet();
    }

    /** Who called {@link #entering()} has the lock now. */
    public void entered() {
        entrants.decrementAndGet();
    }

    /** Makes a port for untagged frames; see {@link #addPort(String, MacAddress, VlanPolicy)}. */
    public SwitchPort addPort(String portName, MacAddress mac) {
        return addPort(portName, mac, VlanPolicy.UNTAGGED);
    }

    /**
     * Makes a port, attached, with a filter that lets nothing pass.
     *
     * @throws IllegalArgumentException if another attached port has the address
     * @throws dev.npa.pf.PfException if the uplink cannot have the port's VLANs
     */
    public SwitchPort addPort(String portName, MacAddress mac, VlanPolicy policy) {
        Objects.requireNonNull(mac, "mac");
        VirtualSwitchPort port = new VirtualSwitchPort(this, portName, mac, policy);
        synchronized (lock) {
            checkFree(port, mac);
            if (uplink != null) {
                enterVlans(uplink, port);
            }
            ports = Arrays.copyOf(ports, ports.length + 1);
            ports[ports.length - 1] = port;
            attach(port);
        }
        return port;
    }

    /** All of the port's VLANs or none. */
    private static void enterVlans(Uplink uplink, VirtualSwitchPort port) {
        List<Integer> entered = new ArrayList<>();
        try {
            for (int vlan : port.policy().vlans()) {
                uplink.addVlan(vlan);
                entered.add(vlan);
            }
        } catch (RuntimeException e) {
            entered.forEach(uplink::removeVlan);
            throw e;
        }
    }

    private static void leaveVlans(Uplink uplink, VirtualSwitchPort port) {
        port.policy().vlans().forEach(uplink::removeVlan);
    }

    /** Detaches and forgets a port. Idempotent. */
    public void removePort(SwitchPort port) {
        synchronized (lock) {
            detach((VirtualSwitchPort) port);
            if (uplink != null && Arrays.asList(ports).contains(port)) {
                leaveVlans(uplink, (VirtualSwitchPort) port);
            }
            ports = Arrays.stream(ports).filter(p -> p != port).toArray(VirtualSwitchPort[]::new);
        }
    }

    /** Connects the uplink, which learns VLANs and the addresses of all attached ports; null disconnects. */
    public void uplink(Uplink newUplink) {
        synchronized (lock) {
            for (VirtualSwitchPort port : ports) {
                if (uplink != null) {
                    leaveVlans(uplink, port);
                }
                if (newUplink != null) {
                    enterVlans(newUplink, port);
                }
            }
            for (VirtualSwitchPort port : attached) {
                if (uplink != null) {
                    uplink.removeAddress(port.mac());
                }
                if (newUplink != null) {
                    newUplink.addAddress(port.mac());
                }
            }
            uplink = newUplink;
        }
    }

    /** Has {@link #run} give time to a device emulation from now on. */
    public void addDevice(Steppable device) {
        synchronized (lock) {
            devices = Arrays.copyOf(devices, devices.length + 1);
            devices[devices.length - 1] = device;
        }
    }

    public void removeDevice(Steppable device) {
        synchronized (lock) {
            devices = Arrays.stream(devices).filter(d -> d != device).toArray(Steppable[]::new);
            firstDevice = 0;
        }
    }

    @Override
    public int run(int budget) {
        if (entrants.get() > 0) {
            return 0;
        }
        synchronized (lock) {
            int work = uplink == null ? 0 : uplink.poll(receiver, budget);
            Steppable[] all = devices;
            // Another device is first each time, so that none gets the room of a shared destination for ever.
            firstDevice = firstDevice + 1 >= all.length ? 0 : firstDevice + 1;
            for (int i = 0; i < all.length; i++) {
                int at = firstDevice + i;
                work += all[at < all.length ? at : at - all.length].run(budget);
            }
            if (uplink != null) {
                uplink.flush();
            }
            return work;
        }
    }

    /** A switch waits for guests and for the NIC only. */
    @Override
    public long nextEvent() {
        return NEVER;
    }

    /**
     * Moves everything that the uplink has received into port queues, for the exact cut of a switchover.
     *
     * @return false if a queue had no room; what remains is still in the uplink
     */
    public boolean drainUplink() {
        synchronized (lock) {
            refused = false;
            if (uplink == null) {
                return true;
            }
            int taken;
            do {
                taken = uplink.poll(receiver, 64);
            } while (taken > 0 && !refused);
            return !refused;
        }
    }

    void attach(VirtualSwitchPort port) {
        synchronized (lock) {
            if (port.isAttached()) {
                return;
            }
            checkFree(port, port.mac());
            port.setAttached(true);
            rebuild();
            if (uplink != null) {
                uplink.addAddress(port.mac());
            }
        }
    }

    void detach(VirtualSwitchPort port) {
        synchronized (lock) {
            if (port.isAttached()) {
                port.setAttached(false);
                rebuild();
                if (uplink != null) {
                    uplink.removeAddress(port.mac());
                }
            }
        }
    }

    void changeMac(VirtualSwitchPort port, MacAddress mac) {
        synchronized (lock) {
            if (mac.equals(port.mac())) {
                return;
            }
            if (!port.isAttached()) {
                port.setMac(mac);
                return;
            }
            checkFree(port, mac);
            if (uplink != null) {
                uplink.addAddress(mac);
                uplink.removeAddress(port.mac());
            }
            port.setMac(mac);
            rebuild();
        }
    }

    void changeFilter(VirtualSwitchPort port, PortMatcher matcher) {
        synchronized (lock) {
            port.setMatcher(matcher);
            rebuild();
        }
    }

    private void checkFree(VirtualSwitchPort port, MacAddress mac) {
        VirtualSwitchPort holder = table.find(mac.value());
        if (holder != null && holder != port) {
            throw new IllegalArgumentException("switch " + name + ": port " + port.name() + " cannot have the address "
                    + mac + ", which port " + holder.name() + " has; give each VM its own");
        }
    }

    private void rebuild() {
        attached = Arrays.stream(ports).filter(VirtualSwitchPort::isAttached).toArray(VirtualSwitchPort[]::new);
        table = new VirtualSwitchTable(attached);
        promiscuous = (int) Arrays.stream(attached).filter(VirtualSwitchPort::isPromiscuous).count();
    }

    long completed() {
        return uplink == null ? Long.MAX_VALUE : uplink.completed();
    }

    long fromGuest(VirtualSwitchPort source, ByteBuffer frame, int offset, int length) {
        if (!source.isAttached()) {
            return -1;
        }
        if (length < 14 || !source.maySend(frame, offset, length)) {
            return 0;
        }
        long ticket;
        if (source.portVlan() == 0) {
            ticket = forward(source, frame, offset, length);
        } else if (length + PortVlans.TAG <= MAX_TAGGED) {
            ticket = forward(source, tagged, 0,
                    PortVlans.copyTagged(frame, offset, length, source.portVlan(), tagged, 0));
        } else {
            source.refuse();
            return 0;
        }
        if (ticket >= 0) {
            source.tapOutbound(frame, offset, length, clock.nanos());
        }
        return ticket;
    }

    long fromGuest(VirtualSwitchPort source, ByteBuffer packet, int offset, int length, int flags, long offload) {
        if (!source.isAttached()) {
            return -1;
        }
        if (uplink == null || length > uplink.segmentedBytes() || promiscuous > 0) {
            return SwitchPort.UNABLE;
        }
        long destination = destination(packet, offset);
        boolean group = (destination >>> 40 & 1) != 0;
        if (group || target(false, destination, 0) != null) {
            return SwitchPort.UNABLE;
        }
        long ticket = uplink.transmitSegmented(packet, offset, length, flags, offload);
        return ticket == 0 ? -1 : ticket;
    }

    /** Forwards a frame as it is on the segment; results as {@link SwitchPort#fromGuest}. */
    private long forward(VirtualSwitchPort source, ByteBuffer frame, int offset, int length) {
        long destination = destination(frame, offset);
        int vlan = PortVlans.vlan(frame, offset, length);
        boolean group = (destination >>> 40 & 1) != 0;
        VirtualSwitchPort target = target(group, destination, vlan);
        if (!choose(source, target, group, destination, vlan, length)) {
            return -1;
        }
        long ticket = 0;
        if (target == null && uplink != null) {
            ticket = uplink.transmit(frame, offset, length);
            if (ticket == 0) {
                return -1;
            }
        }
        deliver(source, target, group, frame, offset, length, clock.nanos(), 0);
        return ticket;
    }

    private boolean fromUplink(ByteBuffer frame, int offset, int length) {
        if (length < 14) {
            return true;
        }
        long destination = destination(frame, offset);
        int vlan = PortVlans.vlan(frame, offset, length);
        boolean group = (destination >>> 40 & 1) != 0;
        VirtualSwitchPort target = target(group, destination, vlan);
        if (!choose(null, target, group, destination, vlan, length)) {
            refused = true;
            return false;
        }
        deliver(null, target, group, frame, offset, length, clock.nanos(), uplink.results());
        return true;
    }

    /** The local owner of a unicast address in this VLAN; null if there is none. */
    private VirtualSwitchPort target(boolean group, long destination, int vlan) {
        VirtualSwitchPort owner = group ? null : table.find(destination);
        return owner != null && owner.isMember(vlan) ? owner : null;
    }

    /** First pass: who gets the frame. False if one of them has no room; then nobody gets it. */
    private boolean choose(VirtualSwitchPort source, VirtualSwitchPort target, boolean group, long destination,
            int vlan, int length) {
        if (!group && promiscuous == 0) {
            return target == null || target == source || target.choose(length, destination, vlan, true);
        }
        for (VirtualSwitchPort port : attached) {
            if (port != source && !port.choose(length, destination, vlan, port == target)) {
                return false;
            }
        }
        return true;
    }

    /** Second pass: copies the frame to the chosen ports, which all have room. */
    private void deliver(VirtualSwitchPort source, VirtualSwitchPort target, boolean group, ByteBuffer frame,
            int offset, int length, long nanos, int results) {
        if (!group && promiscuous == 0) {
            if (target != null && target != source) {
                target.deliverIfChosen(frame, offset, length, nanos, results);
            }
            return;
        }
        for (VirtualSwitchPort port : attached) {
            if (port != source) {
                port.deliverIfChosen(frame, offset, length, nanos, results);
            }
        }
    }

    private static long destination(ByteBuffer frame, int offset) {
        long high = (frame.get(offset) & 0xFFL) << 40 | (frame.get(offset + 1) & 0xFFL) << 32;
        return high | (frame.get(offset + 2) & 0xFFL) << 24 | (frame.get(offset + 3) & 0xFFL) << 16
                | (frame.get(offset + 4) & 0xFFL) << 8 | frame.get(offset + 5) & 0xFFL;
    }
}
