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
import dev.npa.shell.runtime.instance.ShellImpl;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.path.DataPath;
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

    void verify(Request request) throws Refusal {
        image = new byte[request.imageBytes()];
        context.machine.memory().copyTo(imageAddress, image, 0, image.length);
        description = context.verifier.verify(image, request.sha256(), request.vendor(), request.device());
    }

    void install() throws Refusal {
        byte[] bytes = image;
        image = null;
        loaded = context.installer.install(number, imageAddress, bytes, description);
        paths = DataPath::new;
    }

    /**
     * Runs a second instance of the plugin on its image's scratch device for a slice of time.
     *
     * @return whether that is over
     */
    boolean warm(Request request) throws Refusal {
        PciIdentity identity = function(request).identity();
        boolean first = warmUp == null;
        if (first) {
            checkSupport(identity);
        }
        if (context.warmUpPackets == 0) {
            return true;
        }
        try {
            if (first) {
                warmUp = WarmUp.of(loaded.factory(), identity, context.allocator, context.machine.clock(), paths,
                        context.settings, context.warmUpPackets, context.log);
            }
            if (warmUp != null && !warmUp.step()) {
                return false;
            }
            coolDown();
            return true;
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

    /** Makes the plugin and starts it on the VF. */
    void bringUp(Request request) throws Refusal {
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
            made.bringUp(context.settings, pairs, context.ring(pairs), context.pool);
        } catch (Throwable t) {
            throw new Refusal(Refusal.DEVICE, "The plugin " + name() + " did not bring the VF up: " + t + ".");
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
     * @return what had to be freed on the plugin's behalf
     */
    Census clear(boolean orderly) {
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
        unload();
        if (Thread.currentThread().getContextClassLoader() != callers) {
            Thread.currentThread().setContextClassLoader(callers);
        }
        if (imageAddress != 0) {
            context.allocator.free(imageAddress);
            imageAddress = 0;
        }
        image = null;
        description = null;
        return census;
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
        if (loaded != null) {
            String trouble = loaded.unload();
            loaded = null;
            area.countUnload();
            if (!trouble.isEmpty()) {
                context.log.warn(trouble);
            }
        }
    }
}
