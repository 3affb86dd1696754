package dev.npa.sim.gogo;

import dev.npa.sim.host.Host;
import dev.npa.sim.host.Switchover;
import dev.npa.sim.host.VirtualMachine;
import dev.npa.sim.scenario.ScenarioWorld;
import java.io.PrintStream;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;

/**
 * The commands. A wrong argument is an {@link IllegalArgumentException} with one sentence, which the shell prints; a
 * switchover that fails is one too, so that a script notices.
 */
public final class NpaCommands {

    /** Scope of the commands. */
    public static final String SCOPE = "npa";

    private static final List<String> FUNCTIONS =
            List.of("hosts", "vms", "nics", "plugins", "passthrough", "emulate", "swap", "stats", "ring", "run");

    private static final long MAX_RUN_MILLIS = 60_000;
    private static final long SWITCHOVER_LIMIT_NANOS = 10_000_000_000L;

    private final ScenarioWorld world;

    public NpaCommands(ScenarioWorld world) {
        this.world = world;
    }

    /** Names for the service property {@code osgi.command.function}. */
    public static String[] functions() {
        return FUNCTIONS.toArray(String[]::new);
    }

    @Descriptor("hosts with their NICs and VMs")
    public void hosts(CommandSession session) {
        PrintStream out = session.getConsole();
        for (Host host : world.hosts()) {
            out.printf("%-8s %d NICs, %d VMs%n", host.name(), host.nics().size(), host.vms().size());
        }
    }

    @Descriptor("VMs: state and what carries the data path")
    public void vms(CommandSession session) {
        PrintStream out = session.getConsole();
        out.printf("%-8s %-18s %-8s %-7s %-15s %-24s %-8s %s%n", "VM", "MAC", "OS", "QUEUES", "STATE", "CARRIER", "NIC",
                "SWITCHOVERS");
        for (VirtualMachine vm : world.vms().values()) {
            out.printf("%-8s %-18s %-8s %-7d %-15s %-24s %-8s %d%n", vm.name(), vm.mac(), vm.guest().os(),
                    GuestReport.queues(vm.statistics()), vm.state(), vm.carrier(), vm.carrierNic().name(),
                    vm.switchovers().size());
        }
    }

    @Descriptor("NICs: model, link and virtual functions")
    public void nics(CommandSession session) {
        PrintStream out = session.getConsole();
        out.printf("%-8s %-10s %-8s %-8s %s%n", "NIC", "FUNCTION", "VFS", "FREE", "LINK");
        for (Host.Nic nic : world.nics().values()) {
            out.printf("%-8s %-10s %-8d %-8d %s%n", nic.name(), nic.adapter().physicalFunction().identity(),
                    nic.adapter().enabledVirtualFunctions(), nic.freeVirtualFunctions(), nic.link());
        }
    }

    @Descriptor("plugin images in the repository")
    public void plugins(CommandSession session) {
        PrintStream out = session.getConsole();
        out.printf("%-10s %-8s %-14s %-14s %-14s %s%n", "PLUGIN", "VERSION", "DEVICES", "LICENCE", "SHA-256",
                "REFUSED");
        for (Host host : world.hosts()) {
            for (Host.ImageInfo image : host.images()) {
                String digest = image.sha256().substring(0, Math.min(12, image.sha256().length()));
                out.printf("%-10s %-8s %-14s %-14s %-14s %s%n", image.name(), image.version(),
                        String.join(",", image.devices()), image.licence(), digest, image.refusal());
            }
        }
    }

    @Descriptor("move a VM to a virtual function with the newest image that fits")
    public void passthrough(CommandSession session, @Descriptor("VM") String vm) {
        passthrough(session, vm, null, null);
    }

    @Descriptor("move a VM to a virtual function with this image")
    public void passthrough(CommandSession session, @Descriptor("VM") String vm, @Descriptor("plugin") String image,
            @Descriptor("version") String version) {
        report(session, vm(vm).passthrough(image, version));
    }

    @Descriptor("move a VM to a virtual function of a NIC with the newest image that fits")
    public void passthrough(CommandSession session, @Descriptor("VM") String vm, @Descriptor("NIC") String nic) {
        passthrough(session, vm, null, null, nic);
    }

