package dev.npa.sim.vmxnet3;

import dev.npa.hw.Steppable;
import dev.npa.pf.RssSettings;
import dev.npa.sim.machine.DmaFault;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.FrameFifo;
import dev.npa.sim.net.PortFilter;
import dev.npa.sim.net.SwitchPort;

/**
 * State of the device: what it has read from DriverShared, its queues, and the life of both. Every method takes the
 * device's lock, and none calls the backend or changes the port while it holds it.
 */
final class Emulation implements Steppable {

    /** The life of the device. */
    enum Mode {
        /** No rings, no shared area; as after RESET_DEV, QUIESCE_DEV or power-on. */
        QUIET,
        /** Rings and shared area in use. */
        ACTIVE,
        /** After STOP_EMULATION: shared area and event interrupts only. */
        STOPPED
    }

    private final Object lock = new Object();
    private final String name;
    private final Violations violations;
    private final DmaPort dma;
    private final GuestMemory memory;
    private final FrameFifo frames;
    private final SwitchPort port;
    private final Interrupts interrupts;
    private final RxEmulation rx;
    private TxEmulation[] tx = {};
    private int txCount;
    private Filters filters = new Filters();
    private DriverShared shared;
    private long sharedAddress;
    private long discarded;
    private int reportedRxErrors;
    private int reportedTxErrors;
    private int revision = 1;
    private RssSettings settings;
    private volatile Mode mode = Mode.QUIET;
    private volatile long pluginArea;

    Emulation(String name, Violations violations, SwitchPort port, DmaPort dma, Interrupts interrupts) {
        this.name = name;
        this.violations = violations;
        this.dma = dma;
        this.memory = new GuestMemory(dma);
        this.port = port;
        this.frames = port.toGuest();
        this.interrupts = interrupts;
        this.rx = new RxEmulation(dma, frames, interrupts);
    }

    Mode mode() {
        return mode;
    }

    long pluginArea() {
        return pluginArea;
    }

    /** Device revision that the driver chose, from 1; counts from the next activation on. */
    void revision(int chosen) {
        synchronized (lock) {
            revision = chosen;
        }
    }

    /** How the guest wants its traffic spread; null = RSS is off. */
    RssSettings rss() {
        synchronized (lock) {
            return settings;
        }
    }

    /** Whether frames for the guest are neither in the port's queue nor in its rings. */
    boolean holdsFrames() {
        synchronized (lock) {
            return rx.holdsFrames();
        }
    }

    /** Latches the address of DriverShared; 0 = none. */
    void sharedAddress(long address) {
        synchronized (lock) {
            sharedAddress = address;
        }
    }

    /** ACTIVATE_DEV. False: what the driver wrote is malformed; a violation says which field. */
    boolean activate() {
        synchronized (lock) {
            if (mode == Mode.ACTIVE) {
                return true;
            }
            try {
                DriverShared read = DriverShared.read(memory, sharedAddress);
                Filters newFilters = new Filters();
                newFilters.readAll(memory, sharedAddress);
                RssHash rss = readRss(read);
                start(read, newFilters, rss);
                return true;
            } catch (MalformedException e) {
                violations.record(name, "ACTIVATE_DEV failed: " + e.getMessage());
            } catch (DmaFault e) {
                dma.clearAbort();
            }
            return false;
        }
    }

    private RssHash readRss(DriverShared of) throws MalformedException {
        int features = memory.readInt(of.address() + DriverSharedLayout.UPT_FEATURES);
        return (features & Vmxnet3Registers.FEATURE_RSS) == 0 ? null
                : RssHash.read(memory, of.address(), of.rx().length);
    }

    private void start(DriverShared read, Filters newFilters, RssHash rss) {
        txCount = read.tx().length;
        if (tx.length < txCount) {
            int had = tx.length;
            tx = java.util.Arrays.copyOf(tx, txCount);
            for (int q = had; q < txCount; q++) {
                tx[q] = new TxEmulation(dma, port, interrupts);
            }
        }
        for (int q = 0; q < txCount; q++) {
            tx[q].start(read.tx()[q], read.mtu());
        }
        rx.start(read);
        rx.features(read.features(), revision);
        rx.rss(rss);
        settings = rss == null ? null : rss.settings();
        interrupts.autoMask(read.autoMask());
        filters = newFilters;
        shared = read;
        reportedRxErrors = 0;
        reportedTxErrors = 0;
        pluginArea = read.pluginArea();
        mode = Mode.ACTIVE;
    }

