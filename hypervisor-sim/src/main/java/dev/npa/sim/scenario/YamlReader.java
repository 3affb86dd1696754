package dev.npa.sim.scenario;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads typed values out of YAML nodes and collects every problem with its line instead of stopping at the first. A
 * reader method that finds a problem records it and answers a harmless value.
 */
final class YamlReader {

    private final List<String> problems = new ArrayList<>();

    List<String> problems() {
        return problems;
    }

    void problem(Node node, String text) {
        problems.add((node == null ? "" : "line " + line(node) + ": ") + text);
    }

    /** Why a file operation failed; Java's message is often the path alone. */
    static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "permission denied"
                : e instanceof NoSuchFileException ? "no such file or directory"
                : e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
    }

    static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    /** The entries of a mapping; keys outside {@code allowed} and repeated keys are problems. */
    Map<String, Node> mapping(Node node, String what, List<String> allowed) {
        Map<String, Node> entries = new LinkedHashMap<>();
        if (!(node instanceof MappingNode map)) {
            problem(node, what + " must be a mapping (key: value)");
            return entries;
        }
        for (NodeTuple tuple : map.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            if (!allowed.isEmpty() && !allowed.contains(key)) {
                problem(tuple.getKeyNode(), "'" + key + "' is not a field of " + what + "; it has "
                        + String.join(", ", allowed));
            } else if (entries.put(key, tuple.getValueNode()) != null) {
                problem(tuple.getKeyNode(), "'" + key + "' stands twice in " + what);
            }
        }
        return entries;
    }

    List<Node> sequence(Node node, String what) {
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            problem(node, what + " must be a list (- item)");
            return List.of();
        }
        return sequence.getValue();
    }

    /** A sequence of scalars, or one scalar as a list of one. */
    List<String> strings(Node node, String what) {
        if (node instanceof ScalarNode) {
            return List.of(string(node, what, ""));
        }
        List<String> values = new ArrayList<>();
        for (Node item : sequence(node, what)) {
            values.add(string(item, what, ""));
        }
        return values;
    }

    String string(Node node, String what, String absent) {
        if (node == null) {
            return absent;
        }
        if (!(node instanceof ScalarNode scalar)) {
            problem(node, what + " must be a single value");
            return absent;
        }
        return scalar.getValue();
    }

    String required(Map<String, Node> map, String key, Node owner, String what) {
        Node node = map.get(key);
        if (node == null) {
            problem(owner, what + " has no '" + key + "'");
            return "";
        }
        return string(node, key, "");
    }

    long number(Node node, String what, long absent, long low, long high) {
        if (node == null) {
            return absent;
        }
        return parse(node, what, absent, text -> {
            long value = Long.decode(text.replace("_", ""));
            if (value < low || value > high) {
                problem(node, what + " is " + value + "; it must be in " + low + ".." + high);
                return absent;
            }
            return value;
        }, "a whole number");
    }

    boolean bool(Node node, String what, boolean absent) {
        if (node == null) {
            return absent;
        }
        return parse(node, what, absent, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException();
        }, "true or false");
    }

    /** A duration such as {@code 250us}, {@code 5ms}, {@code 2s}. */
    long nanos(Node node, String what, long absent) {
        return parse(node, what, absent, text -> {
            long unit = text.endsWith("us") ? 1_000 : text.endsWith("ms") ? 1_000_000
                    : text.endsWith("ns") ? 1 : text.endsWith("s") ? 1_000_000_000 : 0;
            if (unit == 0) {
                throw new IllegalArgumentException();
            }
            String digits = text.replaceAll("[a-z]+$", "").trim();
            return Math.multiplyExact(Long.parseLong(digits), unit);
        }, "a duration such as 250us, 5ms or 2s");
    }

    <T> T parse(Node node, String what, T absent, Function<String, T> parser, String form) {
        String text = string(node, what, null);
        if (text == null) {
            return absent;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            String detail = e.getMessage() == null || e instanceof NumberFormatException ? "" : " (" + e.getMessage()
                    + ")";
            problem(node, what + " is '" + text + "'; it must be " + form + detail);
            return absent;
        }
    }
}
