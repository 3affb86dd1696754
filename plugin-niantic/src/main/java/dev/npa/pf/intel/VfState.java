package dev.npa.pf.intel;

import dev.npa.pf.VfSettings;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** What the PF driver knows of one VF: the hypervisor's settings, and what a guest asked for through the mailbox. */
public final class VfState {

    /** Receive modes; the numbers are those of the 82599's UPDATE_XCAST_MODE (§5.1). */
    public static final int XCAST_NONE = 0;
    public static final int XCAST_MULTI = 1;
    public static final int XCAST_ALLMULTI = 2;

    private final int index;
    private final boolean holdsAfterReset;
    private VfSettings settings;
    private boolean active;

    private boolean clearToSend;
    private int api;
    private int xcast = XCAST_ALLMULTI;
    /** Receive waits for SET_LPE (82599 §5.2). */
    private boolean awaitingLpe;
    private int maxFrame;
    private final Set<Integer> requestedHashes = new HashSet<>();
    private final Set<Integer> droppedVlans = new HashSet<>();

    VfState(int index, boolean holdsAfterReset) {
        this.index = index;
        this.holdsAfterReset = holdsAfterReset;
    }

    public int index() {
        return index;
    }

    boolean isAssigned() {
        return settings != null;
    }

    public VfSettings settings() {
        return settings;
    }

    void settings(VfSettings value) {
        settings = value;
    }

    public boolean isActive() {
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
        maxFrame = 0;
        requestedHashes.clear();
        droppedVlans.clear();
    }

    public boolean isClearToSend() {
        return clearToSend;
    }

    /** A RESET message was answered. */
    void clearToSend() {
        clearToSend = true;
        xcast = XCAST_MULTI;
        awaitingLpe = holdsAfterReset;
    }

    /** Negotiated mailbox API as the message encodes it (82599 §5). */
    public int api() {
        return api;
    }

    public void api(int value) {
        api = value;
    }

    /** Receive mode that the guest asked for; without the mailbox nothing but the settings limits it. */
    public int xcast() {
        return xcast;
    }

    public void xcast(int value) {
        xcast = value;
    }

    boolean isReceiveHeld() {
        return awaitingLpe;
    }

    public void holdReceive(boolean value) {
        awaitingLpe = value;
    }

    /** Longest frame with FCS that the guest asked for; 0 = what its settings say. */
    public int maxFrame() {
        return maxFrame;
    }

    public void maxFrame(int value) {
        maxFrame = value;
    }

    /** Multicast hashes that the guest asked for. */
    public Set<Integer> requestedHashes() {
        return requestedHashes;
    }

    /** VLANs of the settings that the guest left. */
    public Set<Integer> droppedVlans() {
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