    /** QUIESCE_DEV. False if it was quiet already. */
    boolean quiesce() {
        synchronized (lock) {
            boolean was = mode != Mode.QUIET;
            mode = Mode.QUIET;
            pluginArea = 0;
            shared = null;
            filters.clear();
            rx.forget();
            interrupts.forgetCauses();
            return was;
        }
    }

    /** STOP_EMULATION: forgets the rings. False unless active. */
    boolean stop() {
        synchronized (lock) {
            if (mode != Mode.ACTIVE) {
                violations.record(name, "STOP_EMULATION while the device is not active");
                return false;
            }
            if (!frames.isEmpty() || rx.holdsFrames() || outstanding() != 0) {
                violations.record(name, "STOP_EMULATION with " + outstanding() + " packets not completed and "
                        + (frames.isEmpty() && !rx.holdsFrames() ? "no" : "some")
                        + " frames not received; drain both first");
            }
            mode = Mode.STOPPED;
            return true;
        }
    }

    private int outstanding() {
        int count = 0;
        for (int q = 0; q < txCount; q++) {
            count += tx[q].outstanding();
        }
        return count;
    }

    int mtu() {
        synchronized (lock) {
            return shared == null ? 0 : shared.mtu();
        }
    }

    PortFilter filter() {
        synchronized (lock) {
            return filters.toPortFilter();
        }
    }

    /** Re-reads a part of DriverShared for an UPDATE command. False: refused, a violation says why. */
    boolean update(int code) {
        synchronized (lock) {
            try {
                if (mode == Mode.QUIET) {
                    throw new MalformedException("the device is not active");
                }
                long at = shared.address();
                switch (code) {
                    case CommandCodes.UPDATE_RX_MODE -> filters.readMode(memory, at);
                    case CommandCodes.UPDATE_MAC_FILTERS -> filters.readMulticast(memory, at);
                    case CommandCodes.UPDATE_VLAN_FILTERS -> filters.readVlans(memory, at);
                    case CommandCodes.UPDATE_RSSIDT, CommandCodes.UPDATE_FEATURE -> {
                        RssHash rss = readRss(shared);
                        rx.rss(rss);
                        settings = rss == null ? null : rss.settings();
                        rx.features(memory.readInt(at + DriverSharedLayout.UPT_FEATURES), revision);
                    }
                    default -> { } // UPDATE_IML and UPDATE_PMCFG set what a simulated VM has no use for
                }
                return true;
            } catch (MalformedException e) {
                violations.record(name, "command 0x" + Integer.toHexString(code) + " refused: " + e.getMessage());
            } catch (DmaFault e) {
                dma.clearAbort();
            }
            return false;
        }
    }

    /** cmdInfo words of the command that runs; null without shared area. */
    int[] commandInfo() {
        synchronized (lock) {
            if (mode == Mode.QUIET) {
                return null;
            }
            int[] words = new int[4];
            try {
                for (int i = 0; i < words.length; i++) {
                    words[i] = memory.readInt(shared.address() + DriverSharedLayout.COMMAND_INFO + 4L * i);
                }
                return words;
            } catch (DmaFault e) {
                dma.clearAbort();
                return null;
            }
        }
    }

    /** GET_QUEUE_STATUS; vmxnet3 §4. */
    void writeQueueStatus() {
        synchronized (lock) {
            for (int q = 0; mode == Mode.ACTIVE && q < txCount; q++) {
                writeStatus(tx[q].conf().descriptor(), tx[q].error());
            }
            for (int q = 0; mode == Mode.ACTIVE && q < rx.count(); q++) {
                writeStatus(rx.queue(q).conf().descriptor(), rx.queue(q).error());
            }
        }
    }

    private void writeStatus(long descriptor, int error) {
        try {
            dma.writeInt(descriptor + QueueDescriptors.STATUS_STOPPED, error == 0 ? 0 : 1);
            dma.writeInt(descriptor + QueueDescriptors.STATUS_ERROR, error);
        } catch (DmaFault e) {
            dma.clearAbort();
        }
    }

