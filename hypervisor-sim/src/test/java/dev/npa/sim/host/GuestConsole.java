package dev.npa.sim.host;

import dev.npa.hw.LinkState;
import dev.npa.sim.guest.GuestFramework;
import dev.npa.sim.guest.GuestServices;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An administrator at a guest: what {@code ethtool} shows and sets on Linux, and object identifiers on Windows. The
 * guest's classes are its framework's own, so everything goes by name, as with a debugger; its virtual CPU stands still
 * meanwhile.
 */
final class GuestConsole {

    private static final int OID_LINK_SPEED = 0x00010107;
    private static final int OID_CONNECT_STATUS = 0x00010114;
    private static final int OID_RECEIVE_SCALE = 0x00010204;
    private static final int RSS_STRUCTURE = 32;
    private static final int TABLE = 128;
    private static final int KEY = 40;

    private final FelixGuest guest;

    private GuestConsole(GuestSystem guest) {
        this.guest = (FelixGuest) guest;
    }

    /** Guests as they always are, and a console for each by the name of its machine. */
    static GuestSystem.Factory guests(SimulationParts parts, Map<String, GuestConsole> consoles) {
        GuestSystem.Factory real = FelixGuest.factory(parts);
        return (machine, parameters) -> {
            GuestSystem made = real.create(machine, parameters);
            consoles.put(machine.name(), new GuestConsole(made));
            return made;
        };
    }

    static Map<String, GuestConsole> none() {
        return new ConcurrentHashMap<>();
    }

    /** Link and speed as the operating system shows them. */
    LinkState link() {
        return locked((system, linux) -> {
            if (linux) {
                Map<?, ?> shown = (Map<?, ?>) call(call(system, "ethtool"), "link");
                boolean up = shown.get("Link detected").equals("yes");
                return up ? new LinkState(true, Integer.parseInt(((String) shown.get("Speed")).replace("Mb/s", "")))
                        : LinkState.DOWN;
            }
            boolean up = query(system, OID_CONNECT_STATUS, 4).getInt(0) == 0;
            return up ? new LinkState(true, query(system, OID_LINK_SPEED, 4).getInt(0) / 10_000) : LinkState.DOWN;
        });
    }

    /** Spreads received packets in turn over the first queues, by another key. */
    void spread(int queues, byte[] key) {
        locked((system, linux) -> {
            if (linux) {
                Object ethtool = call(system, "ethtool");
                call(ethtool, "rssEqual", queues);
                call(ethtool, "rssKey", HexFormat.ofDelimiter(":").formatHex(key));
                return null;
            }
            ByteBuffer set = query(system, OID_RECEIVE_SCALE, RSS_STRUCTURE + TABLE + KEY);
            set.putShort(4, (short) 0).putShort(12, (short) TABLE).putInt(16, RSS_STRUCTURE)
                    .putShort(20, (short) KEY).putInt(24, RSS_STRUCTURE + TABLE);
            for (int i = 0; i < TABLE; i++) {
                set.put(RSS_STRUCTURE + i, (byte) (i % queues));
            }
            set.put(RSS_STRUCTURE + TABLE, key);
            request(system, "set", OID_RECEIVE_SCALE, set);
            return null;
        });
    }

    /** Key in force as the operating system shows it. */
    byte[] key() {
        return locked((system, linux) -> linux
                ? HexFormat.ofDelimiter(":").parseHex((String) call(call(system, "ethtool"), "rssKey"))
                : Arrays.copyOfRange(query(system, OID_RECEIVE_SCALE, RSS_STRUCTURE + TABLE + KEY).array(),
                        RSS_STRUCTURE + TABLE, RSS_STRUCTURE + TABLE + KEY));
    }

    private static ByteBuffer query(Object system, int oid, int bytes) {
        ByteBuffer value = ByteBuffer.allocate(bytes);
        request(system, "query", oid, value);
        return ByteBuffer.wrap(value.array()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void request(Object system, String what, int oid, ByteBuffer value) {
        Object status = call(call(system, "oids"), what, oid, value);
        if (!status.equals(0)) {
            throw new IllegalStateException(what + " of OID 0x" + Integer.toHexString(oid) + " gives " + status);
        }
    }

    @FunctionalInterface
    private interface Action<T> {
        T run(Object system, boolean linux);
    }

    private <T> T locked(Action<T> action) {
        Object agent = GuestServices.agent((GuestFramework) field(guest, "framework"));
        Object kernel = field(agent, agent.getClass().getDeclaredFields()[0].getName());
        synchronized (kernel) {
            Object system = field(kernel, "system");
            return action.run(system, system.getClass().getSimpleName().equals("LinuxOs"));
        }
    }

    private static Object field(Object of, String name) {
        try {
            Field field = of.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object call(Object of, String name, Object... arguments) {
        try {
            for (Method method : of.getClass().getMethods()) {
                if (method.getName().equals(name) && fits(method.getParameterTypes(), arguments)) {
                    return method.invoke(of, arguments);
                }
            }
            throw new IllegalStateException(of.getClass() + " has no " + name + Arrays.toString(arguments));
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean fits(Class<?>[] types, Object[] arguments) {
        boolean fits = types.length == arguments.length;
        for (int i = 0; fits && i < types.length; i++) {
            fits = types[i] == int.class ? arguments[i] instanceof Integer : types[i].isInstance(arguments[i]);
        }
        return fits;
    }
}
