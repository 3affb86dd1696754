package dev.npa.shell.runtime.switchover;

import dev.npa.hw.PciFunction;
import dev.npa.hw.PciIdentity;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginFactory;
import dev.npa.shell.ShellException;
import dev.npa.shell.runtime.control.NicControl;
import dev.npa.shell.runtime.control.PluginArea;
import dev.npa.shell.runtime.control.PluginArea.Request;
import dev.npa.shell.runtime.control.Refusal;
import dev.npa.shell.runtime.image.ImageDescription;
import dev.npa.shell.runtime.image.LoadedImage;
import dev.npa.shell.runtime.instance.Census;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.instance.RateLimitedLog;
import dev.npa.shell.runtime.instance.ShellImpl;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.path.DataPaths;
import dev.npa.shell.runtime.pci.PciDevice;
import dev.npa.shell.runtime.warmup.WarmUp;

/** One place for a plugin: from the memory for its image to the running instance, and all of it back. */
final class PluginSlot {

    /** LOAD_PLUGIN COPY. */
    private static final int COPY = 1;
    private static final int LARGEST_IMAGE = 16 << 20;

    private final NicContext context;
    private final PluginArea area;
    private final int number;
    private long imageAddress;
    private byte[] image;
    private ImageDescription description;
    private LoadedImage loaded;
    private DataPaths paths;
    private WarmUp warmUp;
    private SideJob job;
    /** Whether the plugin is gone and only its image is left. */
    private boolean closed;
    private boolean unloaded;
    private String trouble = "";
    private PciDevice device;
    private ShellImpl shell;
    private PluginInstance instance;
    private Throwable interruptFault;

