package dev.npa.sim.guest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipException;

/**
 * Bundles as guests' frameworks read them, unpacked once however many guests there are: those that guests boot from, and
 * plugin images by the digest of their bytes. Only content is shared, which nobody can change; classes are each guest's
 * own. Thread-safe.
 */
public final class GuestSoftware {

    /** Unpacked images that are kept, those used last. */
    private static final int IMAGES = 8;

    private final Map<String, byte[]> jars;
    private final Map<String, BundleContent> bundles = new ConcurrentHashMap<>();
    private final Map<String, BundleContent> images = new LinkedHashMap<>(IMAGES, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, BundleContent> eldest) {
            return size() > IMAGES;
        }
    };

    /**
     * Software of guests that boot from these bundles.
     *
     * @param jars bundles by location, in the order to start them; bytes that the caller has verified, and does not
     *     change afterwards
     */
    public GuestSoftware(Map<String, byte[]> jars) {
        this.jars = new LinkedHashMap<>(jars);
    }

    /** Locations of the bundles to boot from, in their order. */
    List<String> locations() {
        return new ArrayList<>(jars.keySet());
    }

    /**
     * Content of a bundle to boot from.
     *
     * @return null if there is none at this location
     * @throws ZipException if it is no bundle
     */
    BundleContent bundle(String location) throws ZipException {
        BundleContent known = bundles.get(location);
        byte[] jar = jars.get(location);
        if (known == null && jar != null) {
            known = BundleContent.of(jar);
            bundles.put(location, known);
        }
        return known;
    }

    /**
     * Content of a plugin image.
     *
     * @param sha256 digest of these very bytes, which the caller has computed
     * @throws ZipException if it is no bundle
     */
    BundleContent image(String sha256, byte[] jar) throws ZipException {
        synchronized (images) {
            BundleContent known = images.get(sha256);
            if (known == null) {
                known = BundleContent.of(jar);
                images.put(sha256, known);
            }
            return known;
        }
    }
}
