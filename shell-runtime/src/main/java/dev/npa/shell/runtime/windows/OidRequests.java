package dev.npa.shell.runtime.windows;

import dev.npa.hw.LinkState;
import dev.npa.plugin.QueueCounter;
import dev.npa.shell.runtime.netdev.DeviceStatistics;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.netdev.RssConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Queries and sets by object identifier. Information buffers are little-endian; a query writes from the buffer's
 * position on, a set reads from there. On the guest's first virtual CPU.
 */
public final class OidRequests {

    private static final long SPEED_UNITS_PER_MEGABIT = 10_000;

    private final NetDevice device;
    private final RssParameters rss;

    OidRequests(NetDevice device) {
        this.device = device;
        this.rss = new RssParameters(device);
    }

    /**
     * Queries an object.
     *
     * @param information where the value goes; its position moves behind it on success only
     * @return a code of {@link NdisStatus}; BUFFER_TOO_SHORT if the value does not fit
     */
    public int query(int oid, ByteBuffer information) {
        ByteBuffer out = information.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int needed = size(oid);
        if (needed < 0) {
            return NdisStatus.NOT_SUPPORTED;
        }
        if (out.remaining() < needed) {
            return NdisStatus.BUFFER_TOO_SHORT;
        }
        switch (oid) {
            case Oid.GEN_MAXIMUM_FRAME_SIZE -> out.putInt(device.mtu());
            case Oid.GEN_LINK_SPEED -> out.putInt(linkSpeed());
            case Oid.GEN_MEDIA_CONNECT_STATUS -> out.putInt(device.link().up() ? 0 : 1);
            case Oid.OID_802_3_PERMANENT_ADDRESS, Oid.OID_802_3_CURRENT_ADDRESS -> address(out);
            case Oid.GEN_RECEIVE_SCALE_PARAMETERS -> rss.write(out);
            default -> out.putLong(counter(oid));
        }
        information.position(out.position());
        return NdisStatus.SUCCESS;
    }

    /** Bytes of an object's value; -1 if there is no such object. */
    private static int size(int oid) {
        return switch (oid) {
            case Oid.GEN_MAXIMUM_FRAME_SIZE, Oid.GEN_LINK_SPEED, Oid.GEN_MEDIA_CONNECT_STATUS -> 4;
            case Oid.OID_802_3_PERMANENT_ADDRESS, Oid.OID_802_3_CURRENT_ADDRESS -> 6;
            case Oid.GEN_RECEIVE_SCALE_PARAMETERS -> RssParameters.BYTES;
            case Oid.GEN_XMIT_OK, Oid.GEN_RCV_OK, Oid.GEN_XMIT_ERROR, Oid.GEN_RCV_NO_BUFFER, Oid.GEN_BYTES_RCV,
                Oid.GEN_BYTES_XMIT -> 8;
            default -> -1;
        };
    }

    private int linkSpeed() {
        LinkState link = device.link();
        return link.up() ? (int) (link.megabitsPerSecond() * SPEED_UNITS_PER_MEGABIT) : 0;
    }

    private void address(ByteBuffer out) {
        long mac = device.mac().value();
        for (int shift = 40; shift >= 0; shift -= 8) {
            out.put((byte) (mac >>> shift));
        }
    }

    private long counter(int oid) {
        DeviceStatistics statistics = device.statistics();
        statistics.refresh();
        return switch (oid) {
            case Oid.GEN_XMIT_OK -> statistics.txPackets();
            case Oid.GEN_RCV_OK -> statistics.rxPackets();
            case Oid.GEN_XMIT_ERROR -> statistics.txAborted() + statistics.txLost() + statistics.txRefused();
            case Oid.GEN_BYTES_RCV -> statistics.rxBytes();
            case Oid.GEN_BYTES_XMIT -> statistics.txBytes();
            default -> noBuffer(statistics);
        };
    }

    private long noBuffer(DeviceStatistics statistics) {
        long sum = 0;
        for (int q = 0; q < statistics.queues(); q++) {
            sum += statistics.carrierRx(q, QueueCounter.NO_BUFFER);
        }
        return sum;
    }

    /**
     * Sets an object.
     *
     * @param information the value; its position moves behind it on success only
     * @return a code of {@link NdisStatus}; nothing changed unless it is SUCCESS
     */
    public int set(int oid, ByteBuffer information) {
        if (oid != Oid.GEN_RECEIVE_SCALE_PARAMETERS) {
            return NdisStatus.NOT_SUPPORTED;
        }
        ByteBuffer in = information.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int status = rss.read(in);
        if (status == NdisStatus.SUCCESS) {
            information.position(in.position());
        }
        return status;
    }

    /** The indirection table in force, or null; for whoever balances load. */
    public int[] indirectionTable() {
        RssConfig config = device.rss();
        return config == null ? null : config.table();
    }
}
