package dev.npa.sim.nic.intel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The register map of a BAR, read from a text table: which byte offset is which word of which register. Immutable.
 *
 * <p>Columns: {@code name offset stride*count mode reset [words]}. {@code NAME[64]} continues an array at element 64;
 * mode {@code =NAME} or {@code =NAME[i]} makes the row an alias of registers of this table. {@code -> NAME rule} names
 * the register of another table that this one shows. {@code #} starts a comment. The loader refuses unknown modes,
 * duplicate names, overlaps, gaps in arrays, and offsets that are misaligned or outside the window, naming the line.
 */
public final class RegisterMap {

    /** Answer of {@link #slotAt} for an offset without a register. */
    public static final int NONE = -1;

    private final String source;
    private final int[] slots;
    private final Map<String, Register> byName = new LinkedHashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private Register[] bySlot;

    private record Row(int line, String name, int first, int offset, int stride, int count, String mode, int reset,
            int words, String view) {
    }

    private RegisterMap(String source, int windowBytes) {
        this.source = source;
        this.slots = new int[windowBytes / 4];
        Arrays.fill(slots, NONE);
    }

    /** Reads a table from the class path, next to {@code anchor}. */
    public static RegisterMap load(Class<?> anchor, String resource, int windowBytes) {
        try (InputStream in = anchor.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("register map " + resource + " is not in the bundle");
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            return parse(resource, reader.lines().toList(), windowBytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Parses and validates a table. */
    public static RegisterMap parse(String source, List<String> lines, int windowBytes) {
        RegisterMap map = new RegisterMap(source, windowBytes);
        for (int i = 0; i < lines.size(); i++) {
            String text = lines.get(i).replaceFirst("#.*", "").trim();
            if (!text.isEmpty()) {
                map.rows.add(map.row(i + 1, text));
            }
        }
        map.declare();
        map.place();
        return map;
    }

    private Row row(int line, String text) {
        int arrow = text.indexOf("->");
        String view = arrow < 0 ? "" : text.substring(arrow + 2).trim();
        String[] column = (arrow < 0 ? text : text.substring(0, arrow)).trim().split("\\s+");
        if (column.length < 4 || column.length > 6) {
            throw bad(line, "wants 'name offset stride*count mode [reset] [words]'");
        }
        try {
            int bracket = column[0].indexOf('[');
            String name = bracket < 0 ? column[0] : column[0].substring(0, bracket);
            int first = bracket < 0 ? 0
                    : Integer.parseInt(column[0].substring(bracket + 1, column[0].length() - 1));
            int star = column[2].indexOf('*');
            int stride = star < 0 ? 4 : number(column[2].substring(0, star));
            int count = star < 0 ? 1 : number(column[2].substring(star + 1));
            int reset = column.length > 4 ? number(column[4]) : 0;
            int words = column.length > 5 ? number(column[5]) : 1;
            if (count < 1 || words < 1 || stride < 4 * words) {
                throw bad(line, "stride, count and words do not fit together");
            }
            return new Row(line, name, first, number(column[1]), stride, count, column[3], reset, words, view);
        } catch (NumberFormatException e) {
            throw bad(line, "has a number that cannot be read (" + e.getMessage() + ")");
        }
    }

    private static int number(String text) {
        return (int) Long.decode(text).longValue();
    }

    private void declare() {
        Map<String, Row> firsts = new LinkedHashMap<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Row row : rows) {
            if (row.mode.startsWith("=")) {
                continue;
            }
            int expected = counts.getOrDefault(row.name, 0);
            if (row.first != expected) {
                throw bad(row.line, row.first == 0 ? row.name + " is there twice"
                        : row.name + "[" + row.first + "] does not continue the array, which has " + expected);
            }
            Row head = firsts.putIfAbsent(row.name, row);
            if (head != null && (!head.mode.equals(row.mode) || head.words != row.words || head.reset != row.reset)) {
                throw bad(row.line, row.name + " continues with another mode, reset value or word count");
            }
            counts.merge(row.name, row.count, Integer::sum);
        }
        int next = 0;
        List<Register> owners = new ArrayList<>();
        for (Row head : firsts.values()) {
            Register register = new Register(head.name, next, counts.get(head.name), head.words, mode(head),
                    head.reset, head.view);
            byName.put(head.name, register);
            for (int i = 0; i < register.slots(); i++) {
                owners.add(register);
            }
            next += register.slots();
        }
        bySlot = owners.toArray(new Register[0]);
    }

    private Register.Mode mode(Row row) {
        try {
            return Register.Mode.valueOf(row.mode);
        } catch (IllegalArgumentException e) {
            throw bad(row.line, "has mode " + row.mode + "; modes are " + Arrays.toString(Register.Mode.values()));
        }
    }

    private void place() {
        for (Row row : rows) {
            String target = row.name;
            int first = row.first;
            if (row.mode.startsWith("=")) {
                int bracket = row.mode.indexOf('[');
                target = bracket < 0 ? row.mode.substring(1) : row.mode.substring(1, bracket);
                first = bracket < 0 ? 0 : number(row.mode.substring(bracket + 1, row.mode.length() - 1));
            }
            Register register = byName.get(target);
            if (register == null || first + row.count > register.count()) {
                throw bad(row.line, "is an alias of " + row.mode.substring(1) + ", which has no such elements");
            }
            for (int i = 0; i < row.count; i++) {
                for (int w = 0; w < register.words(); w++) {
                    place(row, row.offset + i * row.stride + 4 * w,
                            register.slot() + (first + i) * register.words() + w);
                }
            }
        }
    }

    private void place(Row row, int offset, int slot) {
        if (offset % 4 != 0 || offset < 0 || offset / 4 >= slots.length) {
            throw bad(row.line, row.name + " at 0x" + Integer.toHexString(offset)
                    + " is misaligned or outside the window");
        }
        if (slots[offset / 4] != NONE) {
            throw bad(row.line, row.name + " overlaps " + bySlot[slots[offset / 4]].name() + " at 0x"
                    + Integer.toHexString(offset));
        }
        slots[offset / 4] = slot;
    }

    private IllegalArgumentException bad(int line, String what) {
        return new IllegalArgumentException("register map " + source + " line " + line + ": " + what);
    }

    /** Slot of the word at a byte offset, or {@link #NONE}; also for offsets that are misaligned or outside. */
    public int slotAt(int offset) {
        return (offset & 3) != 0 || offset < 0 || offset >= 4 * slots.length ? NONE : slots[offset >> 2];
    }

    /** The register that a slot belongs to. */
    public Register at(int slot) {
        return bySlot[slot];
    }

    /** A register by name. */
    public Register get(String name) {
        Register register = byName.get(name);
        if (register == null) {
            throw new IllegalArgumentException("register map " + source + " has no " + name);
        }
        return register;
    }

    /** Number of slots. */
    public int size() {
        return bySlot.length;
    }

    /** All registers in the order of the table. */
    public List<Register> registers() {
        return List.copyOf(byName.values());
    }

    /** Name of a slot for people, as {@code RDT[3]}. */
    public String label(int slot) {
        Register r = bySlot[slot];
        int at = slot - r.slot();
        return r.slots() == 1 ? r.name()
                : r.words() == 1 ? r.name() + "[" + at + "]"
                        : r.name() + "[" + at / r.words() + "]." + at % r.words();
    }
}
