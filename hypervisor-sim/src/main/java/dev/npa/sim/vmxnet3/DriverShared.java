package dev.npa.sim.vmxnet3;

/**
 * What the device has read of DriverShared at ACTIVATE_DEV, checked. It is not read again but by UPDATE commands.
 *
 * @param address guest-physical address
 * @param features uptFeatures
 * @param maxBuffers most buffers for one received packet
 * @param pluginArea address of the plugin area; 0 = none
 */
record DriverShared(
        long address,
        int features,
        int mtu,
        int maxBuffers,
        boolean autoMask,
        int vectors,
        int eventVector,
        TxQueueConf[] tx,
        RxQueueConf[] rx,
        long pluginArea) {

    /** Buffers for one packet that are allowed when maxNumRxSG is 0: a HEAD and 17 BODYs, as Linux asks for. */
    private static final int DEFAULT_BUFFERS = 18;
    /** More than this no packet needs. */
    private static final int MOST_BUFFERS = 256;

    /**
     * Configuration of a transmit queue.
     *
     * @param descriptor address of its TxQueueDesc
     */
    record TxQueueConf(long descriptor, long ring, int size, long completions, int completionSize, int vector) {}

    /**
     * Configuration of a receive queue.
     *
     * @param descriptor address of its RxQueueDesc
     * @param size1 0 = no second ring
     */
    record RxQueueConf(long descriptor, long ring0, int size0, long ring1, int size1, long completions,
            int completionSize, int vector) {}

    /** Reads and checks everything; vmxnet3 §7, §8. */
    static DriverShared read(GuestMemory memory, long address) throws MalformedException {
        if (address == 0) {
            throw new MalformedException("DSAL/DSAH name no DriverShared; write its address before ACTIVATE_DEV");
        }
        memory.require("DSAL/DSAH", address, DriverSharedLayout.LENGTH, 8);
        int magic = memory.readInt(address + DriverSharedLayout.MAGIC);
        check(magic == DriverSharedLayout.MAGIC_VALUE, "magic", magic, "0xbabefee1");
        int revisions = memory.readInt(address + DriverSharedLayout.REVISION_SUPPORT);
        check((revisions & 1) != 0, "vmxnet3RevSpt", revisions, "a bitmap with bit 0");
        int upt = memory.readInt(address + DriverSharedLayout.UPT_VERSION_SUPPORT);
        check((upt & 1) != 0, "uptVerSpt", upt, "a bitmap with bit 0");
        int mtu = memory.readInt(address + DriverSharedLayout.MTU);
        check(mtu >= Vmxnet3Registers.MIN_MTU && mtu <= Vmxnet3Registers.MAX_MTU, "mtu", mtu, "60..9000");
        int queues = memory.readInt(address + DriverSharedLayout.QUEUES);
        int numTx = queues >>> 16 & 0xFF;
        int numRx = queues >>> 24;
        check(numTx >= 1 && numTx <= Vmxnet3Registers.MAX_TX_QUEUES, "numTxQueues", numTx, "1..8");
        check(numRx >= 1 && numRx <= Vmxnet3Registers.MAX_RX_QUEUES, "numRxQueues", numRx, "1..16");
        int interrupts = memory.readInt(address + DriverSharedLayout.INTERRUPTS);
        int vectors = interrupts >>> 8 & 0xFF;
        int event = interrupts >>> 16 & 0xFF;
        check(vectors >= 1 && vectors <= Vmxnet3Registers.VECTORS, "numIntrs", vectors, "1..25");
        check(event < vectors, "eventIntrIdx", event, "below numIntrs");
        long table = memory.readLong(address + DriverSharedLayout.QUEUE_DESC_PA);
        int tableLength = QueueDescriptors.LENGTH * (numTx + numRx);
        int stated = memory.readInt(address + DriverSharedLayout.QUEUE_DESC_LENGTH);
        check(stated == tableLength, "queueDescLen", stated, tableLength + " for " + (numTx + numRx) + " queues");
        memory.require("queueDescPA", table, tableLength, Vmxnet3Registers.QUEUE_TABLE_ALIGNMENT);
        TxQueueConf[] tx = new TxQueueConf[numTx];
        for (int q = 0; q < numTx; q++) {
            tx[q] = readTx(memory, table + (long) q * QueueDescriptors.LENGTH, "tx queue " + q + " ", vectors);
        }
        RxQueueConf[] rx = new RxQueueConf[numRx];
        for (int q = 0; q < numRx; q++) {
            rx[q] = readRx(memory, table + (long) (numTx + q) * QueueDescriptors.LENGTH, "rx queue " + q + " ",
                    vectors);
        }
        int sg = queues & 0xFFFF;
        return new DriverShared(address, memory.readInt(address + DriverSharedLayout.UPT_FEATURES), mtu,
                sg == 0 ? DEFAULT_BUFFERS : Math.min(sg, MOST_BUFFERS), (interrupts & 0xFF) != 0, vectors, event, tx,
                rx, readPluginArea(memory, address));
    }

    private static TxQueueConf readTx(GuestMemory memory, long at, String queue, int vectors)
            throws MalformedException {
        int size = memory.readInt(at + QueueDescriptors.TX_RING_SIZE);
        checkSize(queue + "txRingSize", size, Vmxnet3Registers.MAX_RING);
        int compSize = memory.readInt(at + QueueDescriptors.TX_COMP_RING_SIZE);
        check(compSize >= size && compSize <= Vmxnet3Registers.MAX_RING, queue + "compRingSize", compSize,
                "txRingSize " + size);
        return new TxQueueConf(at, ring(memory, queue + "txRingBasePA", at + QueueDescriptors.TX_RING_PA, size), size,
                ring(memory, queue + "compRingBasePA", at + QueueDescriptors.TX_COMP_RING_PA, compSize), compSize,
                vector(memory, queue, at, vectors));
    }

    private static RxQueueConf readRx(GuestMemory memory, long at, String queue, int vectors)
            throws MalformedException {
        int size0 = memory.readInt(at + QueueDescriptors.RX_RING0_SIZE);
        checkSize(queue + "rxRingSize[0]", size0, Vmxnet3Registers.MAX_RING);
        int size1 = memory.readInt(at + QueueDescriptors.RX_RING1_SIZE);
        if (size1 != 0) {
            checkSize(queue + "rxRingSize[1]", size1, Vmxnet3Registers.MAX_RING);
        }
        int compSize = memory.readInt(at + QueueDescriptors.RX_COMP_RING_SIZE);
        check(compSize >= size0 + size1 && compSize <= Vmxnet3Registers.MAX_RX_COMPLETIONS, queue + "compRingSize",
                compSize, "rxRingSize[0] + rxRingSize[1], " + (size0 + size1));
        long ring1 = size1 == 0 ? 0
                : ring(memory, queue + "rxRingBasePA[1]", at + QueueDescriptors.RX_RING1_PA, size1);
        return new RxQueueConf(at, ring(memory, queue + "rxRingBasePA[0]", at + QueueDescriptors.RX_RING0_PA, size0),
                size0, ring1, size1,
                ring(memory, queue + "compRingBasePA", at + QueueDescriptors.RX_COMP_RING_PA, compSize), compSize,
                vector(memory, queue, at, vectors));
    }

    private static long ring(GuestMemory memory, String field, long at, int size) throws MalformedException {
        long address = memory.readLong(at);
        memory.require(field, address, (long) size * Vmxnet3Registers.DESCRIPTOR, Vmxnet3Registers.RING_ALIGNMENT);
        return address;
    }

    private static int vector(GuestMemory memory, String queue, long at, int vectors) throws MalformedException {
        int vector = memory.readByte(at + QueueDescriptors.INTR_IDX);
        check(vector < vectors, queue + "intrIdx", vector, "below numIntrs " + vectors);
        return vector;
    }

    private static long readPluginArea(GuestMemory memory, long address) throws MalformedException {
        int version = memory.readInt(address + DriverSharedLayout.PLUGIN_CONF);
        int length = memory.readInt(address + DriverSharedLayout.PLUGIN_CONF + 4);
        long area = memory.readLong(address + DriverSharedLayout.PLUGIN_CONF + 8);
        if (version == 0 && length == 0 && area == 0) {
            return 0;
        }
        check(version == DriverSharedLayout.PLUGIN_CONF_VERSION, "pluginConfDesc.confVer", version, "1");
        check(length == DriverSharedLayout.PLUGIN_AREA_LENGTH, "pluginConfDesc.confLen", length, "4096");
        memory.require("pluginConfDesc.confPA", area, length, 64);
        return area;
    }

    private static void checkSize(String field, int size, int most) throws MalformedException {
        check(size >= Vmxnet3Registers.RING_SIZE_MULTIPLE && size <= most
                && size % Vmxnet3Registers.RING_SIZE_MULTIPLE == 0, field, size, "a multiple of 32 up to " + most);
    }

    private static void check(boolean good, String field, int value, String rule) throws MalformedException {
        if (!good) {
            throw new MalformedException(field + " is " + value + " (0x" + Integer.toHexString(value)
                    + "), it must be " + rule);
        }
    }
}
