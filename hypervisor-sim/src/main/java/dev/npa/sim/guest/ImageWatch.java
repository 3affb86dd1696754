package dev.npa.sim.guest;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWiring;

/** Keeps the book on plugin images in one guest, so that their unloading can be proved. */
final class ImageWatch implements SynchronousBundleListener {

    private static final int FEWEST_TRIES = 25;
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final long WAIT_MILLIS = 25;
    private static final int GARBAGE = 1 << 20;

    private final List<ImageBundle> images = new CopyOnWriteArrayList<>();

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        if (!bundle.getLocation().startsWith(ImageLocation.PREFIX)) {
            return;
        }
        if (event.getType() == BundleEvent.RESOLVED) {
            resolved(bundle);
        } else if (event.getType() == BundleEvent.UNINSTALLED) {
            for (ImageBundle image : images) {
                if (image.location().equals(bundle.getLocation())) {
                    image.uninstalled();
                }
            }
        }
    }

    private void resolved(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring != null) {
            images.add(new ImageBundle(bundle.getLocation(), bundle.getSymbolicName(), bundle.getVersion().toString(),
                    wiring.getClassLoader()));
        }
    }

    List<ImageBundle> images() {
        return List.copyOf(images);
    }

    int unloaded() {
        return (int) images.stream().filter(ImageBundle::isUninstalled).count();
    }

    /**
     * Asks the garbage collector until all uninstalled images are gone, for five seconds, or for some rounds where one
     * takes long. The virtual machine's compilers keep what they are at work on for a while.
     */
    int collected() {
        int sink = 0;
        long start = System.nanoTime();
        for (int i = 0; collectedNow() < unloaded()
                && (i < FEWEST_TRIES || System.nanoTime() - start < PATIENCE_NANOS); i++) {
            System.gc();
            sink += new byte[GARBAGE].length;
            if (collectedNow() == unloaded()) {
                break;
            }
            try {
                Thread.sleep(WAIT_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return sink < 0 ? -1 : collectedNow();
    }

    private int collectedNow() {
        return (int) images.stream().filter(i -> i.isUninstalled() && i.classLoader().get() == null).count();
    }
}
