package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.host.Lab;
import dev.npa.sim.host.Simulation;
import dev.npa.sim.scenario.RunResult;
import dev.npa.sim.scenario.Scenario;
import dev.npa.sim.scenario.ScenarioException;
import dev.npa.sim.scenario.ScenarioParser;
import dev.npa.sim.scenario.ScenarioRunner;
import dev.npa.sim.scenario.ScenarioWorld;
import dev.npa.sim.scenario.WorldOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same image, byte for byte, under both guest operating systems, with the same traffic and every offload. */
class PersonalitiesIT {

    private static final String SCENARIO = """
            name: personality
            hosts:
              - name: host0
                nics:
                  - {name: nic0, model: "%s", virtualFunctions: 4}
                vms:
                  - {name: vm0, nic: nic0, memoryMiB: 64, os: %s, vlans: [10]}
                  - {name: vm1, nic: nic0, memoryMiB: 64, os: %s}
            traffic:
              - {name: streams, between: [vm0, "wire:nic0"], framesPerSecond: 2000, sizes: [200, 60000], flows: 4,
                 offload: [checksum, tso]}
              - {name: tagged, between: [vm0, "wire:nic0"], framesPerSecond: 4000, sizes: [90, 20000], flows: 4,
                 vlan: 10, priority: 5, offload: [checksum, tso, vlan]}
              - {name: datagrams, between: [vm1, "wire:nic0"], framesPerSecond: 5000, sizes: [61, 1514], flows: 8,
                 offload: [checksum]}
              - {name: neighbours, between: [vm0, vm1], framesPerSecond: 2000, sizes: [200, 30000], flows: 4, mss: 1000,
                 offload: [checksum, tso]}
            timeline:
              - power-on: all
              - start: all
              - run: {frames: 800}
            %s  - run: {frames: 800}
              - stop: all
            expect: {lost: 0, duplicated: 0, reordered: 0, violations: 0, failedSwitchovers: 0}
            """;

    @TempDir
    private Path dir;

    private static String text(Product product, String os) {
        String model = product.isEmulated() ? "82599" : product.model().model();
        String image = product.name().toLowerCase(java.util.Locale.ROOT).replaceAll("_.*", "");
        String version = product == Product.NIANTIC_10 ? ", version: 1.0.0"
                : product == Product.NIANTIC_11 ? ", version: 1.1.0" : "";
        String move = "  - passthrough: {vm: %s, nic: nic0, image: " + image + version + "}\n  - run: {frames: 800}\n";
        String way = product.isEmulated() ? ""
                : move.formatted("vm0") + move.formatted("vm1") + "  - emulate: all\n";
        return SCENARIO.formatted(model, os, os, way);
    }

    private RunResult run(Product product, String os, long seed) throws ScenarioException {
        Scenario scenario = ScenarioParser.parse("personality", text(product, os));
        WorldOptions options = new WorldOptions(Simulation.Mode.SEEDED, seed, null, null, Lab.images(), Lab.parts(dir));
        try (ScenarioWorld world = ScenarioWorld.create(scenario, options, note -> { })) {
            return new ScenarioRunner(scenario, world, (event, fields, text) -> { }).run();
        }
    }

    private static byte[] digest(Product product) {
        try {
            return product.isEmulated() ? new byte[0]
                    : MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(product.image()));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sameImageServesBothOperatingSystems(Product product) throws ScenarioException {
        byte[] before = digest(product);
        for (String os : List.of("linux", "windows")) {
            RunResult result = run(product, os, 11);
            assertEquals(List.of(), result.findings(), product + " under " + os + ", seed 11");
            assertTrue(result.values().get("framesReceived").longValue() > 1000, result.values().toString());
            assertArrayEquals(before, digest(product), os);
        }
    }
}
