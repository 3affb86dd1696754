package dev.npa.sim.guest;

import dev.npa.hw.AccessFault;
import dev.npa.hw.PhysicalMemory;
import java.io.File;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipException;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/**
 * Where a guest's framework gets bundles from: those it boots with from the software it was made with, plugin images from
 * the guest's memory. Any other location is refused, so that a guest never opens a file or URL of the host.
 */
final class GuestConnector implements ModuleConnector {

    private final PhysicalMemory memory;
    private final GuestSoftware software;

    GuestConnector(PhysicalMemory memory, GuestSoftware software) {
        this.memory = memory;
        this.software = software;
    }

    @Override
    public void initialize(File storage, Map<String, String> configuration) {
        // Nothing of a guest is kept on disk.
    }

    @Override
    public Optional<ConnectModule> connect(String location) throws BundleException {
        if (Constants.SYSTEM_BUNDLE_LOCATION.equals(location)) {
            return Optional.empty();
        }
        try {
            BundleContent content = software.bundle(location);
            return Optional.of(content == null ? fromMemory(location) : content);
        } catch (ZipException e) {
            throw refusal(location, e.getMessage());
        }
    }

    private BundleContent fromMemory(String location) throws BundleException, ZipException {
        if (!location.startsWith(ImageLocation.PREFIX)) {
            throw refusal(location, "a guest installs nothing but plugin images from its own memory ("
                    + ImageLocation.PREFIX + "...)");
        }
        try {
            ImageLocation image = ImageLocation.parse(location);
            if (!memory.contains(image.address(), image.length())) {
                throw refusal(location, image.length() + " bytes at 0x" + Long.toHexString(image.address())
                        + " are not in the guest's memory");
            }
            // A copy: what is digested here is what is loaded, whatever is written to that memory later.
            byte[] jar = new byte[image.length()];
            memory.copyTo(image.address(), jar, 0, jar.length);
            String digest = sha256(jar);
            if (!digest.equals(image.sha256())) {
                throw refusal(location, "the bytes in memory have SHA-256 " + digest + " instead of "
                        + image.sha256());
            }
            return software.image(digest, jar);
        } catch (IllegalArgumentException | AccessFault e) {
            throw refusal(location, e.getMessage());
        }
    }

    private static BundleException refusal(String location, String why) {
        String where = location.startsWith(ImageLocation.PREFIX) ? "image" : "bundle " + location;
        return new BundleException(where + " refused: " + why, BundleException.READ_ERROR);
    }

    /** SHA-256 in lower-case hexadecimal. */
    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    @Override
    public Optional<BundleActivator> newBundleActivator() {
        return Optional.empty();
    }
}
