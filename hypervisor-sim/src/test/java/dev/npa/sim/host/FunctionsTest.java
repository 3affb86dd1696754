package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Clock;
import dev.npa.hw.PciIdentity;
import dev.npa.pf.PfDriver;
import dev.npa.pf.PfDriverFactory;
import dev.npa.pf.PfHost;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.Wire;
import dev.npa.sim.nic.NicAdapter;
import dev.npa.sim.nic.NicModel;
import dev.npa.sim.nic.NicModelFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A NIC whose port has several physical functions. */
class FunctionsTest {

    @TempDir
    Path storage;
    private final List<FakePf> functions = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final Port factory = new Port();
    private Simulation simulation;

    /** A model of up to four functions, which are fakes. */
    private final class Port implements NicModelFactory, NicModel {
        private int failingFunction = -1;

        @Override
        public String model() {
            return "fake";
        }

        @Override
        public int megabitsPerSecond() {
            return 10_000;
        }

        @Override
        public int packetBufferBytes() {
            return 1 << 19;
        }

        @Override
        public int maxFunctions() {
            return 4;
        }

        @Override
        public NicModel create(String name, Clock clock, Violations violations, Wire.End port, int count) {
            functions.clear();
            for (int i = 0; i < count; i++) {
                int number = i;
                FakePf pf = new FakePf(3, violations);
                pf.listener = call -> events.add(call + " of function " + number);
                pf.failing = i == failingFunction ? "start" : "";
                functions.add(pf);
            }
            return this;
        }

        @Override
        public List<? extends NicAdapter> adapters() {
            return functions;
        }

        @Override
        public String name() {
            return "model";
        }

        @Override
        public int run(int budget) {
            return 0;
        }

        @Override
        public long nextEvent() {
            return NEVER;
        }
    }

    private Host host() {
        PfDriverFactory drivers = new PfDriverFactory() {
            @Override
            public String name() {
                return "fake-pf";
            }

            @Override
            public boolean supports(PciIdentity device) {
                return true;
            }

            @Override
            public PfDriver create(PfHost host) {
                return functions.stream().filter(f -> f.physical == host.function()).findFirst().orElseThrow();
            }
        };
        simulation = Simulations.create(Simulation.Mode.SEEDED, 1,
                new SimulationParts(List.of(), List.of(factory), () -> List.of(drivers), storage));
        return simulation.addHost("h", storage);
    }

    @AfterEach
    void close() {
        simulation.close();
    }

    @Test
    void eachFunctionIsANicOfItsOwnOnOneWire() {
        Host host = host();
        List<Host.Nic> nics = host.addAdapters("nic0", "fake", 3, 2);
        assertEquals(List.of("nic0", "nic0f1", "nic0f2"), nics.stream().map(Host.Nic::name).toList());
        assertEquals(nics, host.nics());
        for (int i = 0; i < 3; i++) {
            HostNic nic = (HostNic) nics.get(i);
            assertSame(functions.get(i), nic.adapter());
            assertSame(nics.get(0).wire(), nic.wire());
            assertSame(factory, nic.model());
            assertEquals(i, nic.index());
            assertEquals(1, functions.get(i).uplink.size(), "its probe address");
            assertTrue(functions.get(i).uplink.contains(nic.probe()));
        }
        assertNotSame(((HostNic) nics.get(0)).network(), ((HostNic) nics.get(1)).network());
        assertEquals(List.of("start 2 of function 0", "start 2 of function 1", "start 2 of function 2"), events);
    }

    @Test
    void functionsStopBackwardsAndTheModelLast() {
        Host host = host();
        host.addAdapters("nic0", "fake", 2, 0);
        events.clear();
        simulation.close();
        assertEquals(List.of("stop of function 1", "stop of function 0"), events);
    }

    @Test
    void functionThatDoesNotStartTakesTheOthersWithIt() {
        factory.failingFunction = 1;
        Host host = host();
        assertThrows(RuntimeException.class, () -> host.addAdapters("nic0", "fake", 3, 0));
        assertEquals(List.of("start 0 of function 0", "start 0 of function 1", "stop of function 0"), events);
        assertEquals(List.of(), host.nics());
        factory.failingFunction = -1;
        assertEquals(3, host.addAdapters("nic0", "fake", 3, 0).size(), "the name is free again");
    }

    @Test
    void wrongNumbersAndNamesAreToldInOneSentence() {
        Host host = host();
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> host.addAdapters("nic0", "fake", 5, 0));
        assertEquals("NIC h/nic0 cannot have 5 physical functions; model fake has 1..4",
                e.getMessage());
        IllegalArgumentException g =
                assertThrows(IllegalArgumentException.class, () -> host.addNic("nic1", "fake", 4));
        assertTrue(g.getMessage().contains("cannot have 4 virtual functions"), g.getMessage());
        host.addAdapters("nic0", "fake", 2, 0);
        IllegalArgumentException f =
                assertThrows(IllegalArgumentException.class, () -> host.addNic("nic0f1", "fake", 0));
        assertTrue(f.getMessage().contains("has a NIC nic0f1 already"), f.getMessage());
        assertEquals(2, host.nics().size());
    }
}
