package dev.npa.api;

import aQute.bnd.differ.DiffPluginImpl;
import aQute.bnd.osgi.Jar;
import aQute.bnd.service.diff.Delta;
import aQute.bnd.service.diff.Diff;
import aQute.bnd.service.diff.Tree;
import aQute.bnd.service.diff.Type;
import aQute.bnd.version.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The API of a bundle as plain data: what a release exported, with the roles of provider and consumer types. Comparing
 * two snapshots tells which packages need a higher version, as bnd's baselining does against a released jar.
 */
final class ApiSnapshot {

    /** Methods that every object, exception, enum or record has. */
    private static final Set<String> INHERITED = Stream.of(Object.class, Throwable.class, Enum.class, Record.class)
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .map(method -> method.getName() + "(" + Arrays.stream(method.getParameterTypes()).map(Class::getTypeName)
                    .collect(Collectors.joining(",")) + ")")
            .collect(Collectors.toSet());

    private final Tree api;

    private ApiSnapshot(Tree api) {
        this.api = api;
    }

    /** The API in a jar. */
    static ApiSnapshot ofJar(Path jar) throws Exception {
        try (Jar content = new Jar(jar.toFile())) {
            Tree.Data data = new DiffPluginImpl().tree(content).get("<api>").serialize();
            return new ApiSnapshot(new DiffPluginImpl().deserialize(withoutInherited(data)));
        }
    }

    /** Drops what comes from the JDK's own types, which differs from one Java release to the next. */
    private static Tree.Data withoutInherited(Tree.Data data) {
        List<Tree.Data> kept = new ArrayList<>();
        for (Tree.Data child : data.children == null ? new Tree.Data[0] : data.children) {
            if (child.type != Type.METHOD || !INHERITED.contains(child.name)) {
                kept.add(withoutInherited(child));
            }
        }
        data.children = kept.isEmpty() ? null : kept.toArray(Tree.Data[]::new);
        return data;
    }

    /** A recorded snapshot: an element a line, indented by depth: type, name, what its coming and going means. */
    static ApiSnapshot read(Path file) throws Exception {
        Deque<String> lines = new ArrayDeque<>(Files.readAllLines(file));
        return new ApiSnapshot(new DiffPluginImpl().deserialize(element(lines, 0)));
    }

    private static Tree.Data element(Deque<String> lines, int depth) {
        String[] fields = lines.removeFirst().strip().split(" ", 4);
        Tree.Data data = new Tree.Data();
        data.type = Type.valueOf(fields[0]);
        data.add = Delta.valueOf(fields[1]);
        data.rem = Delta.valueOf(fields[2]);
        data.name = fields[3];
        List<Tree.Data> children = new ArrayList<>();
        while (!lines.isEmpty() && depth(lines.peekFirst()) > depth) {
            children.add(element(lines, depth + 1));
        }
        data.children = children.isEmpty() ? null : children.toArray(Tree.Data[]::new);
        return data;
    }

    private static int depth(String line) {
        return line.length() - line.stripLeading().length();
    }

    /** Writes this snapshot. */
    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        append(text, api.serialize(), 0);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void append(StringBuilder text, Tree.Data data, int depth) {
        text.append(" ".repeat(depth)).append(data.type).append(' ').append(data.add).append(' ').append(data.rem)
                .append(' ').append(data.name).append('\n');
        for (Tree.Data child : data.children == null ? new Tree.Data[0] : data.children) {
            append(text, child, depth + 1);
        }
    }

    /** One sentence for each package whose version is too low for what changed since {@code released}. */
    List<String> versionsTooLowSince(ApiSnapshot released) {
        List<String> findings = new ArrayList<>();
        Map<String, Version> now = versions(api);
        Map<String, Version> then = versions(released.api);
        Diff diff = api.diff(released.api);
        for (Diff child : diff.getChildren()) {
            if (child.getType() != Type.PACKAGE) {
                continue;
            }
            String name = child.getName();
            Delta delta = child.getDelta();
            if (delta == Delta.REMOVED) {
                findings.add("package " + name + " " + then.get(name) + " is gone; it can only go with a new bundle");
            } else if (then.containsKey(name)) {
                Version needed = needed(then.get(name), delta);
                if (now.get(name).compareTo(needed) < 0) {
                    findings.add("package " + name + " changed (" + delta + ") since " + then.get(name)
                            + "; its version is " + now.get(name) + " and must be at least " + needed + ": "
                            + String.join(", ", changes(child, new ArrayList<>())));
                }
            }
        }
        return findings;
    }

    private static Version needed(Version then, Delta delta) {
        return switch (delta) {
            case MAJOR, REMOVED -> new Version(then.getMajor() + 1, 0, 0);
            case MINOR, ADDED -> new Version(then.getMajor(), then.getMinor() + 1, 0);
            default -> then;
        };
    }

    private static List<String> changes(Diff diff, List<String> into) {
        for (Diff child : diff.getChildren()) {
            boolean leaf = child.getChildren().isEmpty() || child.getDelta() == Delta.ADDED
                    || child.getDelta() == Delta.REMOVED;
            if (child.getDelta() == Delta.UNCHANGED || child.getType() == Type.VERSION || into.size() >= 10) {
                continue;
            }
            if (leaf) {
                into.add(child.getDelta() + " " + child.getType() + " " + child.getName());
            } else {
                changes(child, into);
            }
        }
        return into;
    }

    private static Map<String, Version> versions(Tree api) {
        Map<String, Version> versions = new TreeMap<>();
        for (Tree child : api.getChildren()) {
            if (child.getType() == Type.PACKAGE) {
                for (Tree attribute : child.getChildren()) {
                    if (attribute.getType() == Type.VERSION) {
                        versions.put(child.getName(), new Version(attribute.getName()));
                    }
                }
            }
        }
        return versions;
    }
}
