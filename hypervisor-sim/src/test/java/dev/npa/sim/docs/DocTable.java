package dev.npa.sim.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a page of the project's documentation says in its tables and lists. */
public final class DocTable {

    private final List<List<String>> rows = new ArrayList<>();

    private DocTable() {}

    /** The table of docs/{@code page} whose header has these first cells. */
    public static DocTable read(String page, String... header) {
        List<String> lines = text(page).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            List<String> cells = cells(lines.get(i));
            if (cells.size() >= header.length && cells.subList(0, header.length).equals(List.of(header))) {
                DocTable table = new DocTable();
                for (String line : lines.subList(i + 2, lines.size())) {
                    if (!line.startsWith("|")) {
                        break;
                    }
                    table.rows.add(cells(line));
                }
                return table;
            }
        }
        throw new NoSuchElementException("docs/" + page + " has no table with " + List.of(header));
    }

    /** All of docs/{@code page}. Tests run in their module's folder. */
    public static String text(String page) {
        try {
            return Files.readString(Path.of("..", "docs", page));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Result codes of docs/switch-protocol.md with their meaning. */
    public static Map<Integer, String> resultCodes() {
        String text = text("switch-protocol.md").replaceAll("\\s+", " ");
        Matcher list = Pattern.compile("Result codes: (.*?)\\. ").matcher(text);
        Map<Integer, String> codes = new LinkedHashMap<>();
        if (list.find()) {
            for (String entry : list.group(1).split("; ")) {
                String[] codeAndMeaning = entry.split(" ", 2);
                codes.put(Integer.parseInt(codeAndMeaning[0]), codeAndMeaning[1]);
            }
        }
        return codes;
    }

    /** Numbers of one column by the words in another; rows without a number there are left out. */
    public Map<String, Integer> numbers(int nameColumn, int numberColumn) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (List<String> row : rows) {
            String number = row.get(numberColumn);
            if (number.matches("0x[0-9A-Fa-f]+|\\d+")) {
                numbers.put(row.get(nameColumn), (int) (long) Long.decode(number));
            }
        }
        return numbers;
    }

    /** A cell of the row that has {@code name} in {@code nameColumn}. */
    public String cell(int nameColumn, String name, int column) {
        return rows.stream().filter(row -> row.get(nameColumn).equals(name)).findFirst().orElseThrow().get(column);
    }

    private static List<String> cells(String line) {
        if (!line.startsWith("|")) {
            return List.of();
        }
        return List.of(line.substring(1).split("\\|")).stream().map(String::strip).toList();
    }
}
