package dev.npa.sim.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

/** Content of bundles, unpacked once for all guests. */
class GuestSoftwareTest {

    private static final byte[] PROBE = GuestBundles.probe();
    private static final byte[] IMAGE = GuestBundles.image("1.0.0", "[1.0,2)");

    @Test
    void aBundleIsUnpackedOnceForAllGuests() throws ZipException {
        GuestSoftware software = new GuestSoftware(Map.of("boot:probe", PROBE));
        BundleContent first = software.bundle("boot:probe");
        assertSame(first, software.bundle("boot:probe"));
        assertEquals("test.probe", first.getHeaders().orElseThrow().get("Bundle-SymbolicName"));
        assertNull(software.bundle("boot:other"));
        assertEquals(List.of("boot:probe"), software.locations());
    }

    @Test
    void imagesAreSharedByDigestAndOthersAreNot() throws ZipException {
        GuestSoftware software = new GuestSoftware(Map.of());
        String digest = GuestConnector.sha256(IMAGE);
        BundleContent first = software.image(digest, IMAGE);
        assertSame(first, software.image(digest, IMAGE.clone()));
        assertNotSame(first, software.image(GuestConnector.sha256(PROBE), PROBE));
    }

    @Test
    void imagesThatNobodyUsedForLongAreUnpackedAnew() throws ZipException {
        GuestSoftware software = new GuestSoftware(Map.of());
        BundleContent first = software.image("first", IMAGE);
        BundleContent second = software.image("second", IMAGE);
        for (int i = 0; i < 7; i++) {
            software.image("other" + i, IMAGE);
            assertSame(second, software.image("second", IMAGE), "it was used meanwhile");
        }
        assertNotSame(first, software.image("first", IMAGE));
    }

    @Test
    void whatIsNoBundleIsRefusedEachTime() {
        GuestSoftware software = new GuestSoftware(Map.of("boot:broken", new byte[] {1, 2, 3}));
        assertThrows(ZipException.class, () -> software.bundle("boot:broken"));
        assertThrows(ZipException.class, () -> software.bundle("boot:broken"));
        assertThrows(ZipException.class, () -> software.image("digest", new byte[] {1, 2, 3}));
    }

    @Test
    void readersGetCopiesOfTheContent() throws Exception {
        GuestSoftware software = new GuestSoftware(Map.of("boot:probe", PROBE));
        String entry = "META-INF/MANIFEST.MF";
        byte[] mine = software.bundle("boot:probe").getEntry(entry).orElseThrow().getInputStream().readAllBytes();
        byte before = mine[0];
        mine[0]++;
        byte[] bytes = software.bundle("boot:probe").getEntry(entry).orElseThrow().getBytes();
        assertEquals(before, bytes[0]);
        bytes[0]++;
        assertEquals(before, software.bundle("boot:probe").getEntry(entry).orElseThrow().getBytes()[0]);
    }
}
