package dev.npa.benchmarks.endtoend;

import dev.npa.hw.Clock;
import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PhysicalMemory;
import dev.npa.plugin.Plugin;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.ShellLog;
import dev.npa.shell.runtime.control.NicControl;
import dev.npa.shell.runtime.control.Vmxnet3NicControl;
import dev.npa.shell.runtime.core.CoreDevice;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.instance.ShellImpl;
import dev.npa.shell.runtime.memory.PacketPool;
import dev.npa.shell.runtime.memory.PhysicalAllocator;
import dev.npa.shell.runtime.netdev.DeviceEvents;
import dev.npa.shell.runtime.netdev.DeviceSettings;
import dev.npa.shell.runtime.netdev.NetBuffers;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.path.DataPaths;
import dev.npa.shell.runtime.pci.InterruptVectors;
import dev.npa.shell.runtime.pci.PciDevice;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.machine.GuestMachine;
import dev.npa.sim.machine.IommuDomain;

/**
 * A guest: memory, CPU, the shell with one data path, and above the shell's network device the least that a network
 * stack does. It sends packets that lie ready in its buffers, looks at the first bytes of what it receives, and polls
 * and waits for interrupts as NAPI does.
 */
final class Guest implements DeviceEvents {

    private static final long BASE = 1L << 32;
    private static final long BYTES = 24L << 20;
    private static final int BUFFERS = 4096;
    private static final int SLOT = 3;
    /** Packets of one call, as a stack's budget. */
    private static final int BUDGET = 64;
    private static final int QUEUE = 0;
    private static final int MTU = 1500;

    private final String name;
    private final Clock clock;
    private final ShellLog log;
    private final PhysicalAllocator allocator;
    private final PacketPool pool;
    private final GuestMachine machine;
    private final InterruptVectors cpu;
    private final DeviceSettings settings = DeviceSettings.of(MTU, 1);
    private final PacketBurst out = new PacketBurst(NetDevice.MAX_SEGMENTS * BUDGET);
    private final PacketBurst done = new PacketBurst(NetDevice.MAX_SEGMENTS * BUDGET);
    private final PacketBurst in = new PacketBurst(NetDevice.RECEIVE_SEGMENTS * BUDGET);
    private final Stopwatch watch;
    private PluginInstance instance;
    private CoreDevice device;
    private NetBuffers buffers;
    private PhysicalMemory memory;
    private boolean polling = true;
    private boolean stopped;
    private int waiting;
    private int flags;
    private long offload;
    private int length;
    private long sent;
    private long received;
    private long receivedBytes;
    private long looked;

    /**
     * Makes a guest whose NIC's function lies in a slot of its machine.
     *
     * @param watch told of the guest's stages one by one; null = the guest is one stage
     */
    Guest(String name, Clock clock, PciFunction function, DmaPort dma, Stopwatch watch) {
        this.name = name;
        this.watch = watch;
        this.clock = clock;
        this.log = new Complaints(name);
        memory = PhysicalMemory.allocate(BASE, BYTES);
        allocator = new PhysicalAllocator(memory);
        pool = new PacketPool(allocator, BUFFERS);
        machine = new GuestMachine(name, memory, clock, 1);
        machine.plug(SLOT, watch == null ? function : Timed.function(function, watch));
        cpu = new InterruptVectors(machine.interrupts());
        IommuDomain domain = new IommuDomain(name, memory);
        domain.map(BASE, BYTES, IommuDomain.READ | IommuDomain.WRITE);
        dma.attach(domain, machine.interrupts());
    }

    /** Brings a plugin up on a virtual function. */
    void passthrough(Product product, MacAddress mac, int megabits) {
        PciDevice pci = enable(1);
        ShellImpl shell = shell(pci, 2);
        bringUp(product.plugin(), 0, shell, product.factory().create(shell), new VfNicControl(mac, megabits));
    }

    /** Brings the emulation plugin up on a vmxnet3 device. */
    void emulated() {
        PciDevice pci = enable(2); // one vector for the queue pair, one for events
        NicControl control = new Vmxnet3NicControl(shell(pci, 1));
        ShellImpl shell = shell(pci, 2);
        bringUp("vmxnet3", -1, shell, control.emulation(shell), control);
        control.openFilter();
    }

    private PciDevice enable(int vectors) {
        return PciDevice.enable(machine.pci(SLOT).orElseThrow(), vectors, cpu, vector -> {
            if (instance != null) {
                instance.onInterrupt(vector, this);
            }
        });
    }

    private ShellImpl shell(PciDevice pci, int number) {
        return new ShellImpl(pci, allocator, pool, number, BUFFERS / 8, clock, log);
    }

