package dev.npa.benchmarks;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * The table behind a run: for each plugin, path and burst what was measured, what of it is the device's, what is left
 * for plugin and shell, and how many times the yardstick that is.
 */
final class Summary {

    private static final String LINE = "%-14s %-8s %5s %8s %8s %13s %10s %6s %9s%n";

    private final Collection<Figures> figures;

    Summary(Collection<Figures> figures) {
        this.figures = figures;
    }

    /** The table; empty if nothing of {@link PacketCost} was measured. A cell whose benchmark did not run is "-". */
    String text() {
        List<Figures> rows = figures.stream().filter(m -> m.type().equals("PacketCost")).toList();
        if (rows.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("CPU time of a packet in ns, best iteration. "
                + "plugin+shell = all - device; ratio = plugin+shell / reference.\n");
        text.append(line("plugin", "path", "burst", "all", "device", "plugin+shell", "reference", "ratio", "bytes"));
        for (Figures row : rows) {
            double device = device(row);
            double net = row.nanos() - device;
            double reference = nanos("Reference", row.path(), "", row.burst());
            text.append(line(row.plugin(), row.path(), Integer.toString(row.burst()), cell(row.nanos(), 2),
                    cell(device, 2), cell(net, 2), cell(reference, 2), cell(net / reference, 2),
                    cell(row.bytes(), 3)));
        }
        return text.toString();
    }

    private static String line(Object... cells) {
        return String.format(Locale.ROOT, LINE, cells);
    }

    /** Forwarding uses both halves of the device. */
    private double device(Figures row) {
        return row.path().equals("forward")
                ? nanos("DeviceOnly", "rx", row.plugin(), row.burst())
                        + nanos("DeviceOnly", "tx", row.plugin(), row.burst())
                : nanos("DeviceOnly", row.path(), row.plugin(), row.burst());
    }

    private double nanos(String type, String path, String plugin, int burst) {
        return figures.stream()
                .filter(m -> m.type().equals(type) && m.path().equals(path) && m.plugin().equals(plugin)
                        && m.burst() == burst)
                .mapToDouble(Figures::nanos).findFirst().orElse(Double.NaN);
    }

    private static String cell(double value, int digits) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
