package dev.npa.sim.traffic;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Which account a frame received by a station belongs to: by its source address, and for unicast its destination.
 * Immutable, so that a flow can be added while the station runs.
 *
 * <p>A group frame reaches every station of its segment, but belongs to one flow: the station whose account has the
 * sender as its remote side judges it, all others overhear it. When several accounts of a station fit, the one that
 * waits for these very bytes gets the frame, else the first.
 */
final class Routes {

    static final Routes NONE = new Routes(new long[0], new long[0], new FrameAccount[0]);

    private final long[] local;
    private final long[] remote;
    private final FrameAccount[] accounts;

    private Routes(long[] local, long[] remote, FrameAccount[] accounts) {
        this.local = local;
        this.remote = remote;
        this.accounts = accounts;
    }

    Routes with(long localMac, long remoteMac, FrameAccount account) {
        int n = accounts.length;
        long[] newLocal = Arrays.copyOf(local, n + 1);
        long[] newRemote = Arrays.copyOf(remote, n + 1);
        FrameAccount[] newAccounts = Arrays.copyOf(accounts, n + 1);
        newLocal[n] = localMac;
        newRemote[n] = remoteMac;
        newAccounts[n] = account;
        return new Routes(newLocal, newRemote, newAccounts);
    }

    int size() {
        return accounts.length;
    }

    FrameAccount account(int index) {
        return accounts[index];
    }

    boolean isLocal(long mac) {
        for (long l : local) {
            if (l == mac) {
                return true;
            }
        }
        return false;
    }

    /** The account that judges a frame; null if it belongs to none. */
    FrameAccount find(ByteBuffer frame, int offset, int length, ChannelRecord said) {
        long destination = FlowKey.macAt(frame, offset);
        long source = FlowKey.macAt(frame, offset + 6);
        boolean group = Net.isGroup(destination);
        FrameAccount firstFit = null;
        boolean several = false;
        for (int i = 0; i < accounts.length; i++) {
            if (remote[i] == source && (group || local[i] == destination)) {
                several = firstFit != null;
                if (several) {
                    break;
                }
                firstFit = accounts[i];
            }
        }
        return several ? choose(frame, offset, length, said, firstFit) : firstFit;
    }

    private FrameAccount choose(ByteBuffer frame, int offset, int length, ChannelRecord said, FrameAccount otherwise) {
        long destination = FlowKey.macAt(frame, offset);
        long source = FlowKey.macAt(frame, offset + 6);
        boolean group = Net.isGroup(destination);
        for (int i = 0; i < accounts.length; i++) {
            boolean fits = remote[i] == source && (group || local[i] == destination);
            if (fits && accounts[i].waitsFor(frame, offset, length, said)) {
                return accounts[i];
            }
        }
        return otherwise;
    }
}
