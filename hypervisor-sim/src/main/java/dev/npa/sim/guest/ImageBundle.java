package dev.npa.sim.guest;

import java.lang.ref.WeakReference;

/** A plugin image that was resolved in a guest, for observation from outside: it holds on to nothing of the guest. */
public final class ImageBundle {

    private final String location;
    private final String symbolicName;
    private final String version;
    private final WeakReference<ClassLoader> classLoader;
    private volatile boolean uninstalled;

    ImageBundle(String location, String symbolicName, String version, ClassLoader classLoader) {
        this.location = location;
        this.symbolicName = symbolicName;
        this.version = version;
        this.classLoader = new WeakReference<>(classLoader);
    }

    public String location() {
        return location;
    }

    public String symbolicName() {
        return symbolicName;
    }

    /** Bundle version, as {@code 1.0.0}. */
    public String version() {
        return version;
    }

    /** Cleared when the class loader was collected. */
    public WeakReference<ClassLoader> classLoader() {
        return classLoader;
    }

    public boolean isUninstalled() {
        return uninstalled;
    }

    void uninstalled() {
        uninstalled = true;
    }
}
