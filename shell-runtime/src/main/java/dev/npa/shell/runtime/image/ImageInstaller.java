package dev.npa.shell.runtime.image;

import dev.npa.plugin.PluginFactory;
import dev.npa.shell.runtime.control.Refusal;
import java.io.ByteArrayInputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.util.Dictionary;
import java.util.HexFormat;
import java.util.Hashtable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceRegistration;

/** Installs verified images into the guest's framework. */
public final class ImageInstaller {

    private final BundleContext context;

    public ImageInstaller(BundleContext context) {
        this.context = context;
    }

    /**
     * Installs and starts an image, makes its factory and registers it as a service in the image's name.
     *
     * @param slot plugin slot
     * @param address guest-physical address of the image; it stays there while the image is installed
     * @param image its bytes
     * @param description what the verifier found
     * @throws Refusal if it does not resolve or its factory cannot be made; nothing stays installed
     */
    public LoadedImage install(int slot, long address, byte[] image, ImageDescription description) throws Refusal {
        String location = "npa-image:" + slot + ":" + Long.toHexString(address) + ":" + image.length + ":"
                + HexFormat.of().formatHex(ImageVerifier.digest(image));
        ClassLoader callers = Thread.currentThread().getContextClassLoader();
        Bundle bundle = null;
        try {
            bundle = installBundle(location, image);
            if (bundle.getState() == Bundle.ACTIVE) {
                throw new Refusal(Refusal.IMAGE, "The plugin image " + description + " is installed already.");
            }
            bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
            PluginFactory factory = factory(bundle, description);
            return new LoadedImage(bundle, description, factory, register(bundle, factory, description));
        } catch (BundleException e) {
            Refusal refusal = ResolverReport.explain(context, bundle, description, e);
            remove(bundle);
            throw refusal;
        } catch (Refusal e) {
            remove(bundle);
            throw e;
        } catch (Throwable t) {
            // Text only: an exception of the image's own class would keep its class loader.
            String text = rootCause(t).toString();
            remove(bundle);
            throw new Refusal(Refusal.ENTRY_POINT, "The plugin image " + description + " failed at its entry point "
                    + description.factory() + ": " + text + ".");
        } finally {
            Thread.currentThread().setContextClassLoader(callers);
        }
    }

    /** What the image's code threw, out of the wrappings of reflection and class initialisation. */
    private static Throwable rootCause(Throwable thrown) {
        Throwable t = thrown;
        while ((t instanceof InvocationTargetException || t instanceof ExceptionInInitializerError)
                && t.getCause() != null) {
            t = t.getCause();
        }
        return t;
    }

    private Bundle installBundle(String location, byte[] image) throws BundleException {
        try {
            // Without a stream: the framework asks its connector, which serves the verified bytes themselves.
            return context.installBundle(location);
        } catch (BundleException e) {
            if (!isUnknownProtocol(e)) {
                throw e;
            }
            return context.installBundle(location, new ByteArrayInputStream(image));
        }
    }

    /** Whether the framework took the location for a URL: it has no connector that knows images. */
    private static boolean isUnknownProtocol(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof MalformedURLException) {
                return true;
            }
        }
        return false;
    }

    private static PluginFactory factory(Bundle bundle, ImageDescription description)
            throws ReflectiveOperationException, Refusal {
        Class<?> type = bundle.loadClass(description.factory());
        if (!PluginFactory.class.isAssignableFrom(type)) {
            throw new Refusal(Refusal.IMAGE, "The factory " + description.factory() + " of plugin image " + description
                    + " does not implement " + PluginFactory.class.getName() + " of this shell.");
        }
        return (PluginFactory) type.getConstructor().newInstance();
    }

    private static ServiceRegistration<PluginFactory> register(Bundle bundle, PluginFactory factory,
            ImageDescription description) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("npa.plugin", description.name());
        properties.put("npa.plugin.version", description.version());
        return bundle.getBundleContext().registerService(PluginFactory.class, factory, properties);
    }

    private static void remove(Bundle bundle) {
        if (bundle != null) {
            try {
                bundle.uninstall();
            } catch (BundleException | IllegalStateException e) {
                // The framework has logged it; the reason that the caller reports is the one that matters.
                return;
            }
        }
    }
}
