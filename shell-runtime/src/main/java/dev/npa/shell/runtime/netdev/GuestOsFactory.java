package dev.npa.shell.runtime.netdev;

/** Makes one kind of operating system. */
public interface GuestOsFactory {

    /** Name by which a machine chooses it, as {@code simple}. */
    String name();

    /** Makes one; no device is there yet. */
    GuestOs create(OsEnvironment environment);
}
