import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.Yaml;

/**
 * Build step: reads the numbered rules and writes the enum {@code dev.npa.rules.Rule} and the spec page. Fails, with
 * every problem found, when a rule is incomplete, stands twice or is out of order.
 *
 * <p>Arguments: rules file, directory for Java source, spec page to write.
 */
final class GenerateRules {

    private static final List<String> FIELDS =
            List.of("id", "level", "title", "statement", "intent", "sources", "check", "mutant");
    private static final Set<String> LEVELS = Set.of("MUST", "SHOULD");
    private static final Map<String, String> SOURCES = Map.of("D", "DPDK ethdev contract", "T", "DPDK test suites",
            "L", "Linux network driver documentation and self-tests", "N", "NDIS contract and static rules",
            "H", "Windows hardware lab kit", "O", "OSGi specification", "R", "practice of other conformance suites",
            "P", "Network Plugin Architecture");

    private final List<String> problems = new ArrayList<>();

    public static void main(String[] args) throws IOException {
        new GenerateRules().run(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
    }

    private void run(Path file, Path sources, Path page) throws IOException {
        Map<String, Object> root = new Yaml().load(Files.readString(file));
        String version = String.valueOf(root.get("version"));
        List<Map<String, Object>> chapters = list(root, "chapters");
        check(chapters);
        if (!problems.isEmpty()) {
            problems.forEach(problem -> System.err.println(file + ": " + problem));
            System.exit(1);
        }
        Path directory = Files.createDirectories(sources.resolve("dev/npa/rules"));
        Files.writeString(directory.resolve("Rule.java"), source(chapters));
        Files.createDirectories(page.getParent());
        Files.writeString(page, page(version, chapters));
    }

    private void check(List<Map<String, Object>> chapters) {
        Set<String> seen = new HashSet<>();
        String previous = "";
        for (Map<String, Object> chapter : chapters) {
            for (Map<String, Object> rule : list(chapter, "rules")) {
                String id = String.valueOf(rule.get("id"));
                for (String field : FIELDS) {
                    if (rule.get(field) == null || rule.get(field).toString().isBlank()) {
                        problems.add("rule " + id + " has no '" + field + "'");
                    }
                }
                for (String field : rule.keySet()) {
                    if (!FIELDS.contains(field) && !field.equals("stochastic")) {
                        problems.add("rule " + id + " has an unknown field '" + field + "'");
                    }
                }
                if (!id.matches("[0-9]{1,2}\\.[0-9]{2}")) {
                    problems.add("rule id '" + id + "' is not of the form 6.04");
                } else if (!id.startsWith(chapter.get("number") + ".")) {
                    problems.add("rule " + id + " stands in chapter " + chapter.get("number"));
                } else if (number(id) <= number(previous)) {
                    problems.add("rule " + id + " stands after " + previous);
                }
                if (!seen.add(id)) {
                    problems.add("rule " + id + " stands twice");
                }
                if (!LEVELS.contains(String.valueOf(rule.get("level")))) {
                    problems.add("rule " + id + " has level '" + rule.get("level") + "'; it must be one of " + LEVELS);
                }
                for (Object source : rule.get("sources") instanceof List<?> names ? names : List.of()) {
                    if (!SOURCES.containsKey(source.toString())) {
                        problems.add("rule " + id + " has source '" + source + "'; known are " + SOURCES.keySet());
                    }
                }
                previous = id;
            }
        }
    }

    private static int number(String id) {
        return id.isEmpty() ? -1 : Integer.parseInt(id.replace(".", ""));
    }

    private static String source(List<Map<String, Object>> chapters) {
        StringBuilder out = new StringBuilder("""
                package dev.npa.rules;

                /** The numbered rules of the plugin contract, generated from rules/npa-1.0.yaml. */
                public enum Rule {
                """);
        String separator = "";
        for (Map<String, Object> chapter : chapters) {
            for (Map<String, Object> rule : list(chapter, "rules")) {
                String id = text(rule, "id");
                out.append(separator).append("    /** ").append(escapeDoc(text(rule, "statement"))).append(" */\n");
                out.append("    R").append(id.replace('.', '_')).append("(\"").append(id).append("\", Level.")
                        .append(text(rule, "level")).append(",\n            ").append(literal(text(rule, "title")))
                        .append(",\n            ").append(literal(text(rule, "statement"))).append(",\n            ")
                        .append(literal(text(rule, "intent"))).append(')');
                separator = ",\n";
            }
        }
        out.append("""
                ;

                    /** How binding a rule is. */
                    public enum Level {
                        /** A plugin that breaks it is not certified. */
                        MUST,
                        /** Reported, not decisive. */
                        SHOULD
                    }

                    private final String id;
                    private final Level level;
                    private final String title;
                    private final String statement;
                    private final String intent;

                    Rule(String id, Level level, String title, String statement, String intent) {
                        this.id = id;
                        this.level = level;
                        this.title = title;
                        this.statement = statement;
                        this.intent = intent;
                    }

                    /** Number, as {@code 6.04}. */
                    public String id() {
                        return id;
                    }

                    public Level level() {
                        return level;
                    }

                    /** A few words. */
                    public String title() {
                        return title;
                    }

                    /** The normative sentence. */
                    public String statement() {
                        return statement;
                    }

                    /** Why the rule exists. */
                    public String intent() {
                        return intent;
                    }

                    /**
                     * The rule of a number.
                     *
                     * @throws IllegalArgumentException if there is none
                     */
                    public static Rule of(String id) {
                        for (Rule rule : values()) {
                            if (rule.id.equals(id)) {
                                return rule;
                            }
                        }
                        throw new IllegalArgumentException("there is no rule " + id);
                    }
                }
                """);
        return out.toString();
    }

    private static String page(String version, List<Map<String, Object>> chapters) {
        StringBuilder out = new StringBuilder("# The plugin contract, version " + version + "\n\n"
                + "Generated from `rules/npa-" + version + ".yaml`.\n");
        for (Map<String, Object> chapter : chapters) {
            out.append("\n## ").append(text(chapter, "number")).append(' ').append(text(chapter, "title")).append("\n");
            for (Map<String, Object> rule : list(chapter, "rules")) {
                List<String> sources = new ArrayList<>();
                for (Object source : (List<?>) rule.get("sources")) {
                    sources.add(SOURCES.get(source.toString()));
                }
                out.append("\n### ").append(text(rule, "id")).append(' ').append(text(rule, "title")).append("\n\n**")
                        .append(text(rule, "level")).append("** ").append(text(rule, "statement")).append("\n\n*Intent:* ")
                        .append(text(rule, "intent")).append("  \n*Checked by:* ").append(text(rule, "check"))
                        .append("  \n*Mutant:* ").append(text(rule, "mutant")).append("  \n*Sources:* ")
                        .append(String.join("; ", sources)).append('\n');
            }
        }
        return out.toString();
    }

    private static String text(Map<String, Object> map, String field) {
        return String.valueOf(map.get(field)).strip().replaceAll("\\s+", " ");
    }

    private static String literal(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String escapeDoc(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("*/", "* /")
                .replace("@", "&#64;");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> map, String field) {
        Object value = map.get(field);
        return value instanceof List<?> items ? (List<Map<String, Object>>) items : List.of();
    }
}
