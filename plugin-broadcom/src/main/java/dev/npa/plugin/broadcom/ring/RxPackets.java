package dev.npa.plugin.broadcom.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.broadcom.regs.Cqe;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/**
 * Makes packets of a burst out of completions and the buffers that they name, drops what makes no sense, and counts.
 * What the device writes is input from outside: lengths and indices are checked before they are used. §5.3, §5.4
 */
final class RxPackets {

    private final DmaMemory rcq;
    private final SgeRing sges;
    private final SpareBuffers spares;
    private final int bufferBytes;
    private final int maxSges;
    private final int resultMask;
    private long packets;
    private long bytes;
    private long errors;

    RxPackets(RxSettings settings, DmaMemory rcq, SgeRing sges, SpareBuffers spares) {
        this.rcq = rcq;
        this.sges = sges;
        this.spares = spares;
        this.bufferBytes = settings.bufferBytes();
        this.maxSges = settings.maxSges();
        this.resultMask = settings.resultMask();
    }

    long count() {
        return packets;
    }

    long bytes() {
        return bytes;
    }

    long errors() {
        return errors;
    }

    /** Counts something that makes no sense and has no buffer. */
    void error() {
        errors++;
    }

    /** Counts a dropped packet of one buffer, which is used again. */
    void drop(long address, int handle) {
        spares.add(address, handle);
        errors++;
    }

    /** SGEs of a packet whose first buffer is described by {@code q1}; more than allowed if that makes no sense. */
    private int needed(long q1, int length) {
        int rest = length - Cqe.lengthOnBd(q1);
        return rest < 0 ? maxSges + 1 : (rest + bufferBytes - 1) / bufferBytes;
    }

    /** Whether the burst has room for a packet; one that makes no sense needs none beyond what is appended for it. */
    boolean fits(PacketBurst into, long q1, int length) {
        int more = length == Cqe.lengthOnBd(q1) ? 0 : needed(q1, length);
        return into.room() > (more > maxSges ? 0 : more);
    }

    /** Whether a completion describes a first buffer that can be. */
    boolean isSane(long q0, long q1) {
        int length = Cqe.lengthOnBd(q1);
        return ((int) q0 & Cqe.PHY_DECODE_ERR) == 0 && length > 0 && Cqe.placement(q0) + length <= bufferBytes;
    }

    /** A sane packet in one buffer. */
    void single(PacketBurst into, long address, int handle, long q0, long q1) {
        int length = Cqe.packetLength(q1);
        int entry = into.add(address + Cqe.placement(q0), handle, length,
                PacketFlags.WHOLE | Cqe.flags(q0, q1) & resultMask);
        into.offload(entry, PacketBurst.rxOffload(Cqe.hash(q0), Cqe.vlan(q1)));
        packets++;
        bytes += length;
    }

    /**
     * A packet whose rest may be in SGEs, each full but the last.
     *
     * @param at completion with the SGEs' indices
     * @param q0 first word of the completion that describes the first buffer
     * @param q1 second word of it
     * @param length bytes of the whole packet
     */
    void gather(PacketBurst into, int at, long address, int handle, long q0, long q1, int length) {
        int count = needed(q1, length);
        boolean sane = isSane(q0, q1) && count <= maxSges;
        int entry = into.add(address + Cqe.placement(q0), handle, Cqe.lengthOnBd(q1), 0);
        int left = length - Cqe.lengthOnBd(q1);
        for (int i = 0; i < count && count <= maxSges; i++) {
            int slot = Short.toUnsignedInt(rcq.getShort(at + Cqe.SGL + 2 * i));
            if (sges.holds(slot)) {
                into.add(sges.address(slot), sges.handle(slot), Math.min(left, bufferBytes), 0);
                sges.take(slot);
            } else {
                sane = false; // foreign: no buffer, or one that the device was not given
            }
            left -= bufferBytes;
        }
        if (!sane) {
            drop(address, handle);
            for (int i = entry + 1; i < into.size(); i++) {
                spares.add(into.address(i), into.handle(i));
            }
            into.truncate(entry);
            return;
        }
        into.flags(entry, PacketFlags.SOP | Cqe.flags(q0, q1) & resultMask);
        into.offload(entry, PacketBurst.rxOffload(Cqe.hash(q0), Cqe.vlan(q1)));
        into.packetLength(entry, length);
        int last = into.size() - 1;
        into.flags(last, into.flags(last) | PacketFlags.EOP);
        packets++;
        bytes += length;
    }

    /** Marks the packet that begins at {@code entry}, if there is one, as merged from several segments. */
    void merged(PacketBurst into, int entry, long startQ1, int segments) {
        if (entry < into.size() && segments > 1) {
            into.flags(entry, into.flags(entry) | PacketFlags.RX_LRO);
            into.lro(entry, segments, Cqe.mss(startQ1, (resultMask & PacketFlags.RX_VLAN) != 0));
        }
    }
}
