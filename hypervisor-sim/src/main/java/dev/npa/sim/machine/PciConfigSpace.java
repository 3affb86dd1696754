package dev.npa.sim.machine;

import dev.npa.hw.AccessFault;
import dev.npa.hw.PciIdentity;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The 4096 bytes of PCI Express configuration space of a type 0 function: header with BARs that answer the sizing
 * protocol, a capability list (PCIe with function-level reset, MSI-X) and extended capabilities (device serial number,
 * SR-IOV). Little-endian.
 *
 * <p>Built once by the chain of {@code with...} methods, then {@link #seal}ed. Writes change writable bits only and are
 * reported to {@link Events} after they took effect.
 *
 * <p>Thread-safe: accesses and events run under the monitor given to the constructor, which a device model shares with
 * its registers so that there is one lock a device.
 */
public final class PciConfigSpace {

    /** Size in bytes. */
    public static final int SIZE = 4096;
    /** Offset of the command register; bit 1 memory space, bit 2 bus master. */
    public static final int COMMAND = 0x04;
    /** Command register: the function answers accesses to its memory BARs. */
    public static final int COMMAND_MEMORY = 1 << 1;
    /** Command register: the function may do DMA and send messages. */
    public static final int COMMAND_BUS_MASTER = 1 << 2;
    /** Capability id of MSI-X. */
    public static final int CAP_MSIX = 0x11;
    /** Capability id of PCI Express; Device Control is at +8, bit 15 starts a function-level reset. */
    public static final int CAP_PCIE = 0x10;
    /** Extended capability id of SR-IOV. */
    public static final int EXT_SRIOV = 0x10;
    /** Extended capability id of the device serial number. */
    public static final int EXT_SERIAL = 0x03;
    /** SR-IOV control, +8: bit 0 VF Enable, bit 3 VF memory space enable. */
    public static final int SRIOV_CONTROL = 0x08;

    private static final int FLR = 1 << 15;
    private static final int EXTENDED = 0x100;

    /** What a device does when software writes configuration space. Called under the device's monitor. */
    public interface Events {
        /** Memory space or bus master enable changed. */
        default void command(boolean memorySpace, boolean busMaster) {
        }

        /** MSI-X enable or function mask were written. */
        default void msix(boolean enable, boolean functionMask) {
        }

        /** Device Control bit 15 was written with 1. The device resets itself and calls {@link #reset}. */
        default void functionLevelReset() {
        }

        /**
         * VF Enable changed.
         *
         * @param number NumVFs
         */
        default void virtualFunctions(boolean enable, int number) {
        }

        /** VF memory space enable changed. */
        default void virtualFunctionMemory(boolean enable) {
        }
    }

    private final Object monitor;
    private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer writable = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private final byte[] initial = new byte[SIZE];
    private Events events = new Events() { };
    private int msix;
    private int pcie;
    private int sriov;
    private int lastCapability;
    private int lastExtended;

    /**
     * Starts a configuration space with command register and identity.
     *
     * @param monitor lock of the device
     * @param classCode 24 bits, as 0x020000 for an Ethernet controller
     */
    public PciConfigSpace(Object monitor, PciIdentity identity, int classCode) {
        this.monitor = monitor;
        bytes.putShort(0x00, (short) identity.vendor());
        bytes.putShort(0x02, (short) identity.device());
        bytes.putInt(0x08, classCode << 8 | identity.revision());
        bytes.putShort(0x2C, (short) identity.subsystemVendor());
        bytes.putShort(0x2E, (short) identity.subsystemDevice());
        writable.putShort(COMMAND, (short) (COMMAND_MEMORY | COMMAND_BUS_MASTER));
    }

    /**
     * Adds a 64-bit memory BAR.
     *
     * @param index 0..4, of the lower half
     * @param size bytes, a power of two, at least 16
     */
    public PciConfigSpace withMemoryBar(int index, int size, boolean prefetchable) {
        putBar(0x10 + 4 * index, size, prefetchable);
        return this;
    }

    /** Adds the PCI Express capability (endpoint, FLR capable) at an offset in 0x40..0xC4. */
    public PciConfigSpace withPcie(int offset) {
        pcie = capability(offset, CAP_PCIE);
        bytes.putShort(offset + 2, (short) 0x0002);
        bytes.putInt(offset + 4, 1 << 28 | 1 << 15 | 2);
        writable.putShort(offset + 8, (short) 0x7FFF);
        bytes.putInt(offset + 0x0C, 0x0003_F082);
        bytes.putShort(offset + 0x12, (short) 0x0082);
        return this;
    }

    /** Adds the MSI-X capability; table and pending bits lie in the same BAR. */
    public PciConfigSpace withMsix(int offset, int vectors, int bar, int tableOffset, int pendingOffset) {
        msix = capability(offset, CAP_MSIX);
        bytes.putShort(offset + 2, (short) (vectors - 1));
        writable.putShort(offset + 2, (short) 0xC000);
        bytes.putInt(offset + 4, tableOffset | bar);
        bytes.putInt(offset + 8, pendingOffset | bar);
        return this;
    }

    /** Adds an extended capability without writable bits, as advanced error reporting of a device without errors. */
    public PciConfigSpace withExtended(int offset, int id, int version) {
        extended(offset, id, version);
        return this;
    }

    /** Adds the device serial number (extended capability). */
    public PciConfigSpace withSerialNumber(int offset, long serial) {
        extended(offset, EXT_SERIAL, 1);
        bytes.putLong(offset + 4, serial);
        return this;
    }

    /**
     * Adds the SR-IOV capability (extended).
     *
     * @param totalVfs TotalVFs and InitialVFs
     * @param vfDevice device id of VFs
     * @param firstOffset routing-id distance from the PF to its first VF
     * @param stride routing-id distance between VFs
     */
    public PciConfigSpace withSriov(int offset, int totalVfs, int vfDevice, int firstOffset, int stride) {
        sriov = extended(offset, EXT_SRIOV, 1);
        writable.putShort(offset + SRIOV_CONTROL, (short) 0x19);
        bytes.putShort(offset + 0x0C, (short) totalVfs);
        bytes.putShort(offset + 0x0E, (short) totalVfs);
        writable.putShort(offset + 0x10, (short) 0xFFFF);
        bytes.putShort(offset + 0x14, (short) firstOffset);
        bytes.putShort(offset + 0x16, (short) stride);
        bytes.putShort(offset + 0x1A, (short) vfDevice);
        bytes.putInt(offset + 0x1C, 0x553);
        bytes.putInt(offset + 0x20, 1);
        writable.putInt(offset + 0x20, 0x553);
        return this;
    }

    /** Adds a 64-bit BAR of the VFs to the SR-IOV capability; {@code size} is that of one VF. */
    public PciConfigSpace withVirtualFunctionBar(int index, int size, boolean prefetchable) {
        putBar(sriov + 0x24 + 4 * index, size, prefetchable);
        return this;
    }

    /** Ends building: what is there now is what {@link #reset} restores. */
    public PciConfigSpace seal(Events listener) {
        events = listener;
        System.arraycopy(bytes.array(), 0, initial, 0, SIZE);
        return this;
    }

    /**
     * Reads a value.
     *
     * @throws AccessFault if width or offset are not legal
     */
    public int read(int offset, int width) {
        check(offset, width);
        synchronized (monitor) {
            return get(bytes, offset, width);
        }
    }

    /** Writes the writable bits and tells the device. */
    public void write(int offset, int width, int value) {
        check(offset, width);
        synchronized (monitor) {
            int command = command();
            int control = sriovControl();
            int mask = get(writable, offset, width);
            if (sriov != 0 && offset < sriov + 0x12 && offset + width > sriov + 0x10 && (control & 1) != 0) {
                mask = 0; // NumVFs is fixed while VF Enable is set
            }
            put(offset, width, get(bytes, offset, width) & ~mask | value & mask);
            if (pcie != 0 && covers(offset, width, pcie + 9) && (value << 8 * (offset - pcie - 8) & FLR) != 0) {
                events.functionLevelReset();
                return;
            }
            if (msix != 0 && covers(offset, width, msix + 3)) {
                int msixControl = Short.toUnsignedInt(bytes.getShort(msix + 2));
                events.msix((msixControl & 0x8000) != 0, (msixControl & 0x4000) != 0);
            }
            changed(command, control);
        }
    }

    private void changed(int oldCommand, int oldControl) {
        if (command() != oldCommand) {
            events.command((command() & COMMAND_MEMORY) != 0, (command() & COMMAND_BUS_MASTER) != 0);
        }
        int flips = sriovControl() ^ oldControl;
        if ((flips & 1) != 0) {
            events.virtualFunctions((sriovControl() & 1) != 0, numVfs());
        }
        if ((flips & 8) != 0) {
            events.virtualFunctionMemory((sriovControl() & 8) != 0);
        }
    }

    /** Restores the state after power-on and tells the device what that turned off. */
    public void reset() {
        synchronized (monitor) {
            int command = command();
            int control = sriovControl();
            bytes.put(0, initial);
            if (msix != 0) {
                events.msix(false, false);
            }
            changed(command, control);
        }
    }

    /** NumVFs of the SR-IOV capability. */
    public int numVfs() {
        return sriov == 0 ? 0 : Short.toUnsignedInt(bytes.getShort(sriov + 0x10));
    }

    /**
     * Offset of a capability.
     *
     * @return 0 if there is none
     */
    public static int findCapability(dev.npa.hw.PciFunction function, int id) {
        int at = function.readConfig(0x34, 1);
        while (at != 0 && function.readConfig(at, 1) != id) {
            at = function.readConfig(at + 1, 1);
        }
        return at;
    }

    /** Offset of an extended capability; 0 if there is none. */
    public static int findExtended(dev.npa.hw.PciFunction function, int id) {
        int at = EXTENDED;
        while (at != 0 && (function.readConfig(at, 4) & 0xFFFF) != id) {
            at = function.readConfig(at, 4) >>> 20;
        }
        return at;
    }

    private int command() {
        return bytes.getShort(COMMAND);
    }

    private int sriovControl() {
        return sriov == 0 ? 0 : bytes.getShort(sriov + SRIOV_CONTROL);
    }

    private void putBar(int at, int size, boolean prefetchable) {
        if (Integer.bitCount(size) != 1 || size < 16) {
            throw new IllegalArgumentException("BAR of " + size + " bytes: sizes are powers of two of at least 16");
        }
        bytes.putInt(at, 0x4 | (prefetchable ? 0x8 : 0));
        writable.putInt(at, -size);
        writable.putInt(at + 4, -1);
    }

    private int capability(int offset, int id) {
        bytes.put(offset, (byte) id);
        bytes.put(lastCapability == 0 ? 0x34 : lastCapability + 1, (byte) offset);
        bytes.putShort(0x06, (short) 0x10);
        lastCapability = offset;
        return offset;
    }

    private int extended(int offset, int id, int version) {
        if ((lastExtended == 0) != (offset == EXTENDED)) {
            throw new IllegalArgumentException("the first extended capability, and only that, stands at 0x100");
        }
        bytes.putInt(offset, id | version << 16);
        if (lastExtended != 0) {
            bytes.putInt(lastExtended, bytes.getInt(lastExtended) & 0xFFFFF | offset << 20);
        }
        lastExtended = offset;
        return offset;
    }

    private static boolean covers(int offset, int width, int at) {
        return offset <= at && at < offset + width;
    }

    private static void check(int offset, int width) {
        if (width != 1 && width != 2 && width != 4 || offset < 0 || offset > SIZE - width || offset % width != 0) {
            throw new AccessFault("configuration access of " + width + " bytes at 0x" + Integer.toHexString(offset)
                    + ": widths are 1, 2 and 4, offsets 0..4095 in multiples of the width");
        }
    }

    private static int get(ByteBuffer from, int offset, int width) {
        return switch (width) {
            case 1 -> Byte.toUnsignedInt(from.get(offset));
            case 2 -> Short.toUnsignedInt(from.getShort(offset));
            default -> from.getInt(offset);
        };
    }

    private void put(int offset, int width, int value) {
        switch (width) {
            case 1 -> bytes.put(offset, (byte) value);
            case 2 -> bytes.putShort(offset, (short) value);
            default -> bytes.putInt(offset, value);
        }
    }
}
