package dev.npa.shell.runtime.control;

import dev.npa.hw.DmaMemory;
import dev.npa.shell.Shell;
import java.nio.charset.StandardCharsets;

/**
 * The plugin area that shell and hypervisor share, {@code docs/switch-protocol.md}. Fields of the shell are written
 * plain, sequences with release; the hypervisor's are read with acquire.
 */
public final class PluginArea {

    /** Bytes of the area. */
    public static final int BYTES = 4096;
    /** Longest reason in bytes. */
    public static final int TEXT_BYTES = 512;
    public static final int PASSTHROUGH = 1;
    public static final int EMULATE = 2;

    static final int MAGIC = 0x3141504E;
    static final int AT_MAGIC = 0x000;
    static final int AT_VERSION = 0x004;
    static final int AT_API_MINOR = 0x008;
    static final int AT_API_MAJOR = 0x00A;
    static final int AT_SLOTS = 0x00C;
    static final int AT_STATE = 0x010;
    static final int AT_ACTIVE_SLOT = 0x014;
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
    static final int AT_SHA256 = 0x058;
    static final int AT_VECTORS = 0x078;
    static final int AT_QUEUES = 0x07C;
    static final int AT_FLAGS = 0x080;
    static final int AT_DRAINED = 0x0C0;
    static final int AT_ANSWER_SEQUENCE = 0x100;
    static final int AT_RESULT = 0x104;
    static final int AT_IMAGE_ADDRESS = 0x108;
    static final int AT_IMAGE_CAPACITY = 0x110;
    static final int AT_TEXT_LENGTH = 0x114;
    static final int AT_TEXT = 0x118;

    private final DmaMemory memory;

    /**
     * Lays out the area.
     *
     * @param slots plugins that the shell can hold at the same time
     */
    public PluginArea(Shell shell, int apiMajor, int apiMinor, int slots) {
        memory = shell.allocate(BYTES, 64);
        memory.putInt(AT_MAGIC, MAGIC);
        memory.putInt(AT_VERSION, 1);
        memory.putShort(AT_API_MINOR, (short) apiMinor);
        memory.putShort(AT_API_MAJOR, (short) apiMajor);
        memory.putInt(AT_SLOTS, slots);
        memory.putInt(AT_ACTIVE_SLOT, -1);
    }

    /** Guest-physical address. */
    public long address() {
        return memory.address();
    }

    /** Sequence of the newest request; 0 = none yet. Acquire: what belongs to it is read after it. */
    public int requestSequence() {
        return memory.getIntAcquire(AT_SEQUENCE);
    }

    /** Reads the newest request. */
    public Request request() {
        int sequence = requestSequence();
        byte[] sha256 = new byte[32];
        memory.get(AT_SHA256, sha256, 0, sha256.length);
        return new Request(sequence, memory.getInt(AT_ACTION), memory.getInt(AT_SLOT), memory.getInt(AT_PCI_SLOT),
                Short.toUnsignedInt(memory.getShort(AT_VENDOR)), Short.toUnsignedInt(memory.getShort(AT_DEVICE)),
                memory.getInt(AT_IMAGE_BYTES), sha256, memory.getInt(AT_VECTORS));
    }

    /** Sequence of the last activation whose old receive path has handed over everything. */
    public int drained() {
        // Acquire: the old path's completions that were written before it are seen after it.
        return memory.getIntAcquire(AT_DRAINED);
    }

    /** Names memory for the image. The answer's sequence stays as it is: it is written with the result. */
    public void nameImage(long address, int capacity) {
        memory.putLong(AT_IMAGE_ADDRESS, address);
        memory.putInt(AT_IMAGE_CAPACITY, capacity);
    }

    /** Answers a request; the reason is cut to {@value #TEXT_BYTES} bytes at a character's end. */
    public void answer(int sequence, int result, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, TEXT_BYTES);
        while (length < utf8.length && length > 0 && (utf8[length] & 0xC0) == 0x80) {
            length--;
        }
        memory.putInt(AT_RESULT, result);
        memory.putInt(AT_TEXT_LENGTH, length);
        memory.put(AT_TEXT, utf8, 0, length);
        // Release: who sees the sequence sees result and text.
        memory.putIntRelease(AT_ANSWER_SEQUENCE, sequence);
    }

    /** State as the hypervisor sees it: 0 emulated, 1 loading, 2 switching, 3 passthrough, 4 returning. */
    public void state(int value) {
        memory.putInt(AT_STATE, value);
    }

    /** Slot that carries the data path; -1 = emulation. */
    public void activeSlot(int slot) {
        memory.putInt(AT_ACTIVE_SLOT, slot);
    }

    public void countUnload() {
        add(AT_UNLOADS, 1);
    }

    public void countReclaimed(int buffers, int windows) {
        add(AT_RECLAIMED_BUFFERS, buffers);
        add(AT_RECLAIMED_WINDOWS, windows);
    }

    public void countFault() {
        add(AT_FAULTS, 1);
    }

    private void add(int offset, int count) {
        memory.putInt(offset, memory.getInt(offset) + count);
    }

    /**
     * A request as it stood in the area.
     *
     * @param sequence its number
     * @param action {@link #PASSTHROUGH} or {@link #EMULATE}
     * @param slot plugin slot to load into
     * @param pciSlot where the VF is on the guest's bus
     * @param vendor PCI vendor id of the VF
     * @param device PCI device id of the VF
     * @param imageBytes size of the image
     * @param sha256 digest of the image
     * @param vectors MSI-X vectors of the VF
     */
    public record Request(int sequence, int action, int slot, int pciSlot, int vendor, int device, int imageBytes,
            byte[] sha256, int vectors) {}
}
