package dev.npa.shell.runtime.instance;

import dev.npa.hw.AccessFault;
import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.Shell;
import dev.npa.shell.ShellException;
import dev.npa.shell.ShellLog;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.pci.PciDevice;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shell as one plugin instance sees it. Everything that it hands out is tracked; {@link #revoke} makes all handles
 * fail and {@link #close} frees what is left.
 */
public final class ShellImpl implements Shell {

    private static final int LARGEST = 16 << 20;
    private static final int LARGEST_ALIGNMENT = 64 * 1024;

    private final PciDevice device;
    private final PhysicalAllocator allocator;
    private final PacketPool pool;
    private final int instance;
    private final Clock clock;
    private final ShellLog log;
    private final InstanceBuffers buffers;
    private final Map<DmaMemory, Long> allocations = new IdentityHashMap<>();
    private final List<RevocableWindow> windows = new ArrayList<>();
    private boolean revoked;

    /**
     * Makes the shell of one instance.
     *
     * @param instance number of the instance, from 1, never used again
     * @param reserve packet buffers that the instance leaves in the pool
     */
    public ShellImpl(PciDevice device, PhysicalAllocator allocator, PacketPool pool, int instance, int reserve,
            Clock clock, ShellLog log) {
        this.device = device;
        this.allocator = allocator;
        this.pool = pool;
        this.instance = instance;
        this.clock = clock;
        this.log = log;
        this.buffers = new InstanceBuffers(pool, PacketPool.ownerOf(instance), reserve);
    }

    /** Number of the instance. */
    public int instance() {
        return instance;
    }

    @Override
    public PciIdentity device() {
        return device.identity();
    }

    @Override
    public RegisterWindow registers(int bar) {
        checkOpen("registers(" + bar + ")");
        if (bar < 0 || bar > 5) {
            throw new ShellException("BAR " + bar + " is not in 0..5");
        }
        RegisterWindow window;
        try {
            window = device.function().bar(bar);
        } catch (AccessFault e) {
            throw new ShellException("device " + device.identity() + " has no memory BAR " + bar + ": "
                    + e.getMessage());
        }
        RevocableWindow wrapped = new RevocableWindow(window, "BAR" + bar + " of " + device.identity());
        windows.add(wrapped);
        return wrapped;
    }

    @Override
    public int vectors() {
        return device.vectors();
    }

    @Override
    public DmaMemory allocate(int bytes, int alignment) {
        checkOpen("allocate");
        if (bytes < 1 || bytes > LARGEST) {
            throw new ShellException("a DMA window of " + bytes + " bytes was asked for; 1.." + LARGEST
                    + " can be had");
        }
        if (Integer.bitCount(alignment) != 1 || alignment < 0 || alignment > LARGEST_ALIGNMENT) {
            throw new ShellException("alignment " + alignment + " is not a power of two up to " + LARGEST_ALIGNMENT);
        }
        long address = allocator.allocate(bytes, alignment);
        DmaMemory memory = allocator.memory().window(address, bytes);
        allocations.put(memory, address);
        return memory;
    }

    @Override
    public void free(DmaMemory memory) {
        Long address = allocations.remove(memory);
        if (address == null) {
            throw new ShellException(memory == null ? "free(null)" : "the DMA window of " + memory.length()
                    + " bytes at 0x" + Long.toHexString(memory.address())
                    + " is not this plugin's or was freed before");
        }
        memory.revoke();
        allocator.free(address);
    }

    @Override
    public PacketBuffers buffers() {
        return buffers;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public ShellLog log() {
        return log;
    }

    /** Number of DMA windows that the instance holds. */
    public int held() {
        return allocations.size();
    }

    /** Makes every handle of the instance fail from now on; frees nothing. Idempotent. */
    public void revoke() {
        revoked = true;
        buffers.revoke();
        windows.forEach(RevocableWindow::revoke);
        allocations.keySet().forEach(DmaMemory::revoke);
    }

    /**
     * Revokes everything and frees what the instance still held. Its device must do no DMA any more, and what it had to
     * transmit was taken back from its data paths.
     *
     * @return what had to be freed
     */
    public Census close() {
        revoke();
        windows.clear();
        long bytes = 0;
        for (Map.Entry<DmaMemory, Long> entry : allocations.entrySet()) {
            bytes += entry.getKey().length();
            allocator.free(entry.getValue());
        }
        int count = allocations.size();
        allocations.clear();
        return new Census(pool.reclaim(PacketPool.ownerOf(instance)), count, bytes);
    }

    private void checkOpen(String call) {
        if (revoked) {
            throw new ShellException(call + " on a shell that was closed; the plugin instance is gone");
        }
    }
}
