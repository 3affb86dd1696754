package dev.npa.sim.image;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One clause of an OSGi manifest header: {@code path;path;name=value;name:Type="value";directive:=value}.
 *
 * @param paths the clause's paths, at least one
 * @param attributes without their type names
 * @param directives those with {@code :=}
 */
record HeaderClause(List<String> paths, Map<String, String> attributes, Map<String, String> directives) {

    /** First path. */
    String path() {
        return paths.get(0);
    }

    /** Parses a whole header; an absent (null) or blank one has no clauses. */
    static List<HeaderClause> parse(String header) {
        List<HeaderClause> clauses = new ArrayList<>();
        if (header == null || header.isBlank()) {
            return clauses;
        }
        for (String clause : split(header, ',')) {
            clauses.add(clause(clause));
        }
        return clauses;
    }

    /** The values of a {@code List<String>} attribute. */
    static List<String> list(String value) {
        List<String> values = new ArrayList<>();
        if (value != null) {
            for (String v : value.split(",")) {
                if (!v.isBlank()) {
                    values.add(v.trim());
                }
            }
        }
        return values;
    }

    private static HeaderClause clause(String text) {
        List<String> paths = new ArrayList<>();
        Map<String, String> attributes = new LinkedHashMap<>();
        Map<String, String> directives = new LinkedHashMap<>();
        for (String part : split(text, ';')) {
            int equals = indexOutsideQuotes(part, '=');
            if (equals < 0) {
                paths.add(part.trim());
            } else if (equals > 0 && part.charAt(equals - 1) == ':') {
                directives.put(part.substring(0, equals - 1).trim(), unquote(part.substring(equals + 1)));
            } else {
                String name = part.substring(0, equals).trim();
                int colon = name.indexOf(':');
                attributes.put(colon < 0 ? name : name.substring(0, colon), unquote(part.substring(equals + 1)));
            }
        }
        if (paths.isEmpty()) {
            paths.add("");
        }
        return new HeaderClause(paths, attributes, directives);
    }

    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        String rest = text;
        int at = indexOutsideQuotes(rest, separator);
        while (at >= 0) {
            parts.add(rest.substring(0, at));
            rest = rest.substring(at + 1);
            at = indexOutsideQuotes(rest, separator);
        }
        parts.add(rest);
        return parts;
    }

    private static int indexOutsideQuotes(String text, char wanted) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == wanted && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static String unquote(String text) {
        String value = text.trim();
        if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
            value = value.substring(1, value.length() - 1);
        }
        return value.replace("\\\"", "\"").replace("\\\\", "\\");
    }
}
