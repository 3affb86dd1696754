package dev.npa.sim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as a user runs it: a process, its exit code and what it prints. */
class CommandLineIT {

    private static final Path JAR = Path.of(System.getProperty("npa.home"), "npa.jar");

    @TempDir
    private Path dir;

    private record Run(int code, String out, String err) {
        String lastLine() {
            return out.lines().reduce((a, b) -> b).orElse("");
        }
    }

    private Run npa(String input, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m", "-Djava.io.tmpdir=" + Files.createDirectories(dir.resolve("tmp")), "-jar", JAR.toString()));
        command.addAll(List.of(args));
        Path in = Files.writeString(dir.resolve("in.txt"), input);
        Path out = dir.resolve("out.txt");
        Path err = dir.resolve("err.txt");
        Process process = new ProcessBuilder(command).redirectInput(in.toFile()).redirectOutput(out.toFile())
                .redirectError(err.toFile()).start();
        assertTrue(process.waitFor(180, TimeUnit.SECONDS), "ends in time: " + command);
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(dir.resolve("tmp"))) {
            assertEquals(List.of(), left.toList(), "temporary files");
        }
    }

    @Test
    void anInterruptedRunLeavesNoTemporaryFiles() throws Exception {
        Path tmp = Files.createDirectories(dir.resolve("tmp"));
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + tmp, "-jar", JAR.toString(), "run", "eight-vms").redirectErrorStream(true).start();
        try (BufferedReader out = process.inputReader()) {
            String line = out.readLine();
            while (line != null && !line.contains("booted")) {
                line = out.readLine();
            }
            assertNotNull(line, "the VMs boot");
            // Not Process.destroy(), which also closes the pipe that the process still writes to.
            process.toHandle().destroy();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "ends after SIGTERM");
        }
        assertEquals(143, process.exitValue());
        assertNothingIsLeft();
    }

    private static Map<String, Object> json(String line) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(line)) {
            assertEquals(JsonToken.START_OBJECT, parser.nextToken(), line);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value.isStructStart()) {
                    parser.skipChildren();
                }
                fields.put(name, value.isNumeric() ? (Object) parser.getDoubleValue() : parser.getText());
            }
        }
        return fields;
    }

    @Test
    void benchmarksAreStartedByTheScriptAndMeasurementsByName() throws Exception {
        Run bench = npa("", "bench", "--quick");
        assertEquals(2, bench.code());
        // Before it a newer JDK may warn of the framework.
        assertEquals("npa: benchmarks are a program of their own; run the script: ./npa bench --quick",
                bench.err().strip().lines().reduce((earlier, later) -> later).orElse(""));
        Run harness = npa("", "harness", "no-such-measurement");
        assertEquals(2, harness.code());
        assertTrue(harness.err().contains("there is no measurement 'no-such-measurement'; there are [scale, seeded, swap]"),
                harness.err());
    }

    @Test
    void demoEndsWithASummaryThatHasLostNothing() throws Exception {
        Run run = npa("", "demo", "--json", "--seed", "3");
        assertEquals(0, run.code(), run.err());
        for (String line : run.out().lines().toList()) {
            assertTrue(json(line).containsKey("event"), "one JSON object a line: " + line);
        }
        Map<String, Object> summary = json(run.lastLine());
        assertEquals("summary", summary.get("event"));
        for (String field : List.of("lost", "duplicated", "reordered", "violations")) {
            assertEquals(0.0, summary.get(field), field);
        }
        assertEquals(summary.get("framesSent"), summary.get("framesReceived"));
        assertEquals(4.0, summary.get("switchovers"));
        assertEquals(3.0, summary.get("classLoadersCollected"));
        assertTrue((double) summary.get("maxGapMicros") > 0);
    }

    @Test
    void demoPrintsATableForPeople() throws Exception {
        Run run = npa("", "demo");
        assertEquals(0, run.code(), run.err());
        for (String part : List.of("emulated -> niantic 1.1.0", "niantic 1.1.0 -> broadcom 1.0.0 on nic1",
                "broadcom 1.0.0 on nic1 -> kawela 1.0.0 on nic2", "kawela 1.0.0 on nic2 -> emulated", "DATA PATH",
                "3 class loaders collected", " 0 lost")) {
            assertTrue(run.out().contains(part), part + " in\n" + run.out());
        }
    }

    @Test
    void captureWritesAFileForEachWireAndEachVirtualNic() throws Exception {
        Path captures = dir.resolve("captures");
        assertEquals(0, npa("", "demo", "--capture", captures.toString()).code());
        for (String name : List.of("nic0.pcapng", "vm0.pcapng")) {
            byte[] bytes = Files.readAllBytes(captures.resolve(name));
            assertEquals(0x0A0D0D0A, java.nio.ByteBuffer.wrap(bytes).getInt(), name + " starts with a section header");
        }
    }

    @Test
    void guestMemoryCanBeMappedFromFiles() throws Exception {
        Path memory = dir.resolve("memory");
        assertEquals(0, npa("", "demo", "--memory", memory.toString()).code());
        byte[] bytes = Files.readAllBytes(memory.resolve("host0-vm0.mem"));
        assertEquals(32 << 20, bytes.length);
        // DriverShared of the guest's vmxnet3 driver starts with its magic (fact sheet, section 7).
        boolean found = false;
        for (int at = 0; at < bytes.length && !found; at += 4) {
            found = bytes[at] == (byte) 0xE1 && bytes[at + 1] == (byte) 0xFE && bytes[at + 2] == (byte) 0xBE
                    && bytes[at + 3] == (byte) 0xBA;
        }
        assertTrue(found, "the driver's shared area is in the file");
    }

    @Test
    void replaysWhatItCaptured() throws Exception {
        Path captures = dir.resolve("captures");
        assertEquals(0, npa("", "demo", "--capture", captures.toString()).code());
        Run again = npa("", "demo", "--pcap", captures.resolve("nic0.pcapng").toString());
        assertEquals(0, again.code(), again.out() + again.err());
    }

    @Test
    void shellTakesCommandsFromStandardInput() throws Exception {
        Run run = npa("""
                npa:hosts
                npa:plugins
                npa:passthrough vm0 niantic 1.0.0
                npa:ring vm0 rx 0
                npa:swap vm0 niantic 1.1.0
                npa:vms
                npa:emulate vm0
                npa:run 5
                npa:stats
                npa:stats vm0
                npa:nics
                exit
                """, "shell");
        assertEquals(0, run.code(), run.err());
        for (String part : List.of("host0", "emulated -> niantic 1.0.0 done", "niantic 1.0.0 -> niantic 1.1.0 done",
                "PASSTHROUGH", "niantic 1.1.0 -> emulated done", "replay: vm0 -> wire:nic0", "8086:10fb",
                "linux", "TX SOFTWARE", "queue_0_tx_packets")) {
            assertTrue(run.out().contains(part), part + " in\n" + run.out() + run.err());
        }
    }

    @Test
    void shellMovesVmsBetweenNics() throws Exception {
        Run run = npa("""
                npa:passthrough mover nic1
                npa:swap mover niantic 1.0.0 nic2
                npa:vms
                npa:passthrough mover niantic 1.1.0 nic0
                npa:emulate mover
                npa:nics
                exit
                """, "shell", "several-nics", "--mode", "seeded");
        assertEquals(0, run.code(), run.err());
        for (String part : List.of("emulated -> niantic 1.1.0 on nic1 done",
                "niantic 1.1.0 on nic1 -> niantic 1.0.0 on nic2 done", "nic2     2",
                "niantic 1.0.0 on nic2 -> niantic 1.1.0 done", "niantic 1.1.0 -> emulated done", "up 10000 Mbit/s")) {
            assertTrue(run.out().contains(part), part + " in\n" + run.out() + run.err());
        }
        Run wrong = npa("npa:passthrough mover nic9\n", "shell", "several-nics", "--mode", "seeded");
        assertTrue(wrong.err().contains("there is no NIC 'nic9'; there are [nic0, nic1, nic2]"), wrong.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"npa:passthrough vm9", "npa:swap vm0 niantic 1.1.0", "npa:ring vm0 sideways 0", "npa:fly",
        "npa:passthrough vm0 niantic 9.9.9", "npa:run -5", "npa:run 99999999999", "npa:swap vm0"})
    void aShellCommandThatFailsSaysWhyAndEndsWithOne(String command) throws Exception {
        Run run = npa(command + "\nnpa:vms\n", "shell");
        assertEquals(1, run.code(), run.out());
        assertTrue(run.err().contains("npa: " + command + ": "), run.err());
        assertTrue(run.out().contains("EMULATED"), "the next command works: " + run.out());
        assertFalse(run.err().contains("\tat "), run.err());
    }

    @Test
    void aCampaignEndsWithASummaryOfAllItsRuns() throws Exception {
        Run run = npa("", "run", "first-flight", "--seeds", "5..7", "--shorten", "20", "--json");
        assertEquals(0, run.code(), run.out() + run.err());
        List<Object> seeds = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            Map<String, Object> event = json(line);
            if (event.get("event").equals("run")) {
                seeds.add(event.get("seed"));
                assertEquals("true", event.get("clean"), line);
            }
        }
        assertEquals(List.of(5.0, 6.0, 7.0), seeds);
        Map<String, Object> summary = json(run.lastLine());
        assertEquals("summary", summary.get("event"));
        assertEquals(3.0, summary.get("runs"));
        assertEquals(0.0, summary.get("findings"));
        assertEquals(9.0, summary.get("switchovers"));
        assertEquals(summary.get("framesSent"), summary.get("framesReceived"));
        assertNothingIsLeft();
    }

    @Test
    void aFindingOfACampaignComesWithTheCommandThatReplaysIt() throws Exception {
        Path file = dir.resolve("it's wrong.yaml");
        Files.writeString(file, "name: x\nhosts: [{name: h, nics: [{name: n, model: '82599'}], vms: [{name: a}]}]\n"
                + "timeline: [{power-on: a}, {passthrough: a}]\nexpect: {switchovers: 7}\n");
        Run run = npa("", "run", file.toString(), "--seeds", "40..50", "--shorten", "2");
        assertEquals(1, run.code(), run.out() + run.err());
        assertTrue(run.out().contains(", seed 40: switchovers is 1, expected 7"), run.out());
        assertTrue(run.lastLine().startsWith("1 runs in "), "it stops at the first: " + run.lastLine());
        String replay = run.out().lines().filter(line -> line.startsWith("  replay: ")).findFirst().orElseThrow();
        assertEquals("  replay: ./npa run '" + dir + "/it'\\''s wrong.yaml' --seed 40 --shorten 2", replay);
        Run again = npa("", "run", file.toString(), "--seed", "40", "--shorten", "2");
        assertEquals(1, again.code(), again.out());
        assertTrue(again.out().contains("finding: switchovers is 1, expected 7"), again.out());
        Run onward = npa("", "run", file.toString(), "--seeds", "2", "--keep-going");
        assertEquals(1, onward.code(), onward.out());
        assertTrue(onward.lastLine().startsWith("2 runs in "), onward.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2 | fly                                    | Unmatched argument
            2 | demo --seed many                       | --seed
            2 | demo --mode sideways                   | --mode
            2 | demo --pcap {dir}/none.pcap            | none.pcap
            2 | demo --pcap {dir}/foreign.pcap         | foreign.pcap
            2 | demo --pcap {dir}/truncated.pcap       | truncated.pcap
            2 | demo --images {dir}/none               | is not a directory
            2 | demo --capture {dir}/foreign.pcap      | is not a directory
            2 | demo --memory {dir}/foreign.pcap       | cannot be mapped
            2 | run                                    | name a scenario
            2 | run --all first-flight                 | leave away either it or 'first-flight'
            2 | run first-flight --seeds many          | 'many' is neither a number N for seeds 1..N nor a range A..B
            2 | run first-flight --seeds 9..3          | seeds 9..3 are not 1 to
            2 | run first-flight --seeds 3 --seed 4    | --seed and --capture are for one run
            2 | run first-flight --seeds 3 --shorten 0 | --shorten: 0 is less than 1
            2 | run none --seeds 3                     | neither such a file nor a built-in scenario
            2 | run first-flight --seeds 3 --pcap no   | no such file; name a pcap or pcapng file
            2 | run none                               | neither such a file nor a built-in scenario
            2 | run {dir}/bad.yaml                     | line 2: hosts must be a list
            2 | run {dir}/foreign.pcap                 | foreign.pcap
            2 | run {dir}/escape.yaml                  | line 2: VM name '../a' must start with a letter or digit
            1 | run {dir}/twice.yaml                   | line 5: VM h/a is EMULATED, where POWER_ON is not allowed
            1 | run {dir}/swap.yaml                    | line 5: a is EMULATED; only a VM in PASSTHROUGH can swap
            0 | run {dir}/lists.yaml                   | a: niantic 1.1.0 -> emulated
            1 | demo --images {dir}/empty              | there is no image 'niantic'
            1 | demo --images {dir}/broken             | broken.jar
            0 | demo --help                            | --pcap
            0 | --help                                 | Exit codes
            0 | run --list                             | eight-vms
            0 | doctor --json                          | "event":"summary"
            """)
    void everyMistakeIsOneSentenceWithItsExitCode(int code, String args, String text) throws Exception {
        Files.writeString(dir.resolve("foreign.pcap"), "this is no capture at all, not even nearly one");
        Files.write(dir.resolve("truncated.pcap"), new byte[] {(byte) 0xD4, (byte) 0xC3, (byte) 0xB2, (byte) 0xA1, 2, 0});
        Files.writeString(dir.resolve("bad.yaml"), "name: x\nhosts: 7\n");
        String world = "name: x\nhosts: [{name: h, nics: [{name: n, model: '82599'}], vms: [{name: a}, {name: b}]}]\n"
                + "timeline:\n- power-on: all\n";
        Files.writeString(dir.resolve("escape.yaml"), world.replace("name: b", "name: ../a"));
        Files.writeString(dir.resolve("twice.yaml"), world + "- power-on: a\n");
        Files.writeString(dir.resolve("swap.yaml"), world + "- swap: a\n");
        Files.writeString(dir.resolve("lists.yaml"), world + "- passthrough: [a, b]\n- emulate: [a, b]\n");
        Files.createDirectories(dir.resolve("empty"));
        Files.writeString(Files.createDirectories(dir.resolve("broken")).resolve("broken.jar"), "no jar",
                StandardCharsets.UTF_8);
        Run run = npa("", args.replace("{dir}", dir.toString()).split(" +"));
        assertEquals(code, run.code(), run.out() + run.err());
        assertTrue((run.out() + run.err()).contains(text), run.out() + run.err());
        assertFalse((run.out() + run.err()).contains("\tat "), "no stack trace: " + run.err());
        assertNothingIsLeft();
    }
}
