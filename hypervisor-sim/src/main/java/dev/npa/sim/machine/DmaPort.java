package dev.npa.sim.machine;

import dev.npa.hw.InterruptController;
import dev.npa.hw.PhysicalMemory;
import java.nio.ByteBuffer;

/**
 * A device function's way to memory: every access goes through the IOMMU domain that the hypervisor attached. An access
 * that is not permitted, or with bus mastering off or no domain, is recorded as a violation, aborts the function (no
 * further DMA until {@link #clearAbort}) and throws {@link DmaFault}.
 *
 * <p>Also sends message-signalled interrupts: a 4-byte write to {@link InterruptController#MSI_ADDRESS}.
 */
public final class DmaPort {

    private final String name;
    private final Violations violations;
    private volatile IommuDomain domain;
    private volatile InterruptController interrupts;
    private volatile boolean busMaster;
    private volatile boolean aborted;
    /** The domain while DMA can work at all, else null: one look for each access. */
    private volatile IommuDomain reachable;

    public DmaPort(String name, Violations violations) {
        this.name = name;
        this.violations = violations;
    }

    /** Attaches the function to a machine; null detaches. */
    public synchronized void attach(IommuDomain newDomain, InterruptController newInterrupts) {
        domain = newDomain;
        interrupts = newInterrupts;
        decide();
    }

    private void decide() {
        reachable = busMaster && !aborted ? domain : null;
    }

    public IommuDomain domain() {
        return domain;
    }

    /** Follows bit 2 of the PCI command register. */
    public synchronized void busMaster(boolean enabled) {
        busMaster = enabled;
        decide();
    }

    /** Whether DMA can work at all: bus mastering on, a domain attached, no fault pending. */
    public boolean isReady() {
        return reachable != null;
    }

    public boolean isAborted() {
        return aborted;
    }

    /** After a reset of the function. */
    public synchronized void clearAbort() {
        aborted = false;
        decide();
    }

    /**
     * Checks an access of several words at once: memory in which the caller may read or write {@code length} bytes at
     * {@code address}, and nothing else, before it returns.
     *
     * @param permission {@link IommuDomain#READ} or {@link IommuDomain#WRITE}
     */
    public PhysicalMemory reach(long address, int length, int permission) {
        return check(address, length, permission);
    }

    /**
     * Memory in which the caller may read and write every byte of a ring for one burst, or null if one of its pages is
     * not mapped for both or DMA does not work; nothing is recorded then, and each access is to be checked by itself.
     */
    public PhysicalMemory ring(long address, long length) {
        IommuDomain d = reachable;
        return d != null && d.permits(address, length, IommuDomain.READ)
                && d.permits(address, length, IommuDomain.WRITE) ? d.memory() : null;
    }

    public int readInt(long address) {
        return check(address, 4, IommuDomain.READ).getInt(address);
    }

    public int readIntAcquire(long address) {
        return check(address, 4, IommuDomain.READ).getIntAcquire(address);
    }

    public long readLong(long address) {
        return check(address, 8, IommuDomain.READ).getLong(address);
    }

    public void writeInt(long address, int value) {
        check(address, 4, IommuDomain.WRITE).putInt(address, value);
    }

    public void writeIntRelease(long address, int value) {
        check(address, 4, IommuDomain.WRITE).putIntRelease(address, value);
    }

    public void writeLong(long address, long value) {
        check(address, 8, IommuDomain.WRITE).putLong(address, value);
    }

    public void writeLongRelease(long address, long value) {
        check(address, 8, IommuDomain.WRITE).putLongRelease(address, value);
    }

    /** Memory to buffer. */
    public void read(long address, ByteBuffer target, int offset, int length) {
        check(address, length, IommuDomain.READ).copyTo(address, target, offset, length);
    }

    /** Buffer to memory. */
    public void write(long address, ByteBuffer source, int offset, int length) {
        check(address, length, IommuDomain.WRITE).copyFrom(address, source, offset, length);
    }

    /** Sends an MSI or MSI-X message; silently lost without bus mastering, as in hardware. */
    public void message(long address, int data) {
        InterruptController target = interrupts;
        if (!busMaster || target == null) {
            return;
        }
        if (address != InterruptController.MSI_ADDRESS || (data & ~0xFF) != 0) {
            violations.record(name, "MSI-X message to 0x" + Long.toHexString(address) + " data 0x"
                    + Integer.toHexString(data) + " is not an interrupt of its machine");
            return;
        }
        target.raise(data);
    }

    private PhysicalMemory check(long address, int length, int permission) {
        IommuDomain d = reachable;
        if (d == null || !d.permits(address, length, permission)) {
            throw fault(address, length, permission);
        }
        return d.memory();
    }

    private synchronized DmaFault fault(long address, int length, int permission) {
        String text = "DMA " + (permission == IommuDomain.READ ? "read" : "write") + " of " + length
                + " bytes at 0x" + Long.toHexString(address)
                + (aborted ? " after an earlier fault" : !busMaster ? " with bus mastering off"
                        : domain == null ? " without an IOMMU domain" : " is not mapped in IOMMU domain "
                        + domain.name());
        if (!aborted) {
            violations.record(name, text);
        }
        aborted = true;
        decide();
        return new DmaFault(text);
    }
}
