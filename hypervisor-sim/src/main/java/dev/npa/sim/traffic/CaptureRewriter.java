package dev.npa.sim.traffic;

import dev.npa.hw.MacAddress;
import dev.npa.sim.pcap.Capture;
import dev.npa.sim.pcap.CaptureException;
import dev.npa.sim.pcap.CapturedFrame;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a capture into two sequences of frames that a VM and its peer replay.
 *
 * <p><b>Who is the VM.</b> The two stations (Ethernet addresses) with the most unicast frames between them are the
 * conversation; of equals the pair seen first. The VM plays the one of the two that sent the first frame between them.
 * Every frame with its address as source goes from the VM to the peer; every other frame goes from the peer to the VM:
 * third stations belong to the outside. Without any unicast frame the VM plays the sender of the first frame.
 *
 * <p><b>What changes.</b> Source addresses become the VM's or the peer's, destinations likewise unless they are
 * group addresses; ARP hardware addresses follow. TCP frames above the MTU are TSO requests where the
 * sender has a stack and asks for it, else segmented as a sender would have ({@link TcpSegmenter}), checksums are
 * completed ({@link Checksums}), padding is removed, and every frame is made unique ({@link
 * FrameSequence}).
 *
 * <p><b>What stays behind</b>, counted: other frames above the MTU; frames that fill the MTU and are not IP, so that
 * nothing could make them unique; frames to 01:80:C2:00:00:00..0F, which no bridge forwards.
 */
public final class CaptureRewriter {

    /**
     * A capture ready for replay.
     *
     * @param fromVm what the VM sends; may be empty
     * @param toVm what the peer sends; may be empty
     */
    public record Replay(FrameSequence fromVm, FrameSequence toVm, Report report) {}

    /**
     * What became of a capture's frames.
     *
     * @param capture one sentence about the file
     * @param vmStation address in the capture that the VM plays
     * @param fromVm frames of the VM's sequence
     * @param toVm frames of the peer's sequence
     * @param large frames above the MTU that were segmented
     * @param segments frames they became
     * @param requests frames that are sent as TSO requests
     * @param checksums frames whose checksums were completed
     * @param oversize frames left out because they do not fit the MTU, or fill it and cannot be made unique
     * @param linkLocal frames left out because bridges do not forward their destination
     */
    public record Report(String capture, MacAddress vmStation, int fromVm, int toVm, int large, int segments,
            int requests, int checksums, int oversize, int linkLocal) {

        /** One line for the user. */
        public String describe() {
            StringBuilder text = new StringBuilder(capture).append("; the VM plays ").append(vmStation)
                    .append(" and sends ").append(fromVm).append(" frames a round, its peer ").append(toVm);
            if (large > 0) {
                text.append("; ").append(large).append(" large TCP frames became ").append(segments)
                        .append(" segments");
            }
            if (requests > 0) {
                text.append("; ").append(requests).append(" large TCP frames are TSO requests");
            }
            if (checksums > 0) {
                text.append("; checksums of ").append(checksums).append(" frames were completed");
            }
            if (oversize > 0) {
                text.append("; ").append(oversize)
                        .append(" frames that exceed the MTU, or fill it without being IP, are left out");
            }
            if (linkLocal > 0) {
                text.append("; ").append(linkLocal).append(" link-local frames are left out");
            }
            return text.toString();
        }
    }

    private static final long LINK_LOCAL = 0x0180_C200_0000L;
    private static final int ARP_LENGTH = 28;
    private static final long IDLE_PERIOD = 1_000_000L;

    private final long vm;
    private final long peer;
    private final int mtu;
    private final SequenceBuilder fromVm;
    private final SequenceBuilder toVm;
    private int large;
    private int segments;
    private int requests;
    private int checksums;
    private int oversize;
    private int linkLocal;

    private CaptureRewriter(long vm, long peer, int mtu, Offloads vmAsks, Offloads peerAsks) {
        this.vm = vm;
        this.peer = peer;
        this.mtu = mtu;
        this.fromVm = new SequenceBuilder(mtu, vmAsks);
        this.toVm = new SequenceBuilder(mtu, peerAsks);
    }

    /** Prepares a replay in which neither end asks for offloads. */
    public static Replay rewrite(Capture capture, MacAddress vm, MacAddress peer, int mtu) throws CaptureException {
        return rewrite(capture, vm, peer, mtu, Offloads.NONE, Offloads.NONE);
    }

