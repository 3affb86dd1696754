package dev.npa.sim.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** Where a command writes: text for people, or one JSON object a line. Thread-safe. */
public final class Output {

    private static final JsonFactory JSON = new JsonFactory();

    private final PrintWriter out;
    private final boolean json;

    public Output(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    public boolean isJson() {
        return json;
    }

    /** A line for people; nothing with {@code --json}. */
    public synchronized void line(String text) {
        if (!json) {
            out.println(text);
            out.flush();
        }
    }

    /** An event: its JSON object with {@code --json}, otherwise its text unless that is null. */
    public synchronized void event(String name, Map<String, ?> fields, String text) {
        if (json) {
            out.println(object(name, fields));
        } else if (text != null) {
            out.println(text);
        }
        out.flush();
    }

    /** A JSON object, with or without {@code --json}. */
    public synchronized void json(Map<String, ?> fields) {
        out.println(object(null, fields));
        out.flush();
    }

    private static String object(String name, Map<String, ?> fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            generator.writeStartObject();
            if (name != null) {
                generator.writeStringField("event", name);
            }
            for (Map.Entry<String, ?> field : fields.entrySet()) {
                generator.writeFieldName(field.getKey());
                value(generator, field.getValue());
            }
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void value(JsonGenerator generator, Object value) throws IOException {
        if (value == null) {
            generator.writeNull();
        } else if (value instanceof Boolean b) {
            generator.writeBoolean(b);
        } else if (value instanceof Double d) {
            generator.writeNumber(d);
        } else if (value instanceof Number n) {
            generator.writeNumber(n.longValue());
        } else if (value instanceof Iterable<?> list) {
            generator.writeStartArray();
            for (Object item : list) {
                value(generator, item);
            }
            generator.writeEndArray();
        } else {
            generator.writeString(value.toString());
        }
    }
}
