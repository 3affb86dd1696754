package dev.npa.shell.runtime.image;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An OSGi manifest header, taken apart (OSGi Core 8, 3.2.4): clauses separated by commas, each with paths, attributes
 * and directives separated by semicolons; values may be quoted.
 *
 * @param clauses in their order
 */
record ManifestHeader(List<Clause> clauses) {

    /**
     * A clause. An attribute's type ({@code devices:List<String>="..."}) is not kept.
     *
     * @param paths names at its head
     * @param attributes by name
     * @param directives by name
     */
    record Clause(List<String> paths, Map<String, String> attributes, Map<String, String> directives) {

        String attribute(String name) {
            return attributes.getOrDefault(name, "");
        }
    }

    /**
     * Parses a header.
     *
     * @param value null or blank gives no clauses
     * @throws IllegalArgumentException with the reason if it is malformed
     */
    static ManifestHeader parse(String value) {
        List<Clause> clauses = new ArrayList<>();
        if (value != null && !value.isBlank()) {
            for (String clause : split(value, ',')) {
                clauses.add(clause(clause));
            }
        }
        return new ManifestHeader(clauses);
    }

    private static Clause clause(String text) {
        List<String> paths = new ArrayList<>();
        Map<String, String> attributes = new LinkedHashMap<>();
        Map<String, String> directives = new LinkedHashMap<>();
        for (String part : split(text, ';')) {
            int equals = indexOfEquals(part);
            if (equals < 0) {
                paths.add(unquote(part));
                continue;
            }
            boolean directive = equals > 0 && part.charAt(equals - 1) == ':';
            String name = part.substring(0, directive ? equals - 1 : equals).strip();
            int type = name.indexOf(':');
            String plain = type < 0 ? name : name.substring(0, type).strip();
            Map<String, String> map = directive ? directives : attributes;
            if (map.put(plain, unquote(part.substring(equals + 1))) != null) {
                throw new IllegalArgumentException("'" + plain + "' stands twice in '" + text.strip() + "'");
            }
        }
        if (paths.isEmpty() || paths.contains("")) {
            throw new IllegalArgumentException("an empty name stands in '" + text.strip() + "'");
        }
        return new Clause(List.copyOf(paths), attributes, directives);
    }

    private static int indexOfEquals(String part) {
        int equals = part.indexOf('=');
        int quote = part.indexOf('"');
        return quote >= 0 && quote < equals ? -1 : equals;
    }

    private static String unquote(String text) {
        String value = text.strip();
        if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
            return value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1");
        }
        return value;
    }

    /** Splits at a separator outside of quotes. */
    static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        if (quoted) {
            throw new IllegalArgumentException("a quote is not closed in '" + text.strip() + "'");
        }
        parts.add(text.substring(start));
        return parts;
    }
}