    /**
     * Prepares a replay.
     *
     * @param vm address of the VM
     * @param peer address of its peer
     * @param mtu largest IP datagram of the path, 576..65535
     * @param vmAsks what the VM's applications ask their stack for
     * @param peerAsks what the peer's ask for
     * @throws CaptureException if no frame remains
     */
    public static Replay rewrite(Capture capture, MacAddress vm, MacAddress peer, int mtu, Offloads vmAsks,
            Offloads peerAsks) throws CaptureException {
        if (vm.isGroup() || peer.isGroup() || vm.equals(peer)) {
            throw new IllegalArgumentException("replay of " + capture.name() + " between " + vm + " and " + peer
                    + ": two different unicast addresses are needed");
        }
        if (mtu < 576 || mtu > 65_535) {
            throw new IllegalArgumentException("replay of " + capture.name() + ": MTU " + mtu + " is not 576..65535");
        }
        if (capture.frames().isEmpty()) {
            throw new CaptureException(capture.describe() + "; nothing to replay");
        }
        return new CaptureRewriter(vm.value(), peer.value(), mtu, vmAsks, peerAsks).run(capture);
    }

    private Replay run(Capture capture) throws CaptureException {
        List<CapturedFrame> frames = capture.frames();
        long station = vmStation(frames);
        long start = frames.get(0).nanos();
        long now = 0;
        for (CapturedFrame frame : frames) {
            // Captures of several interfaces are not always in order; time never runs backwards here.
            now = Math.max(now, frame.nanos() - start);
            take(frame.bytes().clone(), station, now);
        }
        if (fromVm.isEmpty() && toVm.isEmpty()) {
            throw new CaptureException(capture.describe() + "; none of them can be replayed with an MTU of " + mtu);
        }
        // A round lasts one mean interval longer than the capture, so that rounds join without a burst.
        long period = now == 0 ? IDLE_PERIOD : now + Math.max(1, now / frames.size());
        Report report = new Report(capture.describe(), new MacAddress(station), fromVm.entries.size(),
                toVm.entries.size(), large, segments, requests, checksums, oversize, linkLocal);
        return new Replay(fromVm.build(period), toVm.build(period), report);
    }

    private void take(byte[] f, long station, long nanos) {
        long destination = Net.mac(f, 0);
        if ((destination & ~0xFL) == LINK_LOCAL) {
            linkLocal++;
            return;
        }
        boolean outward = Net.mac(f, 6) == station;
        SequenceBuilder target = outward ? fromVm : toVm;
        Headers h = Headers.parse(f);
        readdress(f, h, outward ? vm : peer, outward ? peer : vm);
        if (Requests.canSegment(f, h, target.offloads(), mtu)) {
            requests++;
        } else if (Requests.needsSegments(f, h, target.offloads(), mtu)) {
            large++;
            for (byte[] s : TcpSegmenter.segment(f, h,
                    target.offloads().segmentBytes(mtu, h.transport + h.tcpHeader(f) - h.network))) {
                segments++;
                target.add(s, Headers.parse(s), nanos);
            }
            return;
        }
        boolean completed = Checksums.complete(f, h);
        if (!target.add(f, h, nanos)) {
            oversize++;
        } else if (completed) {
            checksums++;
        }
    }

    private static void readdress(byte[] f, Headers h, long sender, long receiver) {
        if (!Net.isGroup(Net.mac(f, 0))) {
            Net.putMac(f, 0, receiver);
        }
        Net.putMac(f, 6, sender);
        int arp = h.network;
        boolean isArp = h.type == Ether.TYPE_ARP && f.length - arp >= ARP_LENGTH && Net.u16(f, arp) == 1
                && Net.u8(f, arp + 4) == 6 && Net.u8(f, arp + 5) == 4;
        if (isArp) {
            Net.putMac(f, arp + 8, sender);
            long target = Net.mac(f, arp + 18);
            // Requests leave the target's address open.
            if (target != 0 && !Net.isGroup(target)) {
                Net.putMac(f, arp + 18, receiver);
            }
        }
    }

    private static long vmStation(List<CapturedFrame> frames) {
        Map<List<Long>, Integer> counts = new LinkedHashMap<>();
        Map<List<Long>, Long> firstSender = new HashMap<>();
        for (CapturedFrame frame : frames) {
            long to = Net.mac(frame.bytes(), 0);
            long from = Net.mac(frame.bytes(), 6);
            if (!Net.isGroup(to) && from != to) {
                List<Long> pair = List.of(Math.min(from, to), Math.max(from, to));
                counts.merge(pair, 1, Integer::sum);
                firstSender.putIfAbsent(pair, from);
            }
        }
        long best = Net.mac(frames.get(0).bytes(), 6);
        int most = 0;
        for (Map.Entry<List<Long>, Integer> e : counts.entrySet()) {
            if (e.getValue() > most) {
                most = e.getValue();
                best = firstSender.get(e.getKey());
            }
        }
        return best;
    }
}
