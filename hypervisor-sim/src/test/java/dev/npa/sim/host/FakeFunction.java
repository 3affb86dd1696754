package dev.npa.sim.host;

import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.MsixTable;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.nic.NicFunction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A PCI function with a PCIe capability at 0x40, MSI-X (3 vectors, table at 0x100 of BAR 3) at 0x70 and no device. */
final class FakeFunction implements NicFunction {

    static final int VECTORS = 3;

    final ByteBuffer config = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    final DmaPort dma;
    final MsixTable msix;
    int resets;
    private final String name;
    private final PciIdentity identity;

    FakeFunction(String name, PciIdentity identity, Violations violations) {
        this.name = name;
        this.identity = identity;
        this.dma = new DmaPort(name, violations);
        this.msix = new MsixTable(VECTORS, dma);
        config.put(0x34, (byte) 0x40);
        config.put(0x40, (byte) 0x10).put(0x41, (byte) 0x70).putInt(0x44, 1 << 28);
        config.put(0x70, (byte) 0x11).put(0x71, (byte) 0).putShort(0x72, (short) (VECTORS - 1)).putInt(0x74, 0x103);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public DmaPort dma() {
        return dma;
    }

    @Override
    public MsixTable msix() {
        return msix;
    }

    @Override
    public void functionLevelReset() {
        resets++;
        msix.reset();
        dma.busMaster(false);
    }

    @Override
    public PciIdentity identity() {
        return identity;
    }

    @Override
    public int readConfig(int offset, int width) {
        return switch (width) {
            case 1 -> config.get(offset) & 0xFF;
            case 2 -> config.getShort(offset) & 0xFFFF;
            default -> config.getInt(offset);
        };
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        if (offset == 0x48 && (value & 0x8000) != 0) {
            functionLevelReset();
            return;
        }
        config.putShort(offset, (short) value);
        if (offset == PciConfig.COMMAND) {
            dma.busMaster((value & 4) != 0);
        }
        if (offset == 0x72) {
            msix.control((value & 0x8000) != 0, (value & 0x4000) != 0);
        }
    }

    @Override
    public RegisterWindow bar(int index) {
        if (index != 3) {
            throw new AssertionError("the MSI-X table is in BAR 3, not " + index);
        }
        return new RegisterWindow() {
            @Override
            public int length() {
                return 4096;
            }

            @Override
            public int read32(int offset) {
                return msix.readTable(offset - 0x100);
            }

            @Override
            public void write32(int offset, int value) {
                msix.writeTable(offset - 0x100, value);
            }
        };
    }
}