    PluginSlot(NicContext context, PluginArea area, int number) {
        this.context = context;
        this.area = area;
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Whether nothing is in the slot. */
    boolean isFree() {
        return imageAddress == 0;
    }

    /** The running plugin; null before it is up. */
    PluginInstance instance() {
        return instance;
    }

    String name() {
        return description == null ? "plugin of slot " + number : description.toString();
    }

    /** Names memory and has the hypervisor copy the image into it. */
    void load(Request request, NicControl control) throws Refusal {
        if (request.imageBytes() < 1 || request.imageBytes() > LARGEST_IMAGE) {
            throw new Refusal(Refusal.MEMORY, "The announced plugin image has " + request.imageBytes()
                    + " bytes; this shell takes 1.." + LARGEST_IMAGE + ".");
        }
        try {
            imageAddress = context.allocator.allocate(request.imageBytes(), 4096);
        } catch (ShellException e) {
            throw new Refusal(Refusal.MEMORY, "The plugin image does not fit this guest's memory: " + e.getMessage()
                    + ".");
        }
        area.nameImage(imageAddress, request.imageBytes());
        int result = control.loadPlugin(COPY, request.sequence());
        if (result != 0) {
            throw new Refusal(result, "The hypervisor refused to copy the plugin image with result " + result + ".");
        }
    }

    /**
     * Judges the image.
     *
     * @return whether that is over
     */
    boolean verify(Request request) throws Refusal {
        return beside(() -> {
            image = new byte[request.imageBytes()];
            context.machine.memory().copyTo(imageAddress, image, 0, image.length);
            description = context.verifier.verify(image, request.sha256(), request.vendor(), request.device());
            return true;
        });
    }

    /**
     * Installs the image.
     *
     * @return whether that is over
     */
    boolean install() throws Refusal {
        return beside(() -> {
            byte[] bytes = image;
            image = null;
            loaded = context.installer.install(number, imageAddress, bytes, description);
            paths = DataPaths.fresh();
            return true;
        });
    }

    /** Does work beside the data path; asked again with the same work until it is over. */
    private boolean beside(SideJob.Work work) throws Refusal {
        if (job == null) {
            job = SideJob.start(context.machine, work);
        }
        boolean over = true;
        try {
            over = job.isOver();
        } finally {
            if (over) {
                job = null;
            }
        }
        return over;
    }

    /**
     * Runs a second instance of the plugin on its image's scratch device.
     *
     * @return whether that is over
     */
    boolean warm(Request request) throws Refusal {
        if (job == null) {
            checkSupport(function(request).identity());
        }
        return context.warmUpPackets == 0 || beside(() -> warmFor(request));
    }

    private boolean warmFor(Request request) throws Refusal {
        try {
            if (warmUp == null) {
                warmUp = WarmUp.of(loaded.factory(), function(request).identity(), context.allocator,
                        context.machine.clock(), paths, context.settings, context.warmUpPackets,
                        new RateLimitedLog(context.machine.clock(), context.machine.name(), name() + " warm-up"));
            }
            if (warmUp != null && !warmUp.step()) {
                return false;
            }
            coolDown();
            return true;
        } catch (Refusal e) {
            throw e;
        } catch (Throwable t) {
            throw new Refusal(Refusal.DEVICE, "The plugin " + name() + " does not work on the scratch device of its own"
                    + " image: " + t + ".");
        }
    }

    private void coolDown() {
        WarmUp over = warmUp;
        warmUp = null;
        if (over != null) {
            over.close();
        }
    }

    /**
     * Makes the plugin and configures it on the VF, then starts it: two turns, so that the old path is served in between.
     *
     * @return whether that is over
     */
    boolean bringUp(Request request) throws Refusal {
        if (instance == null) {
            configure(request);
            return false;
        }
        try {
            instance.start(context.settings, context.pool);
        } catch (Throwable t) {
            throw notUp(t);
        }
        return true;
    }

    private Refusal notUp(Throwable t) {
        return new Refusal(Refusal.DEVICE, "The plugin " + name() + " did not bring the VF up: " + t + ".");
    }

    private void configure(Request request) throws Refusal {
        PciFunction function = function(request);
        try {
            int vectors = Math.min(request.vectors(), NetDevice.MAX_QUEUES + 1);
            device = PciDevice.enable(function, vectors, context.cpu, this::interrupt);
        } catch (RuntimeException e) {
            throw new Refusal(Refusal.DEVICE, "The VF in PCI slot " + request.pciSlot() + " cannot be enabled: "
                    + e.getMessage() + ".");
        }
        shell = context.newShell(device, name());
        PluginInstance made = new PluginInstance(name(), number, shell, create(), paths);
        instance = made;
        try {
            int pairs = Math.max(1, request.queues());
            made.hashesItsOwnWay(request.has(Request.OWN_RSS));
            made.configure(context.settings, pairs, context.ring(pairs));
        } catch (Throwable t) {
            throw notUp(t);
        }
    }

    /** The VF that the request announces. */
    private PciFunction function(Request request) throws Refusal {
        PciFunction function = context.machine.pci(request.pciSlot())
                .orElseThrow(() -> new Refusal(Refusal.DEVICE, "No PCI function is plugged into slot "
                        + request.pciSlot() + ", where the request says the VF is."));
        PciIdentity identity = function.identity();
        if (identity.vendor() != request.vendor() || identity.device() != request.device()) {
            throw new Refusal(Refusal.DEVICE, String.format(
                    "PCI slot %d holds %s, but the request announced %04x:%04x.", request.pciSlot(), identity,
                    request.vendor(), request.device()));
        }
        return function;
    }

    private void checkSupport(PciIdentity identity) throws Refusal {
        boolean supported;
        try {
            supported = loaded.factory().supports(identity);
        } catch (Throwable t) {
            throw new Refusal(Refusal.ENTRY_POINT, "supports(" + identity + ") of the plugin " + name() + " threw " + t
                    + ".");
        }
        if (!supported) {
            throw new Refusal(Refusal.ENTRY_POINT, "The plugin " + name() + " declares " + identity
                    + " in its manifest, but its factory does not support it.");
        }
    }

    private Plugin create() throws Refusal {
        Plugin plugin;
        try {
            PluginFactory factory = loaded.factory();
            plugin = factory.create(shell);
        } catch (Throwable t) {
            throw new Refusal(Refusal.ENTRY_POINT, "create of the plugin " + name() + " threw " + t + ".");
        }
        if (plugin == null) {
            throw new Refusal(Refusal.ENTRY_POINT, "create of the plugin " + name() + " returned no plugin.");
        }
        return plugin;
    }

    private void interrupt(int vector) {
        PluginInstance current = instance;
        if (current != null && interruptFault == null) {
            try {
                context.device.interrupted(current, vector);
            } catch (Throwable t) {
                interruptFault = t;
            }
        }
    }

    /** What the plugin threw while it served an interrupt; null if nothing. It is not called for interrupts then. */
    Throwable interruptFault() {
        return interruptFault;
    }

    /** The fault was handed to whoever deals with it. */
    void interruptFaultSeen() {
        interruptFault = null;
    }

    /** Makes all handles of the plugin fail; nothing is freed yet. */
    void revoke() {
        if (shell != null) {
            shell.revoke();
        }
    }

    /**
     * Empties the slot: closes the plugin, takes the VF out of use, frees what the plugin still held, uninstalls the
     * image. Works from every stage of loading.
     *
     * @param orderly whether the plugin is called; one that failed is not
     */
    void clear(boolean orderly) {
        if (job != null) {
            job.cancel();
            job = null;
        }
        if (!closed) {
            close(orderly);
        }
        if (loaded != null) {
            unload();
        }
        forget();
    }

    /**
     * Empties the slot without keeping the data path waiting for the image's end.
     *
     * @return whether the slot is empty; else there is nothing to do but to ask again
     */
    boolean isEmptied() {
        // The job clears the field before it is over.
        if (loaded != null || job != null) {
            try {
                if (!beside(() -> {
                    unload();
                    return true;
                })) {
                    return false;
                }
            } catch (Refusal e) {
                throw new IllegalStateException(e); // unloading refuses nothing
            }
        }
        forget();
        return true;
    }

    /** Whether {@link #close} was done and only the image is left. */
    boolean isClosed() {
        return closed;
    }

    /**
     * Closes the plugin, takes the VF out of use and frees what the plugin still held.
     *
     * @param orderly whether the plugin is called; one that failed is not
     */
    void close(boolean orderly) {
        closed = true;
        ClassLoader callers = Thread.currentThread().getContextClassLoader();
        if (orderly && instance != null) {
            close(instance);
        }
        abandonWarmUp();
        interruptFault = null;
        if (device != null) {
            // Bus mastering goes before the memory does: from here on the VF cannot write into what is freed.
            device.disable();
            device = null;
        }
        if (instance != null) {
            context.device.abandon(instance);
            instance = null;
        }
        Census census = shell == null ? new Census(0, 0, 0) : shell.close();
        shell = null;
        if (!census.isEmpty()) {
            area.countReclaimed(census.buffers(), census.windows());
            context.log.warn(name() + " left behind " + census);
        }
        if (Thread.currentThread().getContextClassLoader() != callers) {
            Thread.currentThread().setContextClassLoader(callers);
        }
    }

    /** The image is gone, if there was one. */
    private void forget() {
        if (unloaded) {
            area.countUnload();
        }
        unloaded = false;
        if (!trouble.isEmpty()) {
            context.log.warn(trouble);
        }
        trouble = "";
        if (imageAddress != 0) {
            context.allocator.free(imageAddress);
            imageAddress = 0;
        }
        image = null;
        description = null;
        closed = false;
    }

    private void close(PluginInstance old) {
        try {
            if (old.isUp()) {
                old.stop();
                context.device.collect(old);
            }
            old.close();
        } catch (Throwable t) {
            context.log.warn("closing " + name() + " failed: " + t);
        }
    }

    private void abandonWarmUp() {
        try {
            coolDown();
        } catch (Throwable t) {
            context.log.warn("closing the warm-up of " + name() + " failed: " + t);
        }
    }

    private void unload() {
        paths = null;
        LoadedImage old = loaded;
        loaded = null;
        trouble = old.unload();
        unloaded = true;
    }
}
