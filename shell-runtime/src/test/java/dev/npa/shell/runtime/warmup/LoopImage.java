package dev.npa.shell.runtime.warmup;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciIdentity;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.Feature;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginFactory;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.ScratchDevice;
import dev.npa.plugin.TxQueue;
import dev.npa.plugin.support.AbstractPlugin;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.Shell;
import java.util.EnumSet;

/** An image whose device has no registers: plugin and scratch device share two counters and a ring of buffers. */
final class LoopImage implements PluginFactory {

    private static final int SLOTS = 64;

    private final int losesEvery;
    private Loop loop;
    int created;
    int closed;
    long sentWithRequests;
    long received;

    /** Makes an image whose plugin completes all packets but, if not 0, one in so many as not sent. */
    LoopImage(int losesEvery) {
        this.losesEvery = losesEvery;
    }

    @Override
    public boolean supports(PciIdentity device) {
        return true;
    }

    @Override
    public Plugin create(Shell shell) {
        created++;
        loop.shell = shell;
        return new LoopPlugin(shell);
    }

    @Override
    public ScratchDevice scratchDevice(PciIdentity device, DmaMemory memory) {
        loop = new Loop();
        return loop;
    }

    private static final class Loop implements ScratchDevice {
        private final long[] address = new long[SLOTS];
        private final int[] handle = new int[SLOTS];
        private Shell shell;
        private int posted;
        private int filled;
        private int length;
        private int taken;
        private int sent;

        @Override
        public int barBytes(int bar) {
            return 0;
        }

        @Override
        public int read32(int bar, int offset) {
            throw new AssertionError("there are no registers");
        }

        @Override
        public void write32(int bar, int offset, int value) {
            throw new AssertionError("there are no registers");
        }

        @Override
        public int send(int budget) {
            int count = Math.min(budget, taken);
            taken -= count;
            sent += count;
            return count;
        }

        @Override
        public int receive(int frames, int bytes) {
            length = bytes;
            int count = Math.min(frames, posted - filled);
            filled += count;
            return count;
        }
    }

    private final class LoopPlugin extends AbstractPlugin {

        private LoopPlugin(Shell shell) {
            super(shell, "loop", new PluginCapabilities(EnumSet.of(Feature.TX_L4_CHECKSUM, Feature.VLAN_INSERT), 1, 1, 64,
                    512, 1, 1, 0, 128, 14, 1500, 0));
        }

        @Override
        protected Queues setUp(PluginConfig wanted) {
            allocate(4096, 64);
            Queue queue = new Queue(loop);
            return new Queues(new TxQueue[] {queue}, new RxQueue[] {queue});
        }

        @Override
        protected void enable() {
            loop.posted = loop.shell.buffers().take(loop.address, loop.handle, 0, SLOTS);
        }

        @Override
        protected boolean settle(boolean first) {
            return true;
        }

        @Override
        protected boolean disable() {
            loop.shell.buffers().give(loop.handle, 0, loop.posted);
            loop.posted = 0;
            return true;
        }

        @Override
        protected void release() {
            closed++;
        }

        @Override
        protected long read(DeviceCounter counter) {
            return 0;
        }

        @Override
        protected boolean fired(int vector) {
            return false;
        }

        @Override
        protected void unmask(int vector) {
            throw new AssertionError("there are no vectors");
        }

        @Override
        protected void mask(int vector) {
            throw new AssertionError("there are no vectors");
        }
    }

    private final class Queue implements TxQueue, RxQueue {

        private final Loop device;
        private int taken;

        private Queue(Loop device) {
            this.device = device;
        }

        @Override
        public int transmit(PacketBurst burst, int from, int to) {
            for (int i = from; i < to; i++) {
                sentWithRequests += (burst.flags(i) & (PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_VLAN)) != 0 ? 1 : 0;
            }
            device.taken += to - from;
            taken += to - from;
            return to;
        }

        @Override
        public int reclaim(int budget) {
            int count = Math.min(budget, device.sent);
            device.sent -= count;
            taken -= count;
            boolean lose = losesEvery != 0 && count > 0 && received % losesEvery == 0;
            return lose ? -count : count;
        }

        @Override
        public int outstanding() {
            return taken;
        }

        @Override
        public int receive(PacketBurst into, int budget) {
            int count = Math.min(budget, device.filled);
            for (int i = 0; i < count; i++) {
                int slot = device.posted - 1 - i;
                into.add(device.address[slot], device.handle[slot], device.length, PacketFlags.WHOLE);
            }
            device.filled -= count;
            device.posted -= count;
            received += count;
            device.posted += device.shell.buffers().take(device.address, device.handle, device.posted,
                    SLOTS - device.posted);
            return count;
        }

        @Override
        public long counter(QueueCounter counter) {
            return 0;
        }
    }
}
