package dev.npa.benchmarks.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One JSON object a line: figures, series, and the header of a result file. */
public final class JsonLines {

    /** Version of the result file's format. */
    static final int FORMAT = 1;

    private static final JsonFactory JSON = new JsonFactory();
    private static final MathContext DIGITS = new MathContext(6);

    /** What writes the fields of an object. */
    private interface Fields {
        void write(JsonGenerator out) throws IOException;
    }

    private JsonLines() {}

    /** The line of a figure. */
    public static String line(Metric metric) {
        return object(out -> {
            out.writeStringField("metric", metric.name());
            number(out, "value", metric.value());
            out.writeStringField("unit", metric.unit());
            number(out, "low", metric.low());
            number(out, "high", metric.high());
        });
    }

    /** The line of a series. */
    public static String line(Series series) {
        return object(out -> {
            out.writeStringField("series", series.name());
            out.writeStringField("unit", series.unit());
            number(out, "from", series.from());
            number(out, "step", series.step());
            out.writeArrayFieldStart("values");
            for (double value : series.values()) {
                out.writeNumber(rounded(value));
            }
            out.writeEndArray();
        });
    }

    /** The header of a result file. */
    static String header(Results results) {
        return object(out -> {
            out.writeNumberField("npaBench", FORMAT);
            out.writeStringField("command", results.command());
            out.writeStringField("when", results.when());
            out.writeObjectFieldStart("machine");
            for (Map.Entry<String, String> property : results.machine().properties().entrySet()) {
                out.writeStringField(property.getKey(), property.getValue());
            }
            out.writeEndObject();
        });
    }

    private static void number(JsonGenerator out, String name, double value) throws IOException {
        out.writeNumberField(name, rounded(value));
    }

    private static BigDecimal rounded(double value) {
        BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }

    private static String object(Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
            out.writeStartObject();
            fields.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /**
     * Parses a line: strings, numbers as {@link Double}, arrays as lists and objects as maps of these.
     *
     * @throws IOException if it is not one JSON object
     */
    public static Map<String, Object> parse(String line) throws IOException {
        try (JsonParser in = JSON.createParser(line)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            Map<String, Object> fields = fields(in);
            if (in.nextToken() != null) {
                throw new IOException("more than one JSON object");
            }
            return fields;
        }
    }

    private static Map<String, Object> fields(JsonParser in) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            fields.put(name, value(in, in.nextToken()));
        }
        return fields;
    }

    private static Object value(JsonParser in, JsonToken token) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            return fields(in);
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> values = new ArrayList<>();
            for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
                values.add(value(in, next));
            }
            return values;
        }
        return token != null && token.isNumeric() ? (Object) in.getDoubleValue() : in.getText();
    }

    /** The figure of a parsed line. */
    public static Metric metric(Map<String, Object> fields) throws IOException {
        double value = number(fields, "value");
        try {
            return new Metric(text(fields, "metric"), value, text(fields, "unit"), number(fields, "low"),
                    number(fields, "high"));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage());
        }
    }

    /** The series of a parsed line. */
    public static Series series(Map<String, Object> fields) throws IOException {
        if (!(fields.get("values") instanceof List<?> values) || !values.stream().allMatch(Double.class::isInstance)) {
            throw new IOException("'values' is not a list of numbers");
        }
        return new Series(text(fields, "series"), text(fields, "unit"), number(fields, "from"),
                number(fields, "step"), values.stream().map(Double.class::cast).toList());
    }

    private static String text(Map<String, Object> fields, String name) throws IOException {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw new IOException("there is no text '" + name + "'");
    }

    private static double number(Map<String, Object> fields, String name) throws IOException {
        if (fields.get(name) instanceof Double number) {
            return number;
        }
        throw new IOException("there is no number '" + name + "'");
    }
}
