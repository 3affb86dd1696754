package dev.npa.pf.niantic;

import dev.npa.pf.VfSettings;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** What the PF driver knows of one VF: the hypervisor's settings, and what a guest asked for through the mailbox. */
final class VfState {

    /** Receive modes of UPDATE_XCAST_MODE. §5.1 */
    static final int XCAST_NONE = 0;
    static final int XCAST_MULTI = 1;
    static final int XCAST_ALLMULTI = 2;

    private final int index;
    private VfSettings settings;
    private boolean active;

    private boolean clearToSend;
    private int api;
    private int xcast = XCAST_ALLMULTI;
    /** After a RESET message receive waits for SET_LPE. §5.2 */
    private boolean awaitingLpe;
    private final Set<Integer> requestedHashes = new HashSet<>();
    private final Set<Integer> droppedVlans = new HashSet<>();

    VfState(int index) {
        this.index = index;
    }

    int index() {
        return index;
    }

    boolean isAssigned() {
        return settings != null;
    }

    VfSettings settings() {
        return settings;
    }

    void settings(VfSettings value) {
        settings = value;
    }

    boolean isActive() {
        return active;
    }

    void active(boolean value) {
        active = value;
    }

    /** Forgets what the guest asked for through the mailbox. */
    void forgetRequests() {
        clearToSend = false;
        api = 0;
        xcast = XCAST_ALLMULTI;
        awaitingLpe = false;
        requestedHashes.clear();
        droppedVlans.clear();
    }

    boolean isClearToSend() {
        return clearToSend;
    }

    /** A RESET message was answered. */
    void clearToSend(boolean waitForLpe) {
        clearToSend = true;
        xcast = XCAST_MULTI;
        awaitingLpe = waitForLpe;
    }

    /** Negotiated mailbox API as the message encodes it. §5 */
    int api() {
        return api;
    }

    void api(int value) {
        api = value;
    }

    /** Receive mode that the guest asked for; without the mailbox nothing but the settings limits it. */
    int xcast() {
        return xcast;
    }

    void xcast(int value) {
        xcast = value;
    }

    boolean isReceiveHeld() {
        return awaitingLpe;
    }

    void holdReceive(boolean value) {
        awaitingLpe = value;
    }

    /** Multicast hashes that the guest asked for. */
    Set<Integer> requestedHashes() {
        return requestedHashes;
    }

    /** VLANs of the settings that the guest left. */
    Set<Integer> droppedVlans() {
        return droppedVlans;
    }

    /** VLANs whose members the VF is now. */
    Set<Integer> vlans() {
        if (settings.vlan() != 0) {
            return Set.of(settings.vlan());
        }
        Set<Integer> vlans = new TreeSet<>(settings.vlans());
        vlans.removeAll(droppedVlans);
        vlans.add(0); // priority-tagged frames
        return vlans;
    }
}
