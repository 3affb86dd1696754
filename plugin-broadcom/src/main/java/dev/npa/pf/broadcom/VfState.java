package dev.npa.pf.broadcom;

import dev.npa.pf.RssSettings;
import dev.npa.pf.VfSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the driver knows of one VF: the hypervisor's settings, its life, its queues, and what its guest asked for. */
final class VfState {

    /** Life of a VF as its channel sees it. §9 */
    enum Life { FREE, ACQUIRED, ENABLED, RESET }

    private final int index;
    private final int number;
    private final int firstBlock;
    private final ClientRules rules;
    private final List<Queue> queues;
    private final GuestWishes wishes = new GuestWishes();
    private VfSettings settings;
    private boolean active;
    private boolean sending;
    private boolean malicious;
    private Life life = Life.FREE;
    private int granted;
    private long bulletinAddress;
    private boolean extendedBulletin;
    private int bulletinVersion;
    private long statisticsAddress;
    private int statisticsStride;
    private long[] statusBlocks = new long[0];

    VfState(int index, PathLayout layout, SlowPath slowPath) {
        this.index = index;
        this.number = layout.number(index);
        this.firstBlock = layout.firstBlock(index);
        int function = layout.functionOf(index);
        this.rules = new ClientRules(slowPath, function, firstBlock, function, layout.cid(index, 0));
        List<Queue> made = new ArrayList<>();
        for (int q = 0; q < layout.queuesPerVf(); q++) {
            made.add(new Queue(slowPath, function, firstBlock + q, layout.cid(index, q)));
        }
        this.queues = Collections.unmodifiableList(made);
    }

    int index() {
        return index;
    }

    /** Number on the path. */
    int number() {
        return number;
    }

    /** First of its status blocks, clients and zones. */
    int firstBlock() {
        return firstBlock;
    }

    ClientRules rules() {
        return rules;
    }

    List<Queue> queues() {
        return queues;
    }

    /** Queues from 0 on that the firmware works for. */
    int liveQueues() {
        int live = 0;
        while (live < queues.size() && queues.get(live).isLive()) {
            live++;
        }
        return live;
    }

    GuestWishes wishes() {
        return wishes;
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

    /** Whether it may transmit: from its first activation on, so that it can be drained afterwards. */
    boolean isSending() {
        return sending;
    }

    void sending(boolean value) {
        sending = value;
    }

    boolean isMalicious() {
        return malicious;
    }

    void malicious(boolean value) {
        malicious = value;
    }

    Life life() {
        return life;
    }

    void life(Life value) {
        life = value;
    }

    /** Queues that ACQUIRE granted. */
    int granted() {
        return granted;
    }

    void granted(int count) {
        granted = count;
    }

    /** Address of the guest's copy of the bulletin board; 0 = none. */
    long bulletinAddress() {
        return bulletinAddress;
    }

    boolean hasExtendedBulletin() {
        return extendedBulletin;
    }

    void bulletin(long address, boolean extended) {
        bulletinAddress = address;
        extendedBulletin = extended;
    }

    /** Number of the next post, 1..65535. */
    int nextBulletinVersion() {
        bulletinVersion = bulletinVersion % 0xFFFF + 1;
        return bulletinVersion;
    }

    /** Where the device writes the statistics of queue 0; 0 = nowhere. */
    long statisticsAddress() {
        return statisticsAddress;
    }

    /** Bytes from one queue's statistics to the next one's. */
    int statisticsStride() {
        return statisticsStride;
    }

    void statistics(long address, int stride) {
        statisticsAddress = address;
        statisticsStride = stride;
    }

    /** Addresses of the status blocks that INIT gave. */
    long statusBlock(int block) {
        return block < statusBlocks.length ? statusBlocks[block] : 0;
    }

    void statusBlocks(long[] addresses) {
        statusBlocks = addresses.clone();
    }

    /** RSS as it is applied; null = off. What the hypervisor wants goes before what the guest asked for. */
    RssSettings rss() {
        RssSettings wanted = settings.rss() != null ? settings.rss() : wishes.rss();
        int live = liveQueues();
        return wanted == null ? null : wanted.within(live == 0 ? queues.size() : live);
    }

    /** Forgets everything that the guest said: it starts anew. */
    void forgetGuest() {
        wishes.clear();
        granted = 0;
        bulletin(0, false);
        statistics(0, 0);
        statusBlocks = new long[0];
        malicious = false;
    }
}
