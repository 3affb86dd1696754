package dev.npa.sim.nic.broadcom;

import dev.npa.sim.machine.DmaFault;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.nic.broadcom.GrcWindow.Access;
import java.nio.ByteBuffer;

/**
 * DMA engine for drivers, channel 0 of each PF: copies between memory of the PF or one of its VFs and internal
 * registers. A command is done when GO is written. Used under the path's lock.
 */
final class Dmae {

    static final int GO = 0x102080;
    static final int COMMAND = 0x102400;
    static final int COMMAND_DWORDS = 14;

    private static final int SOURCE_GRC = 1;
    private static final int TO_PCI = 1;
    private static final int TO_GRC = 2;
    private static final int COMPLETE = 1 << 4;

    private final Path path;
    private final Func pf;
    private final Access grc;
    private final int[] command = new int[COMMAND_DWORDS];
    private final ByteBuffer buffer = TxQueue.buffer(4 * 0x10000);

    Dmae(Path path, Func pf, Access grc) {
        this.path = path;
        this.pf = pf;
        this.grc = grc;
    }

    int read(int dword) {
        return command[dword];
    }

    void write(int dword, int value) {
        command[dword] = value;
    }

    private long quad(int dword) {
        return Integer.toUnsignedLong(command[dword]) | (long) command[dword + 1] << 32;
    }

    void go() {
        int opcode = command[0];
        int bytes = (command[5] & 0xFFFF) * 4;
        int iov = command[5] >>> 16;
        int to = opcode >>> 1 & 3;
        Func source = side(iov);
        Func destination = side(iov >>> 8);
        if (bytes == 0 || to != TO_PCI && to != TO_GRC || source == null || destination == null) {
            path.violation(pf, "DMAE command with opcode 0x" + Integer.toHexString(opcode) + ", length " + bytes
                    + " and VFs 0x" + Integer.toHexString(iov) + " is not legal");
            return;
        }
        try {
            fetch(source.port, quad(1), bytes, (opcode & SOURCE_GRC) != 0);
            store(destination.port, quad(3), bytes, to == TO_GRC);
        } catch (DmaFault e) {
            return; // recorded; no completion, the driver's wait ends in its limit
        }
        if ((opcode & COMPLETE) != 0) {
            try {
                pf.port.writeIntRelease(quad(6), command[8]);
            } catch (DmaFault e) {
                return; // recorded
            }
        }
    }

    private Func side(int bits) {
        Func f = (bits & 1 << 6) == 0 ? pf : path.function(Path.FIRST_VF + (bits & 63));
        return f != null && f.pf == pf.id && f.port != null ? f : null;
    }

    private void fetch(DmaPort port, long address, int bytes, boolean fromGrc) {
        if (!fromGrc) {
            port.read(address, buffer, 0, bytes);
            return;
        }
        for (int i = 0; i < bytes; i += 4) {
            buffer.putInt(i, grc.read((int) address * 4 + i)); // GRC addresses count dwords
        }
    }

    private void store(DmaPort port, long address, int bytes, boolean toGrc) {
        if (!toGrc) {
            port.write(address, buffer, 0, bytes);
            return;
        }
        for (int i = 0; i < bytes; i += 4) {
            grc.write((int) address * 4 + i, buffer.getInt(i));
        }
    }
}
