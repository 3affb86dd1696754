package dev.npa.shell.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Machine;
import dev.npa.shell.runtime.fake.FakeChannel;
import dev.npa.shell.runtime.fake.FakeHypervisor;
import dev.npa.shell.runtime.fake.FakeMachine;
import dev.npa.shell.runtime.fake.FakeVmxnet3;
import dev.npa.shell.runtime.fake.TestFramework;
import java.util.Dictionary;
import java.util.Hashtable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.ServiceRegistration;

/** The bundle's life over a vmxnet3 device at register level. */
class ActivatorTest {

    private final TestFramework framework = new TestFramework();
    private final FakeMachine machine = new FakeMachine(16);
    private final FakeHypervisor script = new FakeHypervisor(machine, frame -> { });
    private final FakeVmxnet3 device = new FakeVmxnet3(machine, script);
    private final FakeChannel channel = new FakeChannel(machine, 64, 256);
    private final Activator activator = new Activator();

    ActivatorTest() {
        machine.plug(Machine.SLOT_VMXNET3, device);
        machine.plug(Machine.SLOT_CHANNEL, channel);
    }

    @AfterEach
    void stop() {
        framework.close();
    }

    private ServiceRegistration<Machine> register(Object mtu) {
        Dictionary<String, Object> properties = new Hashtable<>();
        if (mtu != null) {
            properties.put("npa.mtu", mtu);
        }
        return framework.context().registerService(Machine.class, machine, properties);
    }

    private void assertRunning() {
        assertInstanceOf(Guest.class, machine.code);
        assertTrue(device.active, "ACTIVATE_DEV");
        assertTrue(channel.isEnabled());
    }

    private void assertReleased() {
        assertNull(machine.code, "the CPU is halted");
        assertFalse(device.active);
        assertFalse(channel.isEnabled());
        assertFalse(device.isBusMaster());
    }

    @Test
    void theMachineMayComeBeforeTheBundle() {
        register(null);
        activator.start(framework.context());
        assertRunning();
        activator.stop(framework.context());
        assertReleased();
    }

    @Test
    void theMachineMayComeAfterTheBundleAndGoBefore() {
        activator.start(framework.context());
        assertNull(machine.code);
        ServiceRegistration<Machine> registration = register(null);
        assertRunning();
        Guest guest = (Guest) machine.code;
        registration.unregister();
        assertReleased();
        assertEquals(0, guest.allocator().allocations());
        assertEquals(0, guest.vectors().allocated());
        activator.stop(framework.context());
    }

    @Test
    void theDeviceIsToldAboutPluginAreaFilterAndMtu() {
        register(1400);
        activator.start(framework.context());
        assertEquals(1, device.word(0x2A8), "pluginConfDesc.confVer");
        assertEquals(4096, device.word(0x2AC), "confLen");
        assertEquals(0x3141504E, script.word(0), "magic at confPA");
        assertEquals(1400, device.word(0x38), "mtu");
        assertEquals(0x0D, device.word(0x78), "unicast, broadcast, all multicast");
        assertEquals(-1, device.word(0x88), "VLAN 0..31");
        assertEquals(0x7FFFFFFF, device.word(0x88 + 4 * 127), "VLAN 4064..4094");
        activator.stop(framework.context());
    }

    @Test
    void anUnusableMtuFallsBackTo1500AndALargeOneToTheChannelsRecords() {
        ServiceRegistration<Machine> registration = register("many");
        activator.start(framework.context());
        assertEquals(1500, device.word(0x38));
        registration.unregister();
        register(9000);
        assertEquals(64 * 256 / 2 - 32 - 18, device.word(0x38));
        activator.stop(framework.context());
    }

    @Test
    void aRequestTravelsAsDicThroughTheEventWord() {
        register(null);
        activator.start(framework.context());
        machine.code.run(16);
        machine.memory().putInt(script.area + 0x44, 9);
        machine.memory().putIntRelease(script.area + 0x40, 1);
        device.event(1 << 3);
        assertTrue(machine.isPending(), "the event vector is unmasked");
        machine.code.run(16);
        assertEquals(0, device.word(0x2B8), "events are acknowledged");
        assertEquals(1, script.word(0x104), "no such request");
        assertEquals("FAILED 1", script.log.get(script.log.size() - 1), "by LOAD_PLUGIN over CMD");
        device.event(1 << 3);
        assertTrue(machine.isPending(), "and unmasked again");
        activator.stop(framework.context());
    }

    @Test
    void aMachineWithoutNicIsReportedAndHoldsNothing() {
        machine.plug(Machine.SLOT_VMXNET3, null);
        register(null);
        activator.start(framework.context());
        assertNull(machine.code);
        assertFalse(channel.isEnabled());
        activator.stop(framework.context());
    }
}
