package dev.npa.sim.vmxnet3;

import dev.npa.hw.AccessFault;
import dev.npa.hw.MacAddress;
import dev.npa.hw.PciIdentity;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Configuration space of a vmxnet3 function: header, PCI Express endpoint capability, MSI-X with 25 vectors in BAR2,
 * device serial number; vmxnet3 §1. Writable bits are those of a mask, the rest is read-only.
 */
final class ConfigSpace {

    static final PciIdentity IDENTITY = new PciIdentity(0x15AD, 0x07B0, 0x15AD, 0x07B0, 1);

    private static final int LENGTH = 4096;
    private static final int COMMAND = 0x04;
    private static final int MEMORY = 1 << 1;
    private static final int BUS_MASTER = 1 << 2;
    private static final int INTX_DISABLE = 1 << 10;
    private static final int BAR0 = 0x10;
    private static final int EXPRESS = 0x48;
    private static final int MSIX = 0x9C;
    private static final int MSIX_CONTROL = MSIX + 2;
    private static final int SERIAL_NUMBER = 0x100;

    /** Hears of the bits that other parts of the device follow. */
    interface Listener {
        void busMaster(boolean on);

        void msix(boolean enable, boolean maskAll);
    }

    private final ByteBuffer bytes = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer writable = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private final Listener listener;
    private final MacAddress mac;
    private volatile boolean memory;

    ConfigSpace(MacAddress mac, Listener listener) {
        this.mac = mac;
        this.listener = listener;
        powerOn();
    }

    synchronized void powerOn() {
        for (int i = 0; i < LENGTH; i += 8) {
            bytes.putLong(i, 0);
            writable.putLong(i, 0);
        }
        bytes.putShort(0x00, (short) IDENTITY.vendor()).putShort(0x02, (short) IDENTITY.device());
        bytes.putInt(0x08, 0x0200_0000 | IDENTITY.revision());
        bytes.putShort(0x06, (short) 0x0010); // status: capability list
        bytes.putShort(0x2C, (short) IDENTITY.subsystemVendor()).putShort(0x2E, (short) IDENTITY.subsystemDevice());
        bytes.put(0x34, (byte) EXPRESS).put(0x3D, (byte) 1);
        bytes.putInt(EXPRESS, 0x0002_0010 | MSIX << 8); // endpoint, version 2
        bytes.putInt(MSIX, 0x0018_0011); // 25 vectors, end of the list
        bytes.putInt(MSIX + 4, 2).putInt(MSIX + 8, Vmxnet3Registers.PENDING_BITS | 2);
        bytes.putInt(SERIAL_NUMBER, 0x0001_0003);
        byte[] serial = {(byte) 0xFE, mac.octet(3), mac.octet(4), mac.octet(5), mac.octet(0), mac.octet(1),
            mac.octet(2), (byte) 0xFF};
        for (int i = 0; i < serial.length; i++) {
            bytes.put(SERIAL_NUMBER + 4 + i, serial[i]);
        }
        writable.putShort(COMMAND, (short) (MEMORY | BUS_MASTER | INTX_DISABLE)).put(0x0C, (byte) 0xFF);
        writable.putInt(BAR0, -Vmxnet3Registers.BAR0_LENGTH).putInt(BAR0 + 4, -Vmxnet3Registers.BAR1_LENGTH)
                .putInt(BAR0 + 8, -Vmxnet3Registers.BAR2_LENGTH).put(0x3C, (byte) 0xFF);
        writable.putShort(MSIX_CONTROL, (short) 0xC000);
        follow();
    }

    /** Whether the function answers at its BARs. */
    boolean memoryEnabled() {
        return memory;
    }

    synchronized int read(int offset, int width) {
        check(offset, width);
        return switch (width) {
            case 1 -> bytes.get(offset) & 0xFF;
            case 2 -> bytes.getShort(offset) & 0xFFFF;
            default -> bytes.getInt(offset);
        };
    }

    synchronized void write(int offset, int width, int value) {
        check(offset, width);
        for (int i = 0; i < width; i++) {
            int mask = writable.get(offset + i);
            int old = bytes.get(offset + i);
            bytes.put(offset + i, (byte) (old & ~mask | value >>> 8 * i & mask));
        }
        follow();
    }

    private void follow() {
        int command = bytes.getShort(COMMAND);
        memory = (command & MEMORY) != 0;
        listener.busMaster((command & BUS_MASTER) != 0);
        int control = bytes.getShort(MSIX_CONTROL);
        listener.msix((control & 0x8000) != 0, (control & 0x4000) != 0);
    }

    private static void check(int offset, int width) {
        if (width != 1 && width != 2 && width != 4 || offset < 0 || offset + width > LENGTH || offset % width != 0) {
            throw new AccessFault("configuration access of " + width + " bytes at 0x" + Integer.toHexString(offset)
                    + " is not 1, 2 or 4 aligned bytes in 0..4095");
        }
    }
}
