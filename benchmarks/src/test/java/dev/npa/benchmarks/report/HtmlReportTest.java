package dev.npa.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {

    private static Results everything() {
        List<Metric> metrics = new ArrayList<>();
        metrics.add(Metric.of("reference.forward.nsPerPacket", "ns", 6, 7));
        for (String plugin : List.of("vmxnet3", "niantic", "a<b>&\"c\"")) {
            for (int burst : new int[] {1, 8, 32, 128, 256}) {
                metrics.add(Metric.of("forward." + plugin + ".64B.burst" + burst + ".nsPerPacket", "ns",
                        50.0 / burst + 12, 60.0 / burst + 14));
            }
            metrics.add(Metric.of("forward." + plugin + ".64B.burst32.ratio", "1", 2, 2.5));
            metrics.add(Metric.of("forward." + plugin + ".offloads.burst32.nsPerPacket", "ns", 30, 900));
        }
        metrics.add(Metric.of("passthroughVsEmulated.tx.cpuRatio", "1", 3, 2.8));
        metrics.add(Metric.of("swap.lost", "frames", 0));
        Series series = new Series("swap.timeline", "Mpps", -50, 1,
                DoubleStream.iterate(0, d -> d + 0.01).limit(100).boxed().toList());
        return new Results(ResultFileTest.MACHINE, "npa bench --only <all>", "2026-11-01T12:00:00Z", metrics,
                List.of(series));
    }

    private static Comparison comparison() {
        return Comparison.of(ResultFileTest.results(Metric.of("forward.niantic.64B.burst32.ratio", "1", 1),
                Metric.of("swap.lost", "frames", 0)), everything(), n -> true);
    }

    private static Document parsed(String page) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(page)));
    }

    @Test
    void thePageLoadsNothingFromAnywhere() {
        String page = HtmlReport.page(everything(), comparison());
        for (String outside : List.of("https?:", "//[a-z]", "\\bsrc\\s*=", "\\bhref\\s*=", "url\\(", "@import",
                "<script", "<link", "<iframe")) {
            assertFalse(Pattern.compile(outside, Pattern.CASE_INSENSITIVE).matcher(page).find(), outside);
        }
    }

    @Test
    void thePageIsWellFormedWhateverStandsInNames() throws Exception {
        Document page = parsed(HtmlReport.page(everything(), comparison()));
        assertTrue(page.getDocumentElement().getTextContent().contains("forward.a<b>&\"c\".64B.burst32.ratio"));
    }

    @Test
    void everyFigureOfTheRunIsOnThePageAndEveryPlotForWhichThereAreFigures() throws Exception {
        Document page = parsed(HtmlReport.page(everything(), null));
        String text = page.getDocumentElement().getTextContent();
        everything().metrics().forEach(m -> assertTrue(text.contains(m.name()), m.name()));
        // Bars: forward, its ratio, with offloads, passthrough; the bursts; the timeline.
        assertEquals(6, page.getElementsByTagName("svg").getLength());
        assertFalse(text.contains("Comparison with the baseline"));
    }

    @Test
    void theComparisonSaysHowManyRatiosAreBeyond() throws Exception {
        String text = parsed(HtmlReport.page(everything(), comparison())).getDocumentElement().getTextContent();
        assertTrue(text.contains("1 ratio is worse than the baseline"), text);
        assertTrue(text.contains("BEYOND"));
    }

    @Test
    void nothingIsDrawnOutsideOfItsPlot() throws Exception {
        NodeList plots = parsed(HtmlReport.page(everything(), null)).getElementsByTagName("svg");
        for (int i = 0; i < plots.getLength(); i++) {
            Element plot = (Element) plots.item(i);
            double height = Double.parseDouble(plot.getAttribute("viewBox").split(" ")[3]);
            for (String tag : List.of("rect", "line", "text", "circle")) {
                NodeList shapes = plot.getElementsByTagName(tag);
                for (int k = 0; k < shapes.getLength(); k++) {
                    inside((Element) shapes.item(k), height);
                }
            }
        }
    }

    private static void inside(Element shape, double height) {
        for (String x : List.of("x", "x1", "x2", "cx")) {
            between(shape, x, Drawing.WIDTH);
        }
        for (String y : List.of("y", "y1", "y2", "cy")) {
            between(shape, y, height);
        }
        if (shape.hasAttribute("width")) {
            double end = Double.parseDouble(shape.getAttribute("x")) + Double.parseDouble(shape.getAttribute("width"));
            assertTrue(end <= Drawing.WIDTH, "a bar ends at " + end);
        }
    }

    private static void between(Element shape, String attribute, double most) {
        if (shape.hasAttribute(attribute)) {
            double value = Double.parseDouble(shape.getAttribute(attribute));
            assertTrue(value >= 0 && value <= most, shape.getTagName() + " " + attribute + " " + value);
        }
    }

    @Test
    void aRunWithoutKeyFiguresHasAPageToo() throws Exception {
        assertTrue(parsed(HtmlReport.page(ResultFileTest.results(Metric.of("guest.directMiB", "MiB", 3)), null))
                .getDocumentElement().getTextContent().contains("none of the key figures"));
    }
}
