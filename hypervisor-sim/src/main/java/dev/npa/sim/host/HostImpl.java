package dev.npa.sim.host;

import dev.npa.hw.Clock;
import dev.npa.hw.MacAddress;
import dev.npa.hw.PciIdentity;
import dev.npa.pf.PfDriver;
import dev.npa.pf.PfDriverFactory;
import dev.npa.sim.image.ImageRepository;
import dev.npa.sim.image.StoredImage;
import dev.npa.sim.net.VirtualSwitch;
import dev.npa.sim.net.VlanPolicy;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.NicAdapter;
import dev.npa.sim.nic.NicModel;
import dev.npa.sim.nic.NicModelFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host. Control calls are serialised by one lock a host, which is the outermost: see {@link HostNic} for the order.
 */
final class HostImpl implements Host {

    /** Delay of a short cable. */
    private static final long PROPAGATION_NANOS = 500;
    private static final int MIN_MEMORY_MIB = 16;
    private static final int MAX_MEMORY_MIB = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(HostImpl.class);

    private final String name;
    private final SimulationImpl simulation;
    private final ImageRepository images;
    private final Object controlLock = new Object();
    private final List<HostNic> nics = new CopyOnWriteArrayList<>();
    private final List<VirtualMachineImpl> vms = new CopyOnWriteArrayList<>();
    private int nextIndex;

    HostImpl(String name, SimulationImpl simulation, Path imageDirectory) {
        this.name = name;
        this.simulation = simulation;
        this.images = simulation.parts().depot().images(imageDirectory);
    }

    @Override
    public String name() {
        return name;
    }

    SimulationImpl simulation() {
        return simulation;
    }

    ImageRepository repository() {
        return images;
    }

    /** Held during every control call of this host. */
    Object controlLock() {
        return controlLock;
    }

    /** Group of the thread that runs a NIC's switch, device emulations and PF driver. */
    String switchGroup(HostNic nic) {
        return name + "/" + nic.name() + "/switch";
    }

    @Override
    public List<Nic> addAdapters(String nicName, String model, int functions, int vfsPerFunction) {
        synchronized (controlLock) {
            NicModelFactory factory = modelFactory(model);
            if (functions < 1 || functions > factory.maxFunctions()) {
                throw new IllegalArgumentException("NIC " + name + "/" + nicName + " cannot have " + functions
                        + " physical functions; model " + model + " has 1.." + factory.maxFunctions());
            }
            for (int function = 0; function < functions; function++) {
                checkFree(functionName(nicName, function));
            }
            String fullName = name + "/" + nicName;
            Clock clock = simulation.clock();
            Wire wire = new Wire(fullName, clock, factory.megabitsPerSecond(), PROPAGATION_NANOS,
                    factory.packetBufferBytes());
            NicModel nicModel = factory.create(fullName, clock, simulation.violations(), wire.nicSide(), functions);
            simulation.scheduler().add(fullName, nicModel);
            List<HostNic> added = new ArrayList<>();
            try {
                for (int function = 0; function < functions; function++) {
                    added.add(connect(functionName(nicName, function), nicModel, function, wire, vfsPerFunction));
                }
            } catch (RuntimeException e) {
                stop(added);
                simulation.scheduler().remove(nicModel);
                throw e;
            }
            return List.copyOf(added);
        }
    }

    private static String functionName(String nicName, int function) {
        return function == 0 ? nicName : nicName + "f" + function;
    }

    private void checkFree(String nicName) {
        for (HostNic nic : nics) {
            if (nic.name().equals(nicName)) {
                throw new IllegalArgumentException("host " + name + " has a NIC " + nicName
                        + " already; give each its own name");
            }
        }
    }

    /** Starts the driver of one physical function and connects a virtual switch to it. */
    private HostNic connect(String nicName, NicModel model, int function, Wire wire, int virtualFunctions) {
        String fullName = name + "/" + nicName;
        NicAdapter adapter = model.adapters().get(function);
        PfDriverFactory driverFactory = driverFactory(adapter.physicalFunction().identity());
        PfHostImpl pfHost = new PfHostImpl(adapter.physicalFunction(), simulation.clock());
        PfDriver driver = driverFactory.create(pfHost);
        if (virtualFunctions < 0 || virtualFunctions > driver.maxVirtualFunctions()) {
            throw new IllegalArgumentException("NIC " + fullName + " cannot have " + virtualFunctions
                    + " virtual functions; " + driverFactory.name() + " can give 0.." + driver.maxVirtualFunctions());
        }
        VirtualSwitch network = new VirtualSwitch(fullName + "/switch", simulation.clock());
        MacAddress probe = simulation.crossingTurn().nextProbe();
        HostNic nic;
        synchronized (network.lock()) {
            driver.start(virtualFunctions);
            UplinkGate gate = new UplinkGate(pfHost.uplink(driver));
            gate.listenAt(probe);
            nic = new HostNic(nicName, nextIndex++, probe, model, adapter, wire, driver, network, gate);
            network.uplink(gate);
            network.addDevice(pfHost);
        }
        simulation.scheduler().add(switchGroup(nic), network);
        nics.add(nic);
        return nic;
    }

