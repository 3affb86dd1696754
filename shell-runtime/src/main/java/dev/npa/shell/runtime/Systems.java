package dev.npa.shell.runtime;

import dev.npa.shell.runtime.linux.LinuxOs;
import dev.npa.shell.runtime.netdev.GuestOsFactory;
import dev.npa.shell.runtime.windows.WindowsOs;
import java.util.List;

/** The operating systems that a guest can boot. */
final class Systems {

    private static final List<GuestOsFactory> ALL = List.of(LinuxOs.factory(), WindowsOs.factory());

    private Systems() {}

    /** What boots when nothing is said. */
    static GuestOsFactory first() {
        return ALL.get(0);
    }

    /**
     * The operating system of a name.
     *
     * @throws IllegalArgumentException if there is none; says which there are
     */
    static GuestOsFactory named(String name) {
        for (GuestOsFactory factory : ALL) {
            if (factory.name().equals(name)) {
                return factory;
            }
        }
        throw new IllegalArgumentException("there is no guest operating system '" + name + "'; there are "
                + ALL.stream().map(GuestOsFactory::name).toList());
    }
}
