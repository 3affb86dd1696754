package dev.npa.hw;

import java.util.regex.Pattern;

/**
 * A 48-bit Ethernet address.
 *
 * @param value bits 47..40 are the first byte on the wire
 */
public record MacAddress(long value) implements Comparable<MacAddress> {

    /** ff:ff:ff:ff:ff:ff. */
    public static final MacAddress BROADCAST = new MacAddress(0xFFFF_FFFF_FFFFL);

    private static final Pattern TEXT = Pattern.compile("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}");

    public MacAddress {
        if (value >>> 48 != 0) {
            throw new IllegalArgumentException("an Ethernet address has 48 bits: 0x" + Long.toHexString(value));
        }
    }

    /** Parses {@code 02:00:00:00:00:01}. */
    public static MacAddress parse(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not an Ethernet address such as 02:00:00:00:00:01");
        }
        return new MacAddress(Long.parseLong(text.replaceAll("[:-]", ""), 16));
    }

    /** Whether the group bit is set (multicast or broadcast). */
    public boolean isGroup() {
        return (value >>> 40 & 1) != 0;
    }

    /** Byte {@code index} (0..5) in the order of the wire. */
    public byte octet(int index) {
        return (byte) (value >>> (40 - 8 * index));
    }

    /** Bytes 0..3 packed with byte 0 in bits 0..7, as address registers want them. */
    public int low32() {
        return Integer.reverseBytes((int) (value >>> 16));
    }

    /** Bytes 4 and 5 packed with byte 4 in bits 0..7. */
    public int high16() {
        return Short.toUnsignedInt(Short.reverseBytes((short) value));
    }

    /** The inverse of {@link #low32()} and {@link #high16()}; bits 16..31 of {@code high} are ignored. */
    public static MacAddress ofRegisters(int low, int high) {
        long first = Integer.toUnsignedLong(Integer.reverseBytes(low));
        long last = Short.toUnsignedLong(Short.reverseBytes((short) high));
        return new MacAddress(first << 16 | last);
    }

    @Override
    public int compareTo(MacAddress other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return String.format("%02x:%02x:%02x:%02x:%02x:%02x", octet(0), octet(1), octet(2), octet(3), octet(4),
                octet(5));
    }
}
