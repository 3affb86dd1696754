package dev.npa.sim.host;

import dev.npa.hw.PciIdentity;
import dev.npa.hw.PhysicalMemory;
import java.nio.charset.StandardCharsets;

/**
 * The plugin area in guest memory, docs/switch-protocol.md, as the device sees it. What the guest wrote is checked on
 * each use: a guest may write anything at any time.
 */
final class PluginArea {

    static final int BYTES = 4096;
    static final int MAGIC = 0x3141504E;
    static final int VERSION = 1;
    static final int ACTION_PASSTHROUGH = 1;
    static final int ACTION_EMULATE = 2;
    static final int MAX_TEXT = 512;
    /** The new carrier hangs on another wire than the old one. */
    static final int FLAG_OTHER_PORT = 1;
    /** The VF hashes with another key or another table than the guest asked for. */
    static final int FLAG_OWN_RSS = 1 << 1;

    static final int AT_VERSION = 0x004;
    static final int AT_API_MINOR = 0x008;
    static final int AT_API_MAJOR = 0x00A;
    static final int AT_SLOTS = 0x00C;
    static final int AT_UNLOADS = 0x018;
    static final int AT_RECLAIMED_BUFFERS = 0x01C;
    static final int AT_RECLAIMED_WINDOWS = 0x020;
    static final int AT_FAULTS = 0x024;
    static final int AT_SEQUENCE = 0x040;
    static final int AT_ACTION = 0x044;
    static final int AT_SLOT = 0x048;
    static final int AT_PCI_SLOT = 0x04C;
    static final int AT_VENDOR = 0x050;
    static final int AT_DEVICE = 0x052;
    static final int AT_IMAGE_BYTES = 0x054;
    static final int AT_IMAGE_SHA256 = 0x058;
    static final int AT_VECTORS = 0x078;
    static final int AT_QUEUES = 0x07C;
    static final int AT_FLAGS = 0x080;
    static final int AT_DRAINED = 0x0C0;
    static final int AT_ANSWER_SEQUENCE = 0x100;
    static final int AT_RESULT = 0x104;
    static final int AT_IMAGE_ADDRESS = 0x108;
    static final int AT_IMAGE_CAPACITY = 0x110;
    static final int AT_TEXT_BYTES = 0x114;
    static final int AT_TEXT = 0x118;

    private final PhysicalMemory memory;
    private final long at;

    /**
     * Opens the area that a guest announced.
     *
     * @param address guest-physical address; 0 = none announced
     * @throws IllegalArgumentException with a sentence if there is no area of version 1
     */
    PluginArea(PhysicalMemory memory, long address) {
        if (address == 0) {
            throw new IllegalArgumentException("the guest's driver announced no plugin area; it knows emulation only");
        }
        if ((address & 63) != 0 || !memory.contains(address, BYTES)) {
            throw new IllegalArgumentException("the guest announced a plugin area at 0x" + Long.toHexString(address)
                    + "; it must be 64-byte aligned and inside the guest's memory");
        }
        this.memory = memory;
        this.at = address;
        if (memory.getInt(at) != MAGIC || memory.getInt(at + AT_VERSION) != VERSION) {
            throw new IllegalArgumentException("the guest's plugin area has magic 0x"
                    + Integer.toHexString(memory.getInt(at)) + " version " + memory.getInt(at + AT_VERSION)
                    + "; this hypervisor knows 0x3141504e version 1");
        }
    }

    int apiMajor() {
        return Short.toUnsignedInt(memory.getShort(at + AT_API_MAJOR));
    }

    int apiMinor() {
        return Short.toUnsignedInt(memory.getShort(at + AT_API_MINOR));
    }

    /** Plugins that the shell can hold at the same time. */
    int slots() {
        return memory.getInt(at + AT_SLOTS);
    }

    int unloads() {
        return memory.getInt(at + AT_UNLOADS);
    }

    int reclaimedBuffers() {
        return memory.getInt(at + AT_RECLAIMED_BUFFERS);
    }

    int reclaimedWindows() {
        return memory.getInt(at + AT_RECLAIMED_WINDOWS);
    }

    int faults() {
        return memory.getInt(at + AT_FAULTS);
    }

    /**
     * Writes a PASSTHROUGH request; the shell sees it complete or not at all.
     *
     * @param queues queue pairs of the VF
     * @param flags {@link #FLAG_OTHER_PORT}, {@link #FLAG_OWN_RSS}
     */
    void requestPassthrough(int sequence, int slot, int pciSlot, PciIdentity device, int vectors, byte[] image,
            byte[] sha256, int queues, int flags) {
        memory.putInt(at + AT_ACTION, ACTION_PASSTHROUGH);
        memory.putInt(at + AT_SLOT, slot);
        memory.putInt(at + AT_PCI_SLOT, pciSlot);
        memory.putShort(at + AT_VENDOR, (short) device.vendor());
        memory.putShort(at + AT_DEVICE, (short) device.device());
        memory.putInt(at + AT_IMAGE_BYTES, image.length);
        memory.copyFrom(at + AT_IMAGE_SHA256, sha256, 0, sha256.length);
        memory.putInt(at + AT_VECTORS, vectors);
        memory.putInt(at + AT_QUEUES, queues);
        memory.putInt(at + AT_FLAGS, flags);
        // Release: a shell that sees the sequence sees the request.
        memory.putIntRelease(at + AT_SEQUENCE, sequence);
    }

    /** Writes an EMULATE request with its flags. */
    void requestEmulate(int sequence, int flags) {
        memory.putInt(at + AT_ACTION, ACTION_EMULATE);
        memory.putInt(at + AT_SLOT, 0);
        memory.putInt(at + AT_FLAGS, flags);
        memory.putIntRelease(at + AT_SEQUENCE, sequence);
    }

    void drained(int sequence) {
        // Release: frames handed over before are in the guest's rings when it sees the word.
        memory.putIntRelease(at + AT_DRAINED, sequence);
    }

    int answerSequence() {
        // Acquire: pairs with the shell's release, so that result and text belong to the sequence.
        return memory.getIntAcquire(at + AT_ANSWER_SEQUENCE);
    }

    int answerResult() {
        return memory.getInt(at + AT_RESULT);
    }

    /** The shell's reason, without control characters; empty if there is none. */
    String answerText() {
        int length = memory.getInt(at + AT_TEXT_BYTES);
        if (length <= 0 || length > MAX_TEXT) {
            return "";
        }
        byte[] text = new byte[length];
        memory.copyTo(at + AT_TEXT, text, 0, length);
        return new String(text, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}+", " ").strip();
    }

    /**
     * Copies an image to the memory that the shell named.
     *
     * @return false if that memory is not the guest's or too small
     */
    boolean copyImage(byte[] image) {
        long target = memory.getLong(at + AT_IMAGE_ADDRESS);
        int capacity = memory.getInt(at + AT_IMAGE_CAPACITY);
        if (capacity < image.length || !memory.contains(target, image.length)
                || target < at + BYTES && at < target + image.length) {
            return false;
        }
        memory.copyFrom(target, image, 0, image.length);
        return true;
    }
}
