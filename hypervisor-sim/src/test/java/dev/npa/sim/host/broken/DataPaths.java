package dev.npa.sim.host.broken;

import dev.npa.plugin.Plugin;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.Shell;

/** Factories whose plugin fails while it carries traffic. */
public final class DataPaths {

    private DataPaths() {}

    public static final class ThrowsInTransmit extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public int transmit(PacketBurst burst, int from, int to) {
                    if (sentEnough()) {
                        throw new Failure("transmit");
                    }
                    return super.transmit(burst, from, to);
                }
            };
        }
    }

    public static final class ThrowsInReceive extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public int receive(PacketBurst into, int budget) {
                    if (receivedEnough()) {
                        throw new Failure("receive");
                    }
                    return super.receive(into, budget);
                }
            };
        }
    }

    /** Throws an error, not an exception, after it took completions. */
    public static final class ThrowsInReclaim extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public int reclaim(int budget) {
                    int packets = super.reclaim(budget);
                    if (sentEnough()) {
                        throw new StackOverflowError("broken on purpose in reclaim");
                    }
                    return packets;
                }
            };
        }
    }

    public static final class ThrowsInInterrupt extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public boolean onInterrupt(int vector) {
                    if (receivedEnough()) {
                        throw new Failure("onInterrupt");
                    }
                    return super.onInterrupt(vector);
                }
            };
        }
    }

    public static final class TakesMoreThanOffered extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public int transmit(PacketBurst burst, int from, int to) {
                    return super.transmit(burst, from, to) + (sentEnough() ? 5 : 0);
                }
            };
        }
    }

    public static final class MiscountsReceived extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public int receive(PacketBurst into, int budget) {
                    return super.receive(into, budget) - (receivedEnough() ? 1 : 0);
                }
            };
        }
    }

    public static final class MiscountsReclaimed extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public int reclaim(int budget) {
                    return super.reclaim(budget) + (sentEnough() ? 1 : 0);
                }
            };
        }
    }

    /** Indicates a packet that is longer than its buffer. */
    public static final class IndicatesTooMuch extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public int receive(PacketBurst into, int budget) {
                    int from = into.size();
                    int packets = super.receive(into, budget);
                    if (packets > 0 && receivedEnough()) {
                        into.length(from, 1 << 20);
                    }
                    return packets;
                }
            };
        }
    }

    /** Empties a burst that is not its own to empty. */
    public static final class ClearsTheBurst extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public int transmit(PacketBurst burst, int from, int to) {
                    int taken = super.transmit(burst, from, to);
                    if (sentEnough()) {
                        burst.clear();
                    }
                    return taken;
                }
            };
        }
    }
}
