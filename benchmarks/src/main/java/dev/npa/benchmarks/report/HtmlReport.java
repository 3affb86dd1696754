package dev.npa.benchmarks.report;

import freemarker.core.HTMLOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Results as one page of HTML that needs nothing else: style and plots are in it. */
public final class HtmlReport {

    private static final String TEMPLATE = "report.ftlh";
    /** Figures of the summary. */
    private static final List<Glob> KEY = List.of(new Glob("forward.*.64B.burst32.nsPerPacket"),
            new Glob("forward.*.64B.burst32.ratio"), new Glob("passthroughVsEmulated.*.cpuRatio"),
            new Glob("swap.gap.p99Micros"), new Glob("swap.lost"), new Glob("guest.bootMillis"),
            new Glob("guest.heapMiB"), new Glob("seeded.framesPerSecond"));

    private HtmlReport() {}

    /**
     * What a row of a table of figures shows.
     *
     * @param name metric
     * @param value the figure with its unit
     * @param spread lowest and highest
     * @param meaning one sentence
     */
    public record Row(String name, String value, String spread, String meaning) {}

    /**
     * What a row of the comparison shows.
     *
     * @param name metric
     * @param baseline recorded value
     * @param value value of this run
     * @param limit worst value tolerated, and the tolerance
     * @param verdict in words
     * @param style class of the verdict
     */
    public record Compared(String name, String baseline, String value, String limit, String verdict, String style) {}

    /**
     * Writes a page.
     *
     * @param comparison null = there was no baseline
     */
    public static void write(Path file, Results results, Comparison comparison) throws BadResultFile {
        try {
            Files.writeString(file, page(results, comparison));
        } catch (IOException e) {
            throw new BadResultFile(file + " cannot be written: " + ResultFile.reason(e));
        }
    }

    /** The page. */
    static String page(Results results, Comparison comparison) {
        StringWriter page = new StringWriter();
        try {
            configuration().getTemplate(TEMPLATE).process(model(results, comparison), page);
        } catch (TemplateException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return page.toString();
    }

    private static Configuration configuration() {
        // Whoever makes the page sees what is wrong with it; nobody reads a log of it.
        System.setProperty("org.freemarker.loggerLibrary", "none");
        Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
        configuration.setClassForTemplateLoading(HtmlReport.class, "");
        configuration.setDefaultEncoding(StandardCharsets.UTF_8.name());
        configuration.setOutputFormat(HTMLOutputFormat.INSTANCE);
        configuration.setNumberFormat("c");
        configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        configuration.setLogTemplateExceptions(false);
        return configuration;
    }

    private static Map<String, Object> model(Results results, Comparison comparison) {
        return Map.of("when", results.when(), "command", results.command(),
                "machine", results.machine().properties(),
                "key", rows(results.metrics().stream()
                        .filter(m -> KEY.stream().anyMatch(g -> g.matches(m.name()))).toList()),
                "plots", Plots.of(results),
                "all", rows(results.metrics()),
                "compared", comparison == null ? List.of() : compared(comparison),
                "beyond", comparison == null ? 0 : comparison.beyond().size());
    }

    private static List<Row> rows(List<Metric> metrics) {
        List<Row> rows = new ArrayList<>();
        for (Metric m : metrics) {
            rows.add(new Row(m.name(), TextReport.number(m.value()) + (m.unit().equals("1") ? "" : " " + m.unit()),
                    TextReport.number(m.low()) + " to " + TextReport.number(m.high()), Kind.of(m.name()).meaning()));
        }
        return rows;
    }

    private static List<Compared> compared(Comparison comparison) {
        return comparison.rows().stream().map(r -> new Compared(r.name(), TextReport.number(r.baseline()),
                TextReport.number(r.value()), TextReport.number(r.limit()) + " (" + r.tolerance() + ")",
                r.verdict().text(), r.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-'))).toList();
    }
}