    private void bringUp(String plugin, int slot, ShellImpl shell, Plugin made, NicControl control) {
        instance = new PluginInstance(plugin, slot, shell, made, watch == null ? DataPaths.shared()
                : (tx, rx, number, buffered, ring) -> DataPaths.shared().make(Timed.tx(tx, watch), Timed.rx(rx, watch), number,
                        buffered, ring));
        instance.bringUp(settings, 1, PluginInstance.RING, pool);
        device = new CoreDevice(settings, this, control, pool, clock);
        buffers = device.buffers();
        device.transmitOn(instance);
        device.receiveOn(instance);
        device.hold(false);
    }

    /** Puts a packet's beginning into every buffer, so that any of them can be sent as it is. */
    void prepare(Traffic traffic, byte[] request) {
        flags = traffic.flags();
        offload = traffic.offload();
        length = traffic.length();
        for (int handle = 0; handle < pool.size(); handle++) {
            memory.copyFrom(pool.address(handle), request, 0, request.length);
        }
    }

    /** Serves interrupts, polls if there is reason to. Returns packets moved. */
    int run() {
        int before = enterShell();
        cpu.dispatch();
        device.service();
        back(before);
        return polling ? poll() : 0;
    }

    private int enterShell() {
        return watch == null ? 0 : watch.enter(Stage.SHELL);
    }

    private void back(int before) {
        if (watch != null) {
            watch.back(before);
        }
    }

    private int poll() {
        int completed = reclaim();
        int taken = receive();
        if (completed < BUDGET && taken < BUDGET) {
            polling = false;
            int before = enterShell();
            device.enableInterrupt(QUEUE);
            back(before);
        }
        return completed + taken;
    }

    private int reclaim() {
        done.clear();
        int before = enterShell();
        int packets = device.reclaim(QUEUE, done, BUDGET);
        back(before);
        free(done);
        sent += packets;
        return packets;
    }

    private int receive() {
        in.clear();
        int before = enterShell();
        int packets = device.receive(QUEUE, in, BUDGET);
        back(before);
        for (int i = 0; i < in.size(); i++) {
            if ((in.flags(i) & PacketFlags.SOP) != 0) {
                receivedBytes += in.packetLength(i);
                looked += memory.getLong(in.address(i));
            }
        }
        free(in);
        received += packets;
        return packets;
    }

    private void free(PacketBurst burst) {
        for (int i = 0; i < burst.size(); i++) {
            buffers.free(burst.handle(i));
        }
    }

    /**
     * Sends packets, as far as there are buffers and room.
     *
     * @param packets at most 64
     * @return packets that the device took
     */
    int send(int packets) {
        if (stopped) {
            return 0;
        }
        fill(packets);
        int to = out.size();
        int before = enterShell();
        int taken = device.transmit(QUEUE, out, 0, to);
        back(before);
        int count = taken == to ? waiting : packetsBefore(taken);
        if (taken < to) {
            stopped = true; // until the device says that it is worth another try
            for (int i = taken; i < to; i++) {
                buffers.free(out.handle(i));
            }
        }
        return count;
    }

    private void fill(int packets) {
        out.clear();
        waiting = 0;
        int segments = (length + PacketPool.CAPACITY - 1) / PacketPool.CAPACITY;
        while (waiting < packets && buffers.available() >= segments) {
            int first = out.size();
            for (int left = length; left > 0; left -= PacketPool.CAPACITY) {
                int handle = buffers.take();
                out.add(buffers.address(handle), handle, Math.min(left, PacketPool.CAPACITY),
                        left <= PacketPool.CAPACITY ? PacketFlags.EOP : 0);
            }
            out.flags(first, out.flags(first) | PacketFlags.SOP | flags);
            out.offload(first, offload);
            out.packetLength(first, length);
            waiting++;
        }
    }

    private int packetsBefore(int end) {
        int count = 0;
        for (int i = 0; i < end; i++) {
            count += out.flags(i) >>> 1 & 1;
        }
        return count;
    }

    @Override
    public void interrupt(int queue) {
        polling = true;
    }

    @Override
    public void transmitStopped() {
        stopped = true;
    }

    @Override
    public void transmitReady(int queue) {
        stopped = false;
    }

    @Override
    public void linkChanged(LinkState link) {
        // The link of a measurement stays up.
    }

    /** Fails if a plugin failed, or if a packet was lost or refused. */
    void check() {
        if (device.fault() != null) {
            throw new IllegalStateException(name + ": the data path failed", device.fault());
        }
        long bad = device.statistics().txAborted() + device.statistics().txRefused() + device.statistics().txLost()
                + device.statistics().rxDropped();
        if (bad != 0 || machine.crash().isPresent()) {
            throw new IllegalStateException(name + ": " + device.statistics());
        }
    }

    String name() {
        return name;
    }

    long sent() {
        return sent;
    }

    long received() {
        return received;
    }

    /** Bytes of the packets received, after merging. */
    long receivedBytes() {
        return receivedBytes;
    }

    /** Interrupts raised so far. */
    long interrupts() {
        return machine.interrupts().raised();
    }

    /** Depends on what was received, so that looking at it is not idle. */
    long looked() {
        return looked;
    }
}
