package dev.npa.plugin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;

/**
 * Declares the annotated {@link PluginFactory} as the entry point of a plugin image. The bundle tool turns it into the
 * manifest's {@code Provide-Capability: npa.plugin}, from which hypervisors and shells learn what the image is for
 * without running any of it. A plugin's author writes no manifest.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
@Capability(namespace = PluginImage.NAMESPACE, attribute = "factory=${@class}")
public @interface PluginImage {

    /** Namespace of the capability. */
    String NAMESPACE = "npa.plugin";

    /** The plugin's name, the same in every version of the image. */
    @Attribute("npa.plugin")
    String name();

    /** PCI vendor and device ids that the image drives, each as {@code 8086:10ed}. */
    @Attribute("devices")
    String[] devices();
}
