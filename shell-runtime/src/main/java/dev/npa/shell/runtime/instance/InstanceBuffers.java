package dev.npa.shell.runtime.instance;

import dev.npa.hw.DmaMemory;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.ShellException;
import dev.npa.shell.runtime.memory.PacketPool;

/** The packet pool as one plugin instance sees it: what it takes bears its name. */
final class InstanceBuffers implements PacketBuffers {

    private final PacketPool pool;
    private final int owner;
    private final int reserve;
    private final DmaMemory memory;
    private boolean revoked;

    /**
     * Makes a view.
     *
     * @param owner owner value of what is taken
     * @param reserve buffers that stay in the pool for transmit
     */
    InstanceBuffers(PacketPool pool, int owner, int reserve) {
        this.pool = pool;
        this.owner = owner;
        this.reserve = reserve;
        this.memory = pool.window();
    }

    @Override
    public int bufferSize() {
        return PacketPool.CAPACITY;
    }

    @Override
    public DmaMemory memory() {
        return memory;
    }

    @Override
    public int take(long[] addresses, int[] handles, int from, int count) {
        int most = Math.min(count, pool.available() - reserve);
        if (revoked || most <= 0) {
            return 0;
        }
        pool.take(owner, addresses, handles, from, most);
        return most;
    }

    @Override
    public void give(int[] handles, int from, int count) {
        for (int i = from; i < from + count; i++) {
            int handle = handles[i];
            if (!pool.free(handle, owner)) {
                throw new ShellException("buffer " + handle + " is given back but is not this plugin's: it was given "
                        + "back or indicated before, or never taken");
            }
        }
    }

    void revoke() {
        revoked = true;
        memory.revoke();
    }
}
