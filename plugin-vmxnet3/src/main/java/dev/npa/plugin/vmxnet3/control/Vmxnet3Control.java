package dev.npa.plugin.vmxnet3.control;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.hw.RegisterWindow;
import dev.npa.shell.Shell;
import java.util.Set;

/**
 * Control channel of one vmxnet3 device. Opened by the shell for the life of the device, lent to every emulation
 * plugin; works in passthrough mode as well, when no emulated data path exists.
 *
 * <p><b>Vectors.</b> Of the shell's vectors (the first 25 at most) the last is the event vector; queue pair q uses
 * vector {@code q % config.vectors}. With one vector queues and events share it. Vectors start masked. Masks are
 * remembered and written again on activation, because a device may ignore them while it is not active.
 *
 * <p><b>Threading.</b> Thread-safe. {@link #maskVector} and {@link #unmaskVector} take no lock, so that an interrupt
 * handler never waits for a command.
 */
public final class Vmxnet3Control implements AutoCloseable {

    private static final int RSS_AT = 0x400;
    private static final int SHARED_BYTES = 0x500;

    private final Shell shell;
    private final RegisterWindow pt;
    private final RegisterWindow vd;
    private final DmaMemory shared;
    private final DmaMemory queueTable;
    private final ReceiveFilter filter;
    private final int revision;
    private final int vectors;
    private final boolean autoMask;
    private final boolean[] unmasked = new boolean[DriverShared.MAX_VECTORS];
    private MacAddress wantedMac;
    private RssConf rss;
    /** Whether {@link #rss} was called; else receive queues are used in turn. */
    private boolean rssChosen;
    private int rssQueues;
    private boolean announced;
    private boolean dataPathActive;
    private boolean closed;

    /**
     * Resets the device, negotiates and allocates the shared area and the queue descriptor table.
     *
     * @throws dev.npa.plugin.PluginException if the device does not answer or offers nothing that this driver knows
     * @throws dev.npa.shell.ShellException if there is no memory; nothing stays allocated
     */
    public static Vmxnet3Control open(Shell shell) {
        return new Vmxnet3Control(shell);
    }

    private Vmxnet3Control(Shell shell) {
        this.shell = shell;
        pt = shell.registers(Vmxnet3Registers.BAR_PT);
        vd = shell.registers(Vmxnet3Registers.BAR_VD);
        vectors = Math.min(shell.vectors(), DriverShared.MAX_VECTORS);
        rawCommand(Vmxnet3Command.QUIESCE_DEV);
        rawCommand(Vmxnet3Command.RESET_DEV);
        revision = Handshake.negotiate(vd, shell.device());
        autoMask = (rawCommand(Vmxnet3Command.GET_CONF_INTR) >> 2 & 3) == 0; // §4: mask mode 0 = auto
        shared = shell.allocate(SHARED_BYTES, DriverShared.ALIGNMENT);
        try {
            queueTable = shell.allocate(QueueTable.SIZE, QueueTable.ALIGNMENT);
        } catch (RuntimeException e) {
            shell.free(shared);
            throw e;
        }
        filter = new ReceiveFilter(shell, shared);
        Handshake.introduce(shared, queueTable.address(), vectors, eventVector(), autoMask);
    }

    /** Device revision in force, 1 or 2. */
    public int revision() {
        return revision;
    }

    /** Vectors in use, queues and events together; 0 = everything is polled. */
    public int vectors() {
        return vectors;
    }

    /** The vector that events raise: the last one. 0 when there is none or only one. */
    public int eventVector() {
        return Math.max(0, vectors - 1);
    }

    /** Queue descriptor table, see {@link QueueTable}; 16 descriptors, zeroed. Freed by {@link #close()}. */
    public DmaMemory queueTable() {
        return queueTable;
    }

    /** Runs a command without arguments and returns its result. */
    public synchronized int command(int code) {
        checkOpen();
        return rawCommand(code);
    }

    /**
     * Runs a command with its arguments in cmdInfo and returns its result.
     *
     * @param code command, see {@link Vmxnet3Command}
     * @param info0 bytes 0..3 of cmdInfo
     * @param info1 bytes 4..7
     * @param info2 bytes 8..15
     */
    public synchronized int command(int code, int info0, int info1, long info2) {
        checkOpen();
        shared.putInt(DriverShared.CMD_INFO, info0);
        shared.putInt(DriverShared.CMD_INFO + 4, info1);
        shared.putLong(DriverShared.CMD_INFO + 8, info2);
        return rawCommand(code);
    }

    private int rawCommand(int code) {
        vd.write32(Vmxnet3Registers.CMD, code); // §4: a register write orders after the stores before it
        return vd.read32(Vmxnet3Registers.CMD);
    }

