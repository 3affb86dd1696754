package dev.npa.shell.runtime.image;

/**
 * What the manifest of a verified image says.
 *
 * @param name the plugin's name, as {@code niantic}
 * @param version version of the image
 * @param factory name of the factory class
 */
public record ImageDescription(String name, String version, String factory) {

    /** As in logs and reasons: {@code niantic 1.0.0}. */
    @Override
    public String toString() {
        return name + " " + version;
    }
}
