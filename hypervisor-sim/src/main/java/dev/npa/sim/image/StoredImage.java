package dev.npa.sim.image;

import dev.npa.hw.PciIdentity;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/**
 * A jar of the repository after verification. Of a refused one only what could be read is set.
 *
 * @param file file name
 * @param name plugin name; the file name if the jar does not say
 * @param version bundle version
 * @param devices ids as {@code 8086:10ed}, lower case
 * @param licence SPDX expression
 * @param sha256 digest of the whole jar, 32 bytes
 * @param imports imported packages and the versions that they may have
 * @param bytes the jar; callers do not change it
 * @param refusal why it must not be injected; empty if it may
 */
public record StoredImage(
        String file,
        String name,
        Version version,
        List<String> devices,
        String licence,
        byte[] sha256,
        Map<String, VersionRange> imports,
        byte[] bytes,
        String refusal) {

    public boolean isUsable() {
        return refusal.isEmpty();
    }

    public boolean drives(PciIdentity device) {
        return devices.contains(device.toString());
    }

    /** Digest in hexadecimal. */
    public String sha256Hex() {
        return HexFormat.of().formatHex(sha256);
    }

    /**
     * Whether the image's import of the plugin API accepts the guest's.
     *
     * @return empty if so, else the sentence with the range wanted and the version that the guest has
     */
    public String misfit(int apiMajor, int apiMinor) {
        VersionRange wanted = imports.get(ImageVerifier.API_PACKAGE);
        Version has = new Version(apiMajor, apiMinor, 0);
        return wanted == null || wanted.includes(has) ? ""
                : this + " needs " + ImageVerifier.API_PACKAGE + " " + wanted + "; this guest's shell has " + has;
    }

    /** Name and version, as {@code niantic 1.0.0}. */
    @Override
    public String toString() {
        return name + " " + version;
    }
}
