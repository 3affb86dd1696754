package dev.npa.shell.runtime.stack;

import dev.npa.shell.runtime.netdev.GuestOs;
import dev.npa.shell.runtime.netdev.GuestOsFactory;
import dev.npa.shell.runtime.netdev.OsEnvironment;

/** Makes {@link GuestStack}. */
public final class SimpleOs implements GuestOsFactory {

    @Override
    public String name() {
        return "simple";
    }

    @Override
    public GuestOs create(OsEnvironment environment) {
        return new GuestStack(environment);
    }
}