    /** GET_STATS; vmxnet3 §4. */
    void writeStatistics() {
        synchronized (lock) {
            try {
                for (int q = 0; mode == Mode.ACTIVE && q < txCount; q++) {
                    tx[q].statistics().write(dma, tx[q].conf().descriptor());
                }
                for (int q = 0; mode == Mode.ACTIVE && q < rx.count(); q++) {
                    rx.queue(q).statistics().write(dma, rx.queue(q).conf().descriptor());
                }
            } catch (DmaFault e) {
                dma.clearAbort();
            }
        }
    }

    /**
     * Sets bits in DriverShared.ecr and raises the event vector; vmxnet3 §5.
     *
     * @return false without shared area, or when it cannot be written
     */
    boolean raiseEvents(int bits) {
        synchronized (lock) {
            if (mode == Mode.QUIET || !dma.isReady()) {
                return false;
            }
            try {
                long at = shared.address() + DriverSharedLayout.ECR;
                // Release: what the events tell of is in memory before they are. The driver clears by command only.
                dma.writeIntRelease(at, dma.readInt(at) | bits);
            } catch (DmaFault e) {
                dma.clearAbort();
                return false;
            }
            interrupts.raise(shared.eventVector());
            return true;
        }
    }

    /** A write to ECR: clears bits in DriverShared.ecr. */
    void acknowledgeEvents(int bits) {
        synchronized (lock) {
            if (mode == Mode.QUIET || !dma.isReady()) {
                return;
            }
            try {
                long at = shared.address() + DriverSharedLayout.ECR;
                dma.writeIntRelease(at, dma.readInt(at) & ~bits);
            } catch (DmaFault e) {
                dma.clearAbort();
            }
        }
    }

    @Override
    public int run(int budget) {
        synchronized (lock) {
            if (mode != Mode.ACTIVE) {
                return mode == Mode.STOPPED ? 0 : discard(budget);
            }
            if (!dma.isReady()) {
                return 0;
            }
            int work = rx.run(budget);
            for (int q = 0; q < txCount; q++) {
                work += tx[q].run(budget);
            }
            int events = newErrors();
            if (events != 0) {
                raiseEvents(events);
            }
            return work;
        }
    }

    /** Frames that reach a device without driver are lost, as in any NIC; its closed filter lets no more follow. */
    private int discard(int budget) {
        int count = 0;
        int at;
        while (count < budget && (at = frames.peek()) >= 0) {
            frames.remove(at);
            count++;
        }
        discarded += count;
        return count;
    }

    private int newErrors() {
        int txErrors = 0;
        for (int q = 0; q < txCount; q++) {
            txErrors |= tx[q].error() == 0 ? 0 : 1 << q;
        }
        int rxErrors = 0;
        for (int q = 0; q < rx.count(); q++) {
            rxErrors |= rx.queue(q).error() == 0 ? 0 : 1 << q;
        }
        int events = ((txErrors & ~reportedTxErrors) != 0 ? Vmxnet3Registers.EVENT_TQERR : 0)
                | ((rxErrors & ~reportedRxErrors) != 0 ? Vmxnet3Registers.EVENT_RQERR : 0);
        reportedTxErrors = txErrors;
        reportedRxErrors = rxErrors;
        return events;
    }

    /** Frames thrown away because they reached a device without driver. */
    long discarded() {
        synchronized (lock) {
            return discarded;
        }
    }

    int txQueues() {
        return mode == Mode.ACTIVE ? txCount : 0;
    }

    int rxQueues() {
        return mode == Mode.ACTIVE ? rx.count() : 0;
    }

    String describe(int queue, boolean transmit) {
        synchronized (lock) {
            if (queue < 0 || queue >= (transmit ? txQueues() : rxQueues())) {
                throw new IllegalArgumentException(name + " has no " + (transmit ? "transmit" : "receive") + " queue "
                        + queue + "; the device is " + mode);
            }
            return transmit ? RingText.transmit(memory, tx[queue]) : RingText.receive(memory, rx.queue(queue));
        }
    }
}