    private NicModelFactory modelFactory(String model) {
        List<NicModelFactory> all = simulation.parts().nicModels();
        for (NicModelFactory factory : all) {
            if (factory.model().equals(model)) {
                return factory;
            }
        }
        throw new IllegalArgumentException("there is no NIC model '" + model + "'; there are "
                + all.stream().map(NicModelFactory::model).toList());
    }

    private PfDriverFactory driverFactory(PciIdentity device) {
        List<PfDriverFactory> all = simulation.parts().pfDrivers().get();
        for (PfDriverFactory factory : all) {
            if (factory.supports(device)) {
                return factory;
            }
        }
        throw new IllegalArgumentException("no PF driver supports " + device + "; there are "
                + all.stream().map(PfDriverFactory::name).toList());
    }

    @Override
    public VirtualMachine addVm(String vmName, Nic nic, MacAddress mac, int memoryMiB, int mtu,
            VlanPolicy vlans, GuestOptions guest) {
        synchronized (controlLock) {
            String what = "VM " + vmName + " of host " + name + ": ";
            for (VirtualMachineImpl vm : vms) {
                if (vm.name().equals(vmName)) {
                    throw new IllegalArgumentException(what + "there is one of this name already");
                }
            }
            if (!(nic instanceof HostNic hostNic) || !nics.contains(hostNic)) {
                throw new IllegalArgumentException(what + "its NIC is not one of this host's "
                        + nics.stream().map(HostNic::name).toList());
            }
            if (mac.isGroup() || mac.value() == 0 || !isFree(mac, null)) {
                throw new IllegalArgumentException(what + "the address " + mac
                        + " is a group address, zero, or another VM's");
            }
            if (memoryMiB < MIN_MEMORY_MIB || memoryMiB > MAX_MEMORY_MIB) {
                throw new IllegalArgumentException(what + memoryMiB + " MiB of memory are not in " + MIN_MEMORY_MIB
                        + ".." + MAX_MEMORY_MIB);
            }
            int maxMtu = Math.min(9000, hostNic.driver().maxMtu());
            if (mtu < 68 || mtu > maxMtu) {
                throw new IllegalArgumentException(what + "an MTU of " + mtu + " is not in 68.." + maxMtu);
            }
            VirtualMachineImpl vm = new VirtualMachineImpl(vmName, this, hostNic, mac, memoryMiB, mtu, vlans,
                    guest);
            vms.add(vm);
            return vm;
        }
    }

    /** Whether no other VM of the host has this address. */
    boolean isFree(MacAddress mac, VirtualMachineImpl except) {
        for (VirtualMachineImpl vm : vms) {
            if (vm != except && vm.mac().equals(mac)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public List<Nic> nics() {
        return List.copyOf(nics);
    }

    @Override
    public List<VirtualMachine> vms() {
        return List.copyOf(vms);
    }

    @Override
    public List<ImageInfo> images() {
        return images.images().stream().map(HostImpl::info).toList();
    }

    private static ImageInfo info(StoredImage image) {
        return new ImageInfo(image.name(), image.version().toString(), image.devices(), image.licence(),
                image.sha256Hex(), image.refusal());
    }

    /** Powers off all VMs and stops all NICs. */
    void close() {
        synchronized (controlLock) {
            for (VirtualMachineImpl vm : vms) {
                if (vm.state() != VirtualMachine.State.OFF) {
                    attempt("VM " + vm.name(), vm::powerOff);
                }
            }
            List<HostNic> all = List.copyOf(nics);
            stop(all);
            all.stream().map(HostNic::model).distinct().forEach(simulation.scheduler()::remove);
        }
    }

    /** Stops PF drivers, the last function first: function 0 may look after what all functions of a port share. */
    private void stop(List<HostNic> some) {
        List<HostNic> backwards = new ArrayList<>(some);
        Collections.reverse(backwards);
        for (HostNic nic : backwards) {
            simulation.scheduler().remove(nic.network());
            attempt("NIC " + nic.name(), nic::stop);
        }
        nics.removeAll(some);
    }

    private void attempt(String what, Runnable end) {
        try {
            end.run();
        } catch (RuntimeException e) {
            LOG.error("host {}: {} did not end properly: {}", name, what, e.getMessage(), e);
        }
    }
}
