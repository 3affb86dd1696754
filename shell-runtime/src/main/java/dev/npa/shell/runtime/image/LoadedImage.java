package dev.npa.shell.runtime.image;

import dev.npa.plugin.PluginFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceRegistration;

/** An installed image and its factory. After {@link #unload} nothing of it is referred to from here. */
public final class LoadedImage {

    private final ImageDescription description;
    private Bundle bundle;
    private PluginFactory factory;
    private ServiceRegistration<PluginFactory> registration;

    LoadedImage(Bundle bundle, ImageDescription description, PluginFactory factory,
            ServiceRegistration<PluginFactory> registration) {
        this.bundle = bundle;
        this.description = description;
        this.factory = factory;
        this.registration = registration;
    }

    public ImageDescription description() {
        return description;
    }

    /** The entry point; null after {@link #unload}. */
    public PluginFactory factory() {
        return factory;
    }

    /**
     * Unregisters the factory and uninstalls the image. Plugins made by it must be closed and forgotten before.
     *
     * @return why it could not be uninstalled in order, in words; empty if it could
     */
    public String unload() {
        if (bundle == null) {
            return "";
        }
        Bundle gone = bundle;
        bundle = null;
        factory = null;
        ServiceRegistration<PluginFactory> service = registration;
        registration = null;
        try {
            service.unregister();
        } catch (IllegalStateException e) {
            // The framework stopped the bundle, and with it the service, before.
            service = null;
        }
        try {
            gone.uninstall();
            return "";
        } catch (BundleException | IllegalStateException e) {
            return "uninstalling " + description + " failed: " + e.getMessage();
        }
    }
}
