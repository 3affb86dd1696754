package dev.npa.sim.guest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a guest has put a plugin image, in the form that its framework installs it from: {@code
 * npa-image:<slot>:<address>:<length>:<sha256>}.
 *
 * @param slot the shell's plugin slot, decimal; makes locations of the same image in two slots differ
 * @param address guest-physical address of the first byte, lower-case hexadecimal without prefix
 * @param length bytes, decimal
 * @param sha256 digest of these bytes, 64 lower-case hexadecimal digits
 */
public record ImageLocation(int slot, long address, int length, String sha256) {

    /** How such a location begins. */
    public static final String PREFIX = "npa-image:";

    private static final Pattern TEXT =
            Pattern.compile(PREFIX + "(\\d{1,3}):([0-9a-f]{1,15}):(\\d{1,9}):([0-9a-f]{64})");

    /**
     * Reads a location.
     *
     * @throws IllegalArgumentException if it has another form
     */
    static ImageLocation parse(String location) {
        Matcher m = TEXT.matcher(location);
        if (!m.matches()) {
            throw new IllegalArgumentException("'" + location + "' is not an image location such as "
                    + PREFIX + "<slot>:<hexadecimal address>:<length>:<sha256>");
        }
        return new ImageLocation(Integer.parseInt(m.group(1)), Long.parseLong(m.group(2), 16),
                Integer.parseInt(m.group(3)), m.group(4));
    }

    @Override
    public String toString() {
        return PREFIX + slot + ":" + Long.toHexString(address) + ":" + length + ":" + sha256;
    }
}
