package dev.npa.testimage;

import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.Feature;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.Shell;
import java.util.ArrayDeque;
import java.util.Set;

/** A complete plugin for the test device: segments and buffers go through registers one at a time. */
public class TestPlugin implements Plugin, TxQueue, RxQueue {

    public static final int TX_LO = 0x00;
    public static final int TX_HI = 0x04;
    /** Length in bits 0..15, bit 16 = end of packet; writing sends. */
    public static final int TX_LENGTH = 0x08;
    /** Read: packets sent since reset. */
    public static final int TX_DONE = 0x0C;
    public static final int RX_LO = 0x10;
    /** Writing posts a buffer. */
    public static final int RX_HI = 0x14;
    /** Read: length of the oldest filled buffer, taken by the read; 0 = none. */
    public static final int RX_LENGTH = 0x18;
    /** 1 enables the queues, 0 stops and forgets. */
    public static final int ENABLE = 0x1C;
    /** 1 = masked. */
    public static final int MASK = 0x20;
    /** Fault that the plugin shows; read in each data path call. */
    public static final int FAULT = 0x24;
    public static final int FAULT_TX = 1;
    public static final int FAULT_RX = 2;
    public static final int FAULT_INTERRUPT = 3;
    public static final int FAULT_FOREIGN_BUFFER = 4;
    public static final int FAULT_QUIESCE = 5;

    private static final int POSTED = 48;

    private final Shell shell;
    private final RegisterWindow registers;
    private final ArrayDeque<int[]> sent = new ArrayDeque<>();
    private final ArrayDeque<long[]> posted = new ArrayDeque<>();
    private final PacketBurst taken = new PacketBurst(POSTED);
    private int ring;
    private int used;
    private int outstanding;
    private int completed;
    private boolean aborting;

    public TestPlugin(Shell shell) {
        this.shell = shell;
        this.registers = shell.registers(0);
    }

    @Override
    public PluginCapabilities capabilities() {
        return new PluginCapabilities(Set.of(Feature.SCATTER_GATHER), 1, 1, 8, 512, 8, 8, 0, 128, 14, 1500, 1);
    }

    @Override
    public void configure(PluginConfig config) {
        config.check(capabilities());
        ring = config.txRingSize();
    }

    @Override
    public void start() {
        registers.write32(ENABLE, 1);
        refill();
    }

    @Override
    public boolean quiesce() {
        fault(FAULT_QUIESCE);
        return outstanding == 0;
    }

    @Override
    public void stop() {
        registers.write32(ENABLE, 0);
        registers.write32(MASK, 1);
        PacketBurst back = new PacketBurst(POSTED);
        for (long[] buffer : posted) {
            back.add(buffer[0], (int) buffer[1], 0, PacketFlags.WHOLE);
        }
        posted.clear();
        shell.buffers().give(back, 0, back.size());
        aborting = true;
    }

    @Override
    public void close() {
        if (!posted.isEmpty()) {
            stop();
        }
    }

    @Override
    public TxQueue txQueue(int index) {
        return this;
    }

    @Override
    public RxQueue rxQueue(int index) {
        return this;
    }

    @Override
    public long counter(DeviceCounter counter) {
        return counter == DeviceCounter.TX_FRAMES ? Integer.toUnsignedLong(registers.read32(TX_DONE)) : 0;
    }

    @Override
    public boolean onInterrupt(int vector) {
        fault(FAULT_INTERRUPT);
        registers.write32(MASK, 1);
        return true;
    }

    @Override
    public void enableInterrupt(int vector) {
        registers.write32(MASK, 0);
    }

    @Override
    public void disableInterrupt(int vector) {
        registers.write32(MASK, 1);
    }

    private void fault(int kind) {
        if (registers.read32(FAULT) == kind) {
            throw new PluginFailure("the test wants fault " + kind);
        }
    }

    @Override
    public int transmit(PacketBurst burst, int from, int to) {
        fault(FAULT_TX);
        int i = from;
        while (i < to) {
            int end = i;
            while ((burst.flags(end) & PacketFlags.EOP) == 0) {
                end++;
            }
            if (used + end + 1 - i > ring) {
                return i;
            }
            for (; i <= end; i++) {
                sent.add(new int[] {burst.handle(i), burst.flags(i)});
                used++;
                registers.write32(TX_LO, (int) burst.address(i));
                registers.write32(TX_HI, (int) (burst.address(i) >>> 32));
                registers.write32(TX_LENGTH, burst.length(i) | (i == end ? 1 << 16 : 0));
            }
            outstanding++;
        }
        return i;
    }

    @Override
    public int reclaim(PacketBurst done, int budget) {
        int ready = aborting ? outstanding : registers.read32(TX_DONE) - completed;
        int packets = 0;
        while (packets < Math.min(ready, budget) && done.room() >= 8) {
            int[] segment;
            do {
                segment = sent.remove();
                used--;
                done.add(0, segment[0], 0, segment[1] | (aborting ? PacketFlags.ABORTED : 0));
            } while ((segment[1] & PacketFlags.EOP) == 0);
            packets++;
        }
        completed += packets;
        outstanding -= packets;
        return packets;
    }

    @Override
    public int receive(PacketBurst into, int budget) {
        fault(FAULT_RX);
        int packets = 0;
        while (packets < budget && into.room() > 0 && !posted.isEmpty()) {
            int length = registers.read32(RX_LENGTH);
            if (length == 0) {
                break;
            }
            long[] buffer = posted.remove();
            boolean foreign = registers.read32(FAULT) == FAULT_FOREIGN_BUFFER;
            into.add(buffer[0], foreign ? (int) buffer[1] + 1 : (int) buffer[1], length, PacketFlags.WHOLE);
            packets++;
        }
        refill();
        return packets;
    }

    private void refill() {
        taken.clear();
        shell.buffers().take(taken, POSTED - posted.size());
        for (int i = 0; i < taken.size(); i++) {
            posted.add(new long[] {taken.address(i), taken.handle(i)});
            registers.write32(RX_LO, (int) taken.address(i));
            registers.write32(RX_HI, (int) (taken.address(i) >>> 32));
        }
    }

    @Override
    public int outstanding() {
        return outstanding;
    }

    @Override
    public long counter(QueueCounter counter) {
        return 0;
    }

    /** An exception of the image's own: whoever keeps it keeps the class loader. */
    public static final class PluginFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PluginFailure(String message) {
            super(message);
        }
    }
}