    /** The address in force. */
    public synchronized MacAddress mac() {
        checkOpen();
        int low = vd.read32(Vmxnet3Registers.MACL);
        return MacAddress.ofRegisters(low, vd.read32(Vmxnet3Registers.MACH));
    }

    /**
     * Asks for another address. What is granted survives activation.
     *
     * @return whether the device took it; false when policy refused, and the old one stays
     */
    public synchronized boolean mac(MacAddress mac) {
        checkOpen();
        if (!writeMac(mac)) {
            return false;
        }
        wantedMac = mac;
        return true;
    }

    private boolean writeMac(MacAddress mac) {
        vd.write32(Vmxnet3Registers.MACL, mac.low32()); // §2: low first, high takes effect
        vd.write32(Vmxnet3Registers.MACH, mac.high16());
        return mac().equals(mac);
    }

    public LinkState link() {
        int status = command(Vmxnet3Command.GET_LINK);
        return (status & 1) == 0 ? LinkState.DOWN : new LinkState(true, status >>> 16);
    }

    /**
     * Sets which frames the device delivers. Stays in force over activations. Before the first activation nothing is
     * delivered unless this was called.
     *
     * @param unicast frames to {@link #mac()}
     * @param broadcast broadcast frames
     * @param allMulticast every multicast frame
     * @param promiscuous every frame
     * @param multicast groups to deliver; more than 10922 count as all
     * @param vlans ids 0..4094 whose tagged frames are delivered, besides untagged frames, which always are
     */
    public synchronized void receiveMode(boolean unicast, boolean broadcast, boolean allMulticast, boolean promiscuous,
            Set<MacAddress> multicast, Set<Integer> vlans) {
        checkOpen();
        int mode = (unicast ? DriverShared.RX_MODE_UNICAST : 0) | (broadcast ? DriverShared.RX_MODE_BROADCAST : 0)
                | (allMulticast ? DriverShared.RX_MODE_ALL_MULTI : 0)
                | (promiscuous ? DriverShared.RX_MODE_PROMISCUOUS : 0);
        filter.write(mode, multicast, vlans);
        if (announced) {
            updateFilters();
        }
    }

    private void updateFilters() {
        rawCommand(Vmxnet3Command.UPDATE_VLAN_FILTERS);
        rawCommand(Vmxnet3Command.UPDATE_MAC_FILTERS);
        rawCommand(Vmxnet3Command.UPDATE_RX_MODE);
    }

    /**
     * Reads and acknowledges events. Called by the handler of the event vector, which unmasks it afterwards.
     *
     * @return bits of {@link Vmxnet3Event}; 0 when there are none
     */
    public int takeEvents() {
        if (isClosed()) {
            return 0;
        }
        int events = shared.getIntAcquire(DriverShared.ECR); // what the device wrote before is visible now
        if (events != 0) {
            vd.write32(Vmxnet3Registers.ECR, events); // §5: the device clears these bits, not the driver
        }
        return events;
    }

    /**
     * Names the plugin area of the switch protocol, or takes it back. The device reads it on activation.
     *
     * @param address guest-physical, 64-byte aligned; 0 with length 0 = this guest takes no part
     * @param length bytes
     * @throws IllegalStateException if a data path is active
     */
    public synchronized void pluginArea(long address, int length) {
        checkOpen();
        if (dataPathActive) {
            throw new IllegalStateException("the device reads the plugin area on activation and is active already; "
                    + "name it before start()");
        }
        int at = DriverShared.PLUGIN_CONF;
        shared.putInt(at + DriverShared.CONF_VERSION, length == 0 ? 0 : 1);
        shared.putInt(at + DriverShared.CONF_LENGTH, length);
        shared.putLong(at + DriverShared.CONF_ADDRESS, address);
    }

    /**
     * Activates an emulated data path. The queue descriptor table is complete. Afterwards address, filters and masks
     * are in force as they were set.
     *
     * @return false if the device refused; it is as it was before
     * @throws IllegalStateException if one is active already
     */
    public synchronized boolean activate(DataPath path) {
        checkOpen();
        if (dataPathActive) {
            throw new IllegalStateException("an emulated data path is active already; stop it first");
        }
        writeDataPath(path);
        boolean announcedHere = !announced;
        if (announcedHere) {
            announce(shared.address());
        }
        if (rawCommand(Vmxnet3Command.ACTIVATE_DEV) != 0) {
            if (announcedHere) {
                announce(0);
            }
            return false;
        }
        dataPathActive = true;
        for (int vector = 0; vector < Math.max(1, vectors); vector++) {
            pt.write32(Vmxnet3Registers.IMR(vector), unmasked[vector] ? 0 : 1);
        }
        // §15.4: some devices fall back to the permanent address on activation.
        if (wantedMac != null && !mac().equals(wantedMac)) {
            writeMac(wantedMac);
        }
        updateFilters();
        return true;
    }

