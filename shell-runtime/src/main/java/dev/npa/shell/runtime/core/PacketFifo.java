package dev.npa.shell.runtime.core;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/** Received packets that wait in software: two bursts, one that is emptied and one that is filled. */
final class PacketFifo {

    private PacketBurst front;
    private PacketBurst back;
    private int next;

    PacketFifo(int entries) {
        front = new PacketBurst(entries);
        back = new PacketBurst(entries);
    }

    boolean isEmpty() {
        return next == front.size() && back.isEmpty();
    }

    /** Entries that can be added. */
    int room() {
        return back.room();
    }

    /** Where packets are added. */
    PacketBurst tail() {
        return back;
    }

    /** Moves up to {@code budget} whole packets; returns how many. */
    int drain(PacketBurst into, int budget) {
        int packets = 0;
        while (packets < budget && !isEmpty()) {
            if (next == front.size()) {
                turn();
            }
            int end = next + 1;
            while ((front.flags(end - 1) & PacketFlags.EOP) == 0) {
                end++;
            }
            if (end - next > into.room()) {
                break;
            }
            for (; next < end; next++) {
                into.addFrom(front, next);
            }
            packets++;
        }
        return packets;
    }

    private void turn() {
        PacketBurst emptied = front;
        front = back;
        back = emptied;
        back.clear();
        next = 0;
    }
}
