package dev.npa.shell.runtime.path;

import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.runtime.memory.PacketPool;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Defines {@link PluginDataPath} once more, as a hidden class. The compiler keeps what it learns of a call with the
 * class that calls; where one class has called the queues of three plugins, each further call costs a look-up and is
 * never inlined. A hidden class is unloaded when nobody refers to it any more, independent of its loader.
 */
final class FreshDataPaths {

    private static final byte[] CODE = code();
    private static final MethodType CONSTRUCTOR = MethodType.methodType(void.class, TxQueue.class, RxQueue.class,
            int.class, PacketPool.class, int.class);

    private FreshDataPaths() {}

    private static byte[] code() {
        String name = PluginDataPath.class.getSimpleName() + ".class";
        try (InputStream in = PluginDataPath.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static DataPaths define() {
        MethodHandle maker;
        try {
            MethodHandles.Lookup fresh = MethodHandles.lookup().defineHiddenClass(CODE, true);
            MethodHandle constructor = fresh.findConstructor(fresh.lookupClass(), CONSTRUCTOR);
            maker = constructor.asType(constructor.type().changeReturnType(DataPath.class));
        } catch (IllegalAccessException | NoSuchMethodException e) {
            throw new IllegalStateException("the data path cannot be defined afresh", e);
        }
        return (tx, rx, instance, pool, ring) -> make(maker, tx, rx, instance, pool, ring);
    }

    private static DataPath make(MethodHandle maker, TxQueue tx, RxQueue rx, int instance, PacketPool pool, int ring) {
        try {
            return (DataPath) maker.invokeExact(tx, rx, instance, pool, ring);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException(t); // the constructor declares nothing
        }
    }
}
