package dev.npa.sim.vmxnet3;

import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.IommuDomain;

/** Checked view of guest memory for the control path: a bad address costs the command, not the function. */
final class GuestMemory {

    private final DmaPort dma;

    GuestMemory(DmaPort dma) {
        this.dma = dma;
    }

    /** Fails unless the range is aligned and the device may read and write all of it. */
    void require(String field, long address, long length, int alignment) throws MalformedException {
        if ((address & alignment - 1) != 0) {
            throw new MalformedException(field + " 0x" + Long.toHexString(address) + " is not aligned to "
                    + alignment + " bytes");
        }
        IommuDomain domain = dma.domain();
        if (!dma.isReady()) {
            throw new MalformedException(field + " cannot be read: bus mastering is off, the function has no memory, "
                    + "or it is aborted after a fault");
        }
        if (!domain.permits(address, length, IommuDomain.READ)
                || !domain.permits(address, length, IommuDomain.WRITE)) {
            throw new MalformedException(field + " names [0x" + Long.toHexString(address) + ", +" + length
                    + "), which is not the guest's memory");
        }
    }

    int readInt(long address) {
        return dma.readInt(address);
    }

    /** Reads eight bytes at an address that is a multiple of 4 only. */
    long readLong(long address) {
        return Integer.toUnsignedLong(dma.readInt(address)) | (long) dma.readInt(address + 4) << 32;
    }

    int readByte(long address) {
        return dma.readInt(address & ~3L) >>> 8 * (int) (address & 3) & 0xFF;
    }
}
