package dev.npa.testimage;

import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.Feature;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.Shell;
import java.util.EnumSet;
import java.util.Set;

/**
 * A complete plugin for the test device: segments and buffers go through registers one at a time. What the device can
 * do stands in its registers.
 */
public class TestPlugin implements Plugin {

    /** 1 enables the queues, 0 stops and forgets. */
    public static final int ENABLE = 0x800;
    /** Fault that the plugin shows; read in each data path call. */
    public static final int FAULT = 0x804;
    /** Read: queue pairs. */
    public static final int QUEUES = 0x808;
    /** Read: features, a bit for each ordinal. */
    public static final int FEATURES = 0x80C;
    /** Read: most segments of a transmit packet. */
    public static final int SEGMENTS = 0x810;
    /** Read: largest TSO packet. */
    public static final int TSO_BYTES = 0x814;
    /** Read: frames sent, 32 bits that wrap. */
    public static final int FRAMES = 0x818;
    /** Read: shortest frame. */
    public static final int MIN_FRAME = 0x81C;
    /** + 4 x vector; 1 = masked. */
    public static final int MASK = 0x840;
    public static final int FAULT_TX = 1;
    public static final int FAULT_RX = 2;
    public static final int FAULT_INTERRUPT = 3;
    public static final int FAULT_FOREIGN_BUFFER = 4;
    public static final int FAULT_QUIESCE = 5;

    private static final int MOST_VECTORS = 16;

    private final Shell shell;
    private final RegisterWindow registers;
    private TestQueue[] queues = {};
    private int vectors;
    private boolean started;
    private int lastFrames;
    private long frames;

    public TestPlugin(Shell shell) {
        this.shell = shell;
        this.registers = shell.registers(0);
    }

    @Override
    public PluginCapabilities capabilities() {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        for (Feature feature : Feature.values()) {
            if ((registers.read32(FEATURES) & 1 << feature.ordinal()) != 0) {
                features.add(feature);
            }
        }
        int count = registers.read32(QUEUES);
        return new PluginCapabilities(features, count, count, 8, 512, 8, registers.read32(SEGMENTS),
                registers.read32(TSO_BYTES), 128, registers.read32(MIN_FRAME), 9000, Math.min(count, MOST_VECTORS));
    }

    @Override
    public void configure(PluginConfig config) {
        config.check(capabilities());
        vectors = config.vectors();
        queues = new TestQueue[config.txQueues()];
        for (int q = 0; q < queues.length; q++) {
            queues[q] = new TestQueue(q, shell, registers, config.txRingSize());
            registers.write32(TestQueue.at(q, TestQueue.VECTOR), vectors == 0 ? 0 : q % vectors);
        }
        lastFrames = registers.read32(FRAMES);
    }

    @Override
    public void start() {
        registers.write32(ENABLE, 1);
        started = true;
        for (TestQueue queue : queues) {
            queue.refill();
        }
    }

    @Override
    public boolean quiesce() {
        TestQueue.fault(registers, FAULT_QUIESCE);
        for (TestQueue queue : queues) {
            if (queue.outstanding() != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void stop() {
        counter(DeviceCounter.TX_FRAMES);
        registers.write32(ENABLE, 0);
        for (int v = 0; v < vectors; v++) {
            registers.write32(MASK + 4 * v, 1);
        }
        for (TestQueue queue : queues) {
            queue.stop();
        }
        started = false;
    }

    @Override
    public void close() {
        if (started) {
            stop();
        }
    }

    @Override
    public TxQueue txQueue(int index) {
        return queues[index];
    }

    @Override
    public RxQueue rxQueue(int index) {
        return queues[index];
    }

    @Override
    public long counter(DeviceCounter counter) {
        if (counter != DeviceCounter.TX_FRAMES) {
            return 0;
        }
        int now = registers.read32(FRAMES);
        frames += Integer.toUnsignedLong(now - lastFrames);
        lastFrames = now;
        return frames;
    }

    @Override
    public boolean onInterrupt(int vector) {
        TestQueue.fault(registers, FAULT_INTERRUPT);
        registers.write32(MASK + 4 * vector, 1);
        return true;
    }

    @Override
    public void enableInterrupt(int vector) {
        registers.write32(MASK + 4 * vector, 0);
    }

    @Override
    public void disableInterrupt(int vector) {
        registers.write32(MASK + 4 * vector, 1);
    }

    /** An exception of the image's own: whoever keeps it keeps the class loader. */
    public static final class PluginFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PluginFailure(String message) {
            super(message);
        }
    }
}
