package dev.npa.plugin.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.PluginLifecycle;
import dev.npa.plugin.PluginLifecycle.Event;
import dev.npa.plugin.PluginLifecycle.State;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.ShellException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AbstractPluginTest {

    private static final PluginCapabilities CAN = new PluginCapabilities(EnumSet.of(Feature.SCATTER_GATHER), 4, 4, 32,
            512, 32, 8, 0, 128, 14, 1500, 3);
    private static final PluginConfig CONFIG = new PluginConfig(2, 1, 64, 64, 1500, 2, Set.of());

    private final FakeShell shell = new FakeShell();
    private final Tested plugin = new Tested(shell);

    /** A plugin that writes down what is asked of it and can be told to fail. */
    private static final class Tested extends AbstractPlugin {
        final List<String> calls = new ArrayList<>();
        final TxQueue[] tx = new TxQueue[4];
        final RxQueue[] rx = new RxQueue[4];
        String failing = "";
        boolean disables = true;
        boolean atRest = true;
        boolean faults;

        Tested(FakeShell shell) {
            super(shell, "test device", CAN);
            for (int q = 0; q < 4; q++) {
                tx[q] = new NoQueues.Tx();
                rx[q] = new NoQueues.Rx();
            }
        }

        private void called(String name) {
            calls.add(name);
            if (failing.equals(name)) {
                throw new IllegalStateException(name + " fails");
            }
        }

        @Override
        protected Queues setUp(PluginConfig wanted) {
            assertSame(wanted, config());
            allocate(128, 64);
            allocate(256, 64);
            called("setUp");
            return new Queues(tx, rx);
        }

        @Override
        protected void enable() {
            called("enable");
        }

        @Override
        protected boolean settle(boolean first) {
            called(first ? "settle first" : "settle");
            return atRest;
        }

        @Override
        protected boolean disable() {
            called("disable");
            return disables;
        }

        @Override
        protected void release() {
            called("release");
        }

        @Override
        protected long read(DeviceCounter counter) {
            called("read");
            return 100 + counter.ordinal();
        }

        @Override
        protected boolean fired(int vector) {
            called("fired " + vector);
            if (faults) {
                fault();
            }
            return vector == 1;
        }

        @Override
        protected void unmask(int vector) {
            called("unmask " + vector);
        }

        @Override
        protected void mask(int vector) {
            called("mask " + vector);
        }
    }

    private static void assertBreaks(String rule, Runnable call) {
        assertEquals(rule, assertThrows(PluginException.class, call::run).rule());
    }

    private Tested running() {
        plugin.configure(CONFIG);
        plugin.start();
        return plugin;
    }

    /** Whatever the order of calls, what the table forbids throws and reaches no method of the subclass. */
    @Property(tries = 300)
    void anyHistoryFollowsTheLifecycleTable(@ForAll long seed) {
        Random random = new Random(seed);
        FakeShell box = new FakeShell();
        Tested tested = new Tested(box);
        State state = State.PROBED;
        for (int step = 0; step < 30; step++) {
            Event event = Event.values()[random.nextInt(Event.values().length)];
            if (event == Event.FAULT || event == Event.CLOSE && random.nextInt(8) != 0) {
                continue;
            }
            State next = PluginLifecycle.next(state, event);
            tested.calls.clear();
            Runnable call = call(tested, event);
            if (next == null) {
                assertBreaks("3.01", call);
                assertEquals(List.of(), tested.calls, "seed " + seed);
            } else {
                call.run();
                state = next;
            }
            boolean configured = state != State.PROBED && state != State.RELEASED;
            boolean up = state == State.RUNNING || state == State.QUIESCED;
            assertEquals(configured ? 2 : 0, box.windows.size(), "seed " + seed);
            assertEquals(configured, tested.config() != null);
            assertEquals(up, tested.isUp());
            assertAllowed(configured, () -> tested.txQueue(0));
            assertAllowed(configured, () -> tested.rxQueue(0));
            assertAllowed(configured, () -> tested.counter(DeviceCounter.RX_FRAMES));
            assertAllowed(configured, () -> tested.onInterrupt(0));
            assertAllowed(configured, () -> tested.disableInterrupt(0));
            assertAllowed(up, () -> tested.enableInterrupt(0));
            assertAllowed(state != State.RELEASED, tested::capabilities);
        }
    }

    private static Runnable call(Tested tested, Event event) {
        return switch (event) {
            case CONFIGURE -> () -> tested.configure(CONFIG);
            case START -> tested::start;
            case QUIESCE -> tested::quiesce;
            case STOP -> tested::stop;
            default -> tested::close;
        };
    }

    private static void assertAllowed(boolean allowed, Runnable call) {
        if (allowed) {
            call.run();
        } else {
            assertBreaks("3.01", call);
        }
    }

    @Test
    void aConfigurationBeyondTheCapabilitiesReachesNobody() {
        assertBreaks("1.07", () -> plugin.configure(new PluginConfig(5, 1, 64, 64, 1500, 2, Set.of())));
        assertEquals(List.of(), plugin.calls);
        plugin.configure(CONFIG);
    }

    @Test
    void whatFailsToConfigureHoldsNothingAndCanBeTriedAgain() {
        for (int failing = 0; failing < 2; failing++) {
            shell.failingAllocation = failing;
            assertThrows(ShellException.class, () -> plugin.configure(CONFIG));
            assertTrue(shell.windows.isEmpty());
        }
        plugin.failing = "setUp";
        assertThrows(IllegalStateException.class, () -> plugin.configure(CONFIG));
        assertTrue(shell.windows.isEmpty());
        plugin.failing = "";
        plugin.calls.clear();
        plugin.configure(CONFIG);
        assertEquals(List.of("setUp"), plugin.calls);
    }

    @Test
    void whatFailsToStartIsDisabledAndCanBeStartedAgain() {
        plugin.configure(CONFIG);
        plugin.failing = "enable";
        assertThrows(IllegalStateException.class, plugin::start);
        assertEquals(List.of("setUp", "enable", "disable"), plugin.calls);
        assertFalse(plugin.isUp());
        plugin.failing = "";
        plugin.start();
        assertTrue(plugin.isUp());
    }

    @Test
    void aDeviceThatCannotBeDisabledAfterAFailedStartIsFaulted() {
        plugin.configure(CONFIG);
        plugin.failing = "enable";
        plugin.disables = false;
        assertThrows(IllegalStateException.class, plugin::start);
        assertBreaks("3.01", plugin::start);
        plugin.close();
        assertTrue(shell.windows.isEmpty());
    }

    @Test
    void quiesceSaysWhetherItIsTheFirstAndWhenAllIsAtRest() {
        running();
        plugin.calls.clear();
        plugin.atRest = false;
        assertFalse(plugin.quiesce());
        plugin.atRest = true;
        assertTrue(plugin.quiesce());
        plugin.stop();
        plugin.start();
        plugin.quiesce();
        assertEquals(List.of("settle first", "settle", "disable", "enable", "settle first"), plugin.calls);
    }

    @Test
    void aDeviceThatDoesNotStopIsFaulted() {
        running();
        plugin.disables = false;
        PluginException refused = assertThrows(PluginException.class, plugin::stop);
        assertTrue(refused.getMessage().contains("test device"), refused.getMessage());
        assertBreaks("3.01", plugin::start);
        plugin.close();
        assertTrue(shell.windows.isEmpty());
    }

    @Test
    void closeDisablesWhatRunsThenLetsGoThenFreesAndOnlyOnce() {
        running();
        plugin.calls.clear();
        plugin.close();
        plugin.close();
        assertEquals(List.of("disable", "release"), plugin.calls);
        assertTrue(shell.windows.isEmpty());
        assertEquals(List.of(), shell.log);
    }

    @Test
    void closeThrowsNothingWhateverFails() {
        for (String failing : List.of("disable", "release")) {
            Tested tested = new Tested(shell);
            tested.configure(CONFIG);
            tested.start();
            tested.failing = failing;
            tested.close();
            assertTrue(shell.windows.isEmpty());
            assertTrue(shell.log.get(shell.log.size() - 1).contains(failing + " fails"));
        }
        Tested tested = new Tested(shell);
        tested.configure(CONFIG);
        shell.revoked = true;
        tested.close();
        assertBreaks("3.01", tested::capabilities);
    }

    @Test
    void closeOfAStoppedPluginDoesNotDisableItAgain() {
        running();
        plugin.stop();
        plugin.calls.clear();
        plugin.close();
        assertEquals(List.of("release"), plugin.calls);
    }

    @Test
    void aPluginThatFaultsInAnInterruptCanOnlyBeClosed() {
        running();
        plugin.faults = true;
        assertTrue(plugin.onInterrupt(1));
        assertFalse(plugin.isUp());
        assertBreaks("3.01", plugin::quiesce);
        assertBreaks("3.01", plugin::stop);
        plugin.calls.clear();
        plugin.close();
        assertEquals(List.of("disable", "release"), plugin.calls);
    }

    @Test
    void onlyConfiguredQueuesAndVectorsExist() {
        running();
        assertSame(plugin.tx[1], plugin.txQueue(1));
        assertSame(plugin.rx[0], plugin.rxQueue(0));
        assertBreaks("1.07", () -> plugin.txQueue(2));
        assertBreaks("1.07", () -> plugin.txQueue(-1));
        assertBreaks("1.07", () -> plugin.rxQueue(1));
        plugin.calls.clear();
        for (int vector : new int[] {-1, 2}) {
            assertBreaks("1.07", () -> plugin.onInterrupt(vector));
            assertBreaks("1.07", () -> plugin.enableInterrupt(vector));
            assertBreaks("1.07", () -> plugin.disableInterrupt(vector));
        }
        assertEquals(List.of(), plugin.calls);
        assertFalse(plugin.onInterrupt(0));
        assertTrue(plugin.onInterrupt(1));
        plugin.enableInterrupt(1);
        plugin.disableInterrupt(0);
        assertEquals(List.of("fired 0", "fired 1", "unmask 1", "mask 0"), plugin.calls);
    }

    @Test
    void countersAreReadFromTheSubclass() {
        running();
        assertEquals(100 + DeviceCounter.TX_BYTES.ordinal(), plugin.counter(DeviceCounter.TX_BYTES));
    }
}
