package dev.npa.sim.nic.niantic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.nic.intel.RegisterMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The register tables of the 82599. */
class RegistersTest {

    @Test
    void offsetsOfTheDatasheetLeadToTheirRegisters() {
        RegisterMap map = RegisterMap.load(Core.class, "pf-registers.map", 128 * 1024);
        assertEquals("RDT[3]", map.label(map.slotAt(0x10D8)));
        assertEquals("RDT[64]", map.label(map.slotAt(0xD018)));
        assertEquals("TDT[127]", map.label(map.slotAt(0x6018 + 0x40 * 127)));
        assertEquals("SRRCTL[2]", map.label(map.slotAt(0x2108)));
        assertEquals("RAH[15]", map.label(map.slotAt(0x547C)));
        assertEquals("RAH[15]", map.label(map.slotAt(0xA27C)));
        assertEquals("EITR[128]", map.label(map.slotAt(0x12300 + 4 * 104)));
        assertEquals("PFVFLRE[1]", map.label(map.slotAt(0x1C0)));
        assertEquals("PFMBMEM[63].15", map.label(map.slotAt(0x13FFC)));
        assertEquals("MRQC", map.label(map.slotAt(0xEC80)));
    }

    @Test
    void virtualFunctionSeesItsOwnElements() {
        Lab lab = new Lab(5);
        lab.vf[4].csr.write32(0x1000 + 0x40, 0x8000);
        assertEquals(0x8000, lab.pf.csr.read32(0x1000 + 0x40 * 9), "VF 4, queue 1 is RDBAL[9]");
        lab.vf[4].csr.write32(0x0820, 336);
        assertEquals(336, lab.pf.csr.read32(0x12300 + 4 * (127 - 8 - 24)), "VTEITR0 of VF 4 is EITR[119]");
        lab.vf[2].csr.write32(0x0204, 0xCAFE);
        assertEquals(0xCAFE, lab.pf.csr.read32(0x13000 + 2 * 64 + 4));
        lab.vf[3].csr.write32(0x0120, 0x8081);
        assertEquals(0x8081, lab.pf.csr.read32(0x12500 + 4 * 3));
        lab.noViolations();
    }

    @Test
    void unknownMisalignedAndForeignAccessesAreRecorded() {
        Lab lab = new Lab(1);
        assertEquals(0, lab.vf[0].csr.read32(0x3200));
        lab.oneViolation("nic0/vf0", "0x3200", "no register");
        lab.vf[0].csr.write32(0x0106, 1);
        lab.vf[0].csr.write32(0x0010, 1);
        assertEquals(0, lab.vf[0].csr.read32(0x1000 + 0x40 * 2));
        lab.pf.csr.write32(0x1FFFC, 1);
        List<String> texts = lab.violations.list().stream().map(Object::toString).toList();
        assertTrue(texts.get(1).contains("not a multiple of 4"), texts.get(1));
        assertTrue(texts.get(2).contains("read-only register VFLINKS"), texts.get(2));
        assertTrue(texts.get(3).contains("VFRDBAL[2]"), texts.get(3));
        assertTrue(texts.get(4).contains("nic0/pf write of BAR0 offset 0x1fffc")
                || texts.get(4).contains("nic0/pf: write of BAR0 offset 0x1fffc"), texts.get(4));
        assertEquals(5, texts.size());
    }
}
