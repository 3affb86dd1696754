package dev.npa.sim.scenario;

import dev.npa.sim.net.FrameTap;
import dev.npa.sim.pcap.PcapngWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pcapng files of a run: one for each wire and each virtual NIC, or none at all. */
final class WireCaptures implements AutoCloseable {

    private final Path directory;
    private final Map<String, PcapngWriter> writers = new LinkedHashMap<>();

    private WireCaptures(Path directory) {
        this.directory = directory;
    }

    /** Captures into a directory, which is created; into nothing when it is null. */
    static WireCaptures open(Path directory) throws ScenarioException {
        if (directory != null) {
            try {
                Files.createDirectories(directory);
            } catch (IOException e) {
                throw new ScenarioException("--capture", List.of(directory + " cannot be made: " + YamlReader.reason(e)));
            }
        }
        return new WireCaptures(directory);
    }

    /** A tap that writes to {@code NAME.pcapng}. */
    FrameTap tap(String name) throws ScenarioException {
        if (directory == null) {
            return FrameTap.NONE;
        }
        Path file = directory.resolve(name + ".pcapng");
        try {
            PcapngWriter writer = new PcapngWriter(file, "NPA scenario, point " + name);
            writers.put(name, writer);
            return writer.tap(name);
        } catch (IOException e) {
            throw new ScenarioException("--capture", List.of(file + " cannot be written: " + YamlReader.reason(e)));
        }
    }

    @Override
    public void close() {
        for (Map.Entry<String, PcapngWriter> entry : writers.entrySet()) {
            try {
                entry.getValue().close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException("capture " + entry.getKey() + " is incomplete", e);
            }
        }
    }
}
