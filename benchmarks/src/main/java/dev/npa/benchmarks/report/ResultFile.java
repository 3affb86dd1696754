package dev.npa.benchmarks.report;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A run's results in a file: a header line with the machine, then a line for each figure and series. */
public final class ResultFile {

    private ResultFile() {}

    /** Writes a file, or replaces it. */
    public static void write(Path file, Results results) throws BadResultFile {
        List<String> lines = new ArrayList<>();
        lines.add(JsonLines.header(results));
        results.metrics().forEach(m -> lines.add(JsonLines.line(m)));
        results.series().forEach(s -> lines.add(JsonLines.line(s)));
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new BadResultFile(file + " cannot be written: " + reason(e));
        }
    }

    /** Reads a file. */
    public static Results read(Path file) throws BadResultFile {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new BadResultFile(file + " does not exist; --save FILE of an earlier run makes such a file");
        } catch (MalformedInputException e) {
            throw new BadResultFile(file + " is not a text file; --save FILE makes one that can be read");
        } catch (IOException e) {
            throw new BadResultFile(file + " cannot be read: " + reason(e));
        }
        List<Metric> metrics = new ArrayList<>();
        List<Series> series = new ArrayList<>();
        Map<String, Object> header = null;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            try {
                Map<String, Object> fields = JsonLines.parse(lines.get(i));
                if (header == null) {
                    header = checked(fields);
                } else if (fields.containsKey("series")) {
                    series.add(JsonLines.series(fields));
                } else {
                    metrics.add(JsonLines.metric(fields));
                }
            } catch (IOException e) {
                throw new BadResultFile(file + " line " + (i + 1) + ": " + firstLine(e)
                        + "; a result file has a header and figures as --save writes them");
            }
        }
        if (header == null) {
            throw new BadResultFile(file + " is empty; --save FILE of an earlier run makes a result file");
        }
        return new Results(machine(header), String.valueOf(header.get("command")), String.valueOf(header.get("when")),
                metrics, series);
    }

    private static Map<String, Object> checked(Map<String, Object> header) throws IOException {
        if (!Double.valueOf(JsonLines.FORMAT).equals(header.get("npaBench"))) {
            throw new IOException("the header has no \"npaBench\": " + JsonLines.FORMAT);
        }
        return header;
    }

    private static Machine machine(Map<String, Object> header) {
        Map<String, String> properties = new LinkedHashMap<>();
        if (header.get("machine") instanceof Map<?, ?> machine) {
            machine.forEach((name, value) -> properties.put(String.valueOf(name), String.valueOf(value)));
        }
        return Machine.of(properties);
    }

    /** What went wrong with a file, in words. */
    public static String reason(IOException e) {
        return e.getClass() == IOException.class && e.getMessage() != null ? e.getMessage()
                : e.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").replace(" Exception", "");
    }

    /** Jackson adds lines about the place, which is known better here. */
    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
