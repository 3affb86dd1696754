package dev.npa.sim.scenario;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Seeds of a campaign, all from the first to the last.
 *
 * @param first at most {@code last}
 * @param last inclusive
 */
public record Seeds(long first, long last) {

    /** Enough for a campaign of weeks; more is a slip of the pen. */
    public static final long MOST = 10_000_000;

    private static final Pattern TEXT = Pattern.compile("(?:(-?[0-9]{1,18})\\.\\.)?(-?[0-9]{1,18})");

    /**
     * Checks.
     *
     * @throws IllegalArgumentException with a sentence if there are none, or more than {@link #MOST}
     */
    public Seeds {
        if (last < first || last - first >= MOST) {
            throw new IllegalArgumentException("seeds " + first + ".." + last + " are not 1 to " + MOST
                    + " seeds; write a number N for seeds 1..N, or A..B");
        }
    }

    /**
     * Reads {@code N}, which means 1..N, or {@code A..B}.
     *
     * @throws IllegalArgumentException with a sentence if it is neither
     */
    public static Seeds parse(String text) {
        Matcher m = TEXT.matcher(text.strip());
        if (!m.matches()) {
            throw new IllegalArgumentException("'" + text + "' is neither a number N for seeds 1..N nor a range A..B");
        }
        return new Seeds(m.group(1) == null ? 1 : Long.parseLong(m.group(1)), Long.parseLong(m.group(2)));
    }

    public long count() {
        return last - first + 1;
    }

    @Override
    public String toString() {
        return first == last ? Long.toString(first) : first + ".." + last;
    }
}