    private void writeDataPath(DataPath path) {
        shared.putLong(DriverShared.UPT_FEATURES, path.uptFeatures());
        shared.putInt(DriverShared.QUEUE_DESC_LEN, QueueTable.DESCRIPTOR * (path.txQueues() + path.rxQueues()));
        shared.putInt(DriverShared.MTU, path.mtu());
        shared.putShort(DriverShared.MAX_NUM_RX_SG, (short) path.maxReceiveBuffers());
        shared.putByte(DriverShared.NUM_TX_QUEUES, (byte) path.txQueues());
        shared.putByte(DriverShared.NUM_RX_QUEUES, (byte) path.rxQueues());
        // Never "all disabled": a device that takes a copy on activation would stay silent. IMR does the masking.
        shared.putInt(DriverShared.INTR_CTRL, 0);
        rssQueues = path.rssQueues();
        writeRss();
    }

    /** Writes configuration and feature bit together: the device looks at both. §7 */
    private void writeRss() {
        RssConf conf = rssQueues == 0 ? null : rssChosen ? rss : RssConf.spread(rssQueues);
        if (conf != null) {
            conf.write(shared, RSS_AT, rssQueues);
        }
        boolean on = conf != null;
        shared.putInt(DriverShared.RSS_CONF + DriverShared.CONF_VERSION, on ? RssConf.VERSION : 0);
        shared.putInt(DriverShared.RSS_CONF + DriverShared.CONF_LENGTH, on ? RssConf.SIZE : 0);
        shared.putLong(DriverShared.RSS_CONF + DriverShared.CONF_ADDRESS, on ? shared.address() + RSS_AT : 0);
        long features = shared.getLong(DriverShared.UPT_FEATURES) & ~(long) DriverShared.UPT_RSS;
        shared.putLong(DriverShared.UPT_FEATURES, features | (on ? DriverShared.UPT_RSS : 0));
    }

    /**
     * Sets how received packets are spread, from now on and over activations, in passthrough mode for the VF. Counts
     * for data paths that have RSS enabled.
     *
     * @param conf null = not at all
     */
    public synchronized void rss(RssConf conf) {
        checkOpen();
        rss = conf;
        rssChosen = true;
        if (announced) {
            writeRss();
            rawCommand(Vmxnet3Command.UPDATE_FEATURE);
            rawCommand(Vmxnet3Command.UPDATE_RSSIDT);
        }
    }

    private void announce(long address) {
        vd.write32(Vmxnet3Registers.DSAL, (int) address); // §2: low first, high latches
        vd.write32(Vmxnet3Registers.DSAH, (int) (address >>> 32));
        announced = address != 0;
    }

    /** Whether an emulated data path is active: activated and neither stopped, quiesced nor reset since. */
    public synchronized boolean isDataPathActive() {
        return dataPathActive;
    }

    /**
     * Tells the device that the emulated rings are drained. It forgets them and lets go of their memory; commands,
     * events and the shared area stay in force. The next step is the plugin's {@code stop()}.
     *
     * @param sequence of the request, docs/switch-protocol.md
     * @return result code; the data path is inactive only when it is 0
     */
    public synchronized int stopEmulation(int sequence) {
        int result = command(Vmxnet3Command.STOP_EMULATION, sequence, 0, 0);
        if (result == 0) {
            dataPathActive = false;
        }
        return result;
    }

    /** Stops the device: no DMA and no interrupt when it returns. Transmits in flight are lost. */
    public synchronized void quiesce() {
        checkOpen();
        rawCommand(Vmxnet3Command.QUIESCE_DEV);
        dataPathActive = false;
    }

    /** Unmasks a vector. A cause that came while it was masked raises it now. */
    public void unmaskVector(int vector) {
        unmasked[vector] = true;
        pt.write32(Vmxnet3Registers.IMR(vector), 0);
    }

    /** Masks a vector. */
    public void maskVector(int vector) {
        unmasked[vector] = false;
        pt.write32(Vmxnet3Registers.IMR(vector), 1);
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the vmxnet3 control channel is closed; open another");
        }
    }

    /** Resets the device and frees all memory. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        rawCommand(Vmxnet3Command.QUIESCE_DEV);
        announce(0);
        rawCommand(Vmxnet3Command.RESET_DEV);
        dataPathActive = false;
        closed = true;
        filter.free();
        shell.free(queueTable);
        shell.free(shared);
    }
}