    @Descriptor("move a VM to a virtual function of a NIC with this image")
    public void passthrough(CommandSession session, @Descriptor("VM") String vm, @Descriptor("plugin") String image,
            @Descriptor("version") String version, @Descriptor("NIC") String nic) {
        report(session, vm(vm).passthrough(nic(nic), image, version));
    }

    @Descriptor("swap the plugin of a VM in passthrough mode for another version")
    public void swap(CommandSession session, @Descriptor("VM") String name, @Descriptor("plugin") String image,
            @Descriptor("version") String version) {
        report(session, swappable(name).passthrough(image, version));
    }

    @Descriptor("swap the plugin of a VM in passthrough mode for one on a virtual function of this NIC")
    public void swap(CommandSession session, @Descriptor("VM") String name, @Descriptor("plugin") String image,
            @Descriptor("version") String version, @Descriptor("NIC") String nic) {
        report(session, swappable(name).passthrough(nic(nic), image, version));
    }

    private VirtualMachine swappable(String name) {
        VirtualMachine vm = vm(name);
        if (vm.state() != VirtualMachine.State.PASSTHROUGH) {
            throw new IllegalArgumentException(name + " is " + vm.state() + "; only a VM in PASSTHROUGH can swap");
        }
        return vm;
    }

    @Descriptor("move a VM back to the emulated device")
    public void emulate(CommandSession session, @Descriptor("VM") String vm) {
        report(session, vm(vm).emulate());
    }

    @Descriptor("frame account of all traffic, and counters of the guests' network devices")
    public void stats(CommandSession session) {
        world.account().forEach(session.getConsole()::println);
        session.getConsole().println();
        GuestReport.summary(world.vms().values()).forEach(session.getConsole()::println);
    }

    @Descriptor("all counters of a guest's network device by name, those of zero left out")
    public void stats(CommandSession session, @Descriptor("VM") String vm) {
        GuestReport.all(vm(vm)).forEach(session.getConsole()::println);
    }

    @Descriptor("descriptor ring of a VM's active data path")
    public void ring(CommandSession session, @Descriptor("VM") String vm, @Descriptor("tx or rx") String direction,
            @Descriptor("queue") int queue) {
        if (!direction.equals("tx") && !direction.equals("rx")) {
            throw new IllegalArgumentException("'" + direction + "' is neither tx nor rx");
        }
        session.getConsole().println(vm(vm).describeRing(queue, direction.equals("tx")));
    }

    @Descriptor("let traffic run for some milliseconds")
    public void run(CommandSession session, @Descriptor("milliseconds") long millis) {
        if (millis < 0 || millis > MAX_RUN_MILLIS) {
            throw new IllegalArgumentException(millis + " ms cannot be run; the time must be in 0.." + MAX_RUN_MILLIS);
        }
        world.run(millis * 1_000_000L);
        session.getConsole().println("ran " + millis + " ms");
    }

    private Host.Nic nic(String name) {
        Host.Nic nic = world.nics().get(name);
        if (nic == null) {
            throw new IllegalArgumentException("there is no NIC '" + name + "'; there are " + world.nics().keySet());
        }
        return nic;
    }

    private VirtualMachine vm(String name) {
        VirtualMachine vm = world.vms().get(name);
        if (vm == null) {
            throw new IllegalArgumentException("there is no VM '" + name + "'; there are " + world.vms().keySet());
        }
        return vm;
    }

    private void report(CommandSession session, Switchover switchover) {
        boolean ended = world.simulation().runUntil(() -> switchover.outcome() != Switchover.Outcome.PENDING,
                SWITCHOVER_LIMIT_NANOS);
        String what = switchover.from() + " -> " + switchover.to();
        if (!ended) {
            throw new IllegalArgumentException(what + " has not ended after 10 s");
        }
        if (switchover.outcome() == Switchover.Outcome.FAILED) {
            throw new IllegalArgumentException(what + " failed: " + switchover.reason());
        }
        session.getConsole().printf("%s done in %d us%n", what,
                (switchover.completedNanos() - switchover.requestedNanos()) / 1000);
    }
}
