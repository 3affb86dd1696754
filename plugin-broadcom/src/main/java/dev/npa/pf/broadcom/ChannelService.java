package dev.npa.pf.broadcom;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.MacAddress;
import dev.npa.pf.PfException;
import dev.npa.pf.RssSettings;
import dev.npa.pf.broadcom.VfState.Life;
import dev.npa.pf.broadcom.channel.Acquire;
import dev.npa.pf.broadcom.channel.Filters;
import dev.npa.pf.broadcom.channel.Init;
import dev.npa.pf.broadcom.channel.Response;
import dev.npa.pf.broadcom.channel.RssRequest;
import dev.npa.pf.broadcom.channel.SetupQueue;
import dev.npa.pf.broadcom.channel.Tlv;
import dev.npa.pf.broadcom.channel.TpaRequest;
import dev.npa.shell.ShellLog;

/** Answers one request of a VF: copies it in, does what it asks within the VF's settings, copies the answer out. §9 */
final class ChannelService {

    /** Bytes of the area for a request and its response. */
    static final int BYTES = 2 * Tlv.MESSAGE_BYTES;

    private static final int MACS = 1;
    private static final int VLANS = 2;
    private static final int MULTICASTS = 10;
    private static final int TYPE_ALONE = 4;
    private static final int QUEUE_REQUEST = 12;
    private static final int NO_ANSWER = -1;

    private final Registers registers;
    private final Dmae dmae;
    private final VfControl control;
    private final VfSwitching switching;
    private final Statistics statistics;
    private final BulletinBoards bulletins;
    private final MacAddress portId;
    private final int chip;
    private final int maxMtu;
    private final DmaMemory request;
    private final DmaMemory answer;
    private final Response response;
    private final ShellLog log;

    /** What the service works with. */
    record Parts(Dmae dmae, VfControl control, VfSwitching switching, Statistics statistics,
            BulletinBoards bulletins) {}

    ChannelService(Registers registers, Parts parts, MacAddress portId, int chip, int maxMtu, DmaMemory request,
            DmaMemory answer, ShellLog log) {
        this.registers = registers;
        this.dmae = parts.dmae;
        this.control = parts.control;
        this.switching = parts.switching;
        this.statistics = parts.statistics;
        this.bulletins = parts.bulletins;
        this.portId = portId;
        this.chip = chip;
        this.maxMtu = maxMtu;
        this.request = request;
        this.answer = answer;
        this.response = new Response(answer);
        this.log = log;
    }

    /**
     * Serves the request that a VF announced.
     *
     * @param address where the VF has its request
     */
    void serve(VfState vf, long address) {
        try {
            dmae.fromVf(vf.number(), address, request.address(), Tlv.MESSAGE_BYTES);
            int type = Tlv.type(request, 0);
            int status = vf.isAssigned() ? handle(vf, type) : NO_ANSWER;
            if (status == NO_ANSWER) {
                acknowledge(vf);
                return;
            }
            if (type != Tlv.ACQUIRE || answer.getByte(4) == Tlv.WAITING) {
                response.status(type, status);
            }
            send(vf, address + Integer.toUnsignedLong(request.getInt(4)));
        } catch (PfException e) {
            log.warn("the channel of VF " + vf.index() + " got no answer: " + e.getMessage());
            acknowledge(vf);
        }
    }

    /** The order keeps a VF that polls the first bytes from reading the rest too early, or asking again. §9 */
    private void send(VfState vf, long target) {
        dmae.toVf(vf.number(), answer.address() + 8, target + 8, Tlv.MESSAGE_BYTES - 8);
        acknowledge(vf);
        dmae.toVf(vf.number(), answer.address(), target, 8);
    }

    private void acknowledge(VfState vf) {
        int valid = vf.isAssigned() ? Grc.CHANNEL_VALID : 0;
        registers.write(Grc.channelState(vf.number()), Grc.CHANNEL_READY | valid);
    }

    /** Status of the answer, or {@link #NO_ANSWER}. */
    private int handle(VfState vf, int type) {
        answer.clear();
        try {
            return switch (type) {
                case Tlv.ACQUIRE -> formed(Acquire.BYTES) ? acquire(vf) : Tlv.FAILURE;
                case Tlv.INIT -> formed(Init.BYTES) ? init(vf) : Tlv.FAILURE;
                case Tlv.SETUP_Q -> formed(SetupQueue.BYTES) ? setupQueue(vf) : Tlv.FAILURE;
                case Tlv.SET_Q_FILTERS -> formed(Filters.BYTES) ? setFilters(vf) : Tlv.FAILURE;
                case Tlv.TEARDOWN_Q -> formed(QUEUE_REQUEST) ? teardownQueue(vf) : Tlv.FAILURE;
                case Tlv.CLOSE -> formed(TYPE_ALONE) ? close(vf) : Tlv.FAILURE;
                case Tlv.RELEASE -> formed(TYPE_ALONE) ? release(vf) : Tlv.FAILURE;
                case Tlv.UPDATE_RSS -> formed(RssRequest.BYTES) ? updateRss(vf) : Tlv.FAILURE;
                case Tlv.UPDATE_TPA -> formed(TpaRequest.BYTES) ? updateTpa(vf) : Tlv.FAILURE;
                default -> known(vf) ? Tlv.NOT_SUPPORTED : NO_ANSWER;
            };
        } catch (PfException e) {
            log.warn("request " + type + " of VF " + vf.index() + " failed: " + e.getMessage());
            return Tlv.FAILURE;
        }
    }

    private boolean formed(int bytes) {
        return Tlv.isWellFormed(request, bytes);
    }

    private static boolean known(VfState vf) {
        return vf.life() == Life.ACQUIRED || vf.life() == Life.ENABLED;
    }

    private int acquire(VfState vf) {
        Acquire wanted = Acquire.read(request);
        if (wanted.firmwareInterface() > Acquire.FIRMWARE_INTERFACE
                || !wanted.isWindows() && !Tlv.has(request, Tlv.PHYS_PORT_ID)) {
            return Tlv.NOT_SUPPORTED; // §9.1: a driver that does not say it rings the wrong doorbells
        }
        if (vf.life() != Life.FREE && vf.life() != Life.ACQUIRED) {
            return Tlv.FAILURE;
        }
        int most = vf.life() == Life.ACQUIRED ? vf.granted() : vf.queues().size();
        int queues = Math.max(Math.max(wanted.rxQueues(), wanted.txQueues()), wanted.statusBlocks());
        if (wanted.rxQueues() == 0 || wanted.txQueues() == 0) {
            queues = most;
        }
        if (queues > most || wanted.macFilters() > MACS || wanted.vlanFilters() > VLANS
                || wanted.multicastFilters() > MULTICASTS) {
            return granted(vf, Tlv.NO_RESOURCE, most);
        }
        vf.granted(queues);
        vf.bulletin(wanted.bulletin(), wanted.extendedBulletin());
        vf.life(Life.ACQUIRED);
        bulletins.post(vf);
        return granted(vf, Tlv.SUCCESS, queues);
    }

    private int granted(VfState vf, int status, int queues) {
        response.acquire(status, chip, vf.firstBlock(), queues, MACS, VLANS, MULTICASTS, vf.settings().mac(), portId);
        return status;
    }

    private int init(VfState vf) {
        if (vf.life() != Life.ACQUIRED) {
            return Tlv.FAILURE;
        }
        control.init(vf, Init.read(request));
        return Tlv.SUCCESS;
    }

    private int setupQueue(VfState vf) {
        if (vf.life() != Life.ENABLED || vf.isMalicious()) {
            return Tlv.FAILURE;
        }
        SetupQueue setup = SetupQueue.read(request);
        control.setup(vf, setup, maxMtu);
        statistics.restart(vf.queues().get(setup.queue()).client());
        return Tlv.SUCCESS;
    }

    private int teardownQueue(VfState vf) {
        int queue = request.getByte(8) & 0xFF;
        if (vf.life() != Life.ENABLED || vf.isMalicious() || queue >= vf.granted()) {
            return Tlv.FAILURE;
        }
        statistics.finish(vf);
        control.teardown(vf, queue);
        return Tlv.SUCCESS;
    }

    private int close(VfState vf) {
        if (vf.life() != Life.ENABLED || vf.isMalicious()) {
            return Tlv.FAILURE;
        }
        statistics.finish(vf);
        control.stop(vf);
        return Tlv.SUCCESS;
    }

    private int release(VfState vf) {
        if (vf.life() == Life.ENABLED && close(vf) != Tlv.SUCCESS || vf.life() == Life.RESET) {
            return Tlv.FAILURE;
        }
        boolean malicious = vf.isMalicious();
        vf.forgetGuest();
        vf.malicious(malicious);
        vf.life(Life.FREE);
        return Tlv.SUCCESS;
    }

    /** §9.5: what a guest asks for stays within its settings; promiscuous is never granted. */
    private int setFilters(VfState vf) {
        Filters wanted = Filters.read(request);
        if (vf.life() != Life.ENABLED || wanted == null || !allowed(vf, wanted)) {
            return Tlv.FAILURE;
        }
        GuestWishes wishes = vf.wishes();
        if (wanted.filters() != null) {
            for (Filters.Filter filter : wanted.filters()) {
                if (filter.mac() != null) {
                    wishes.address(filter.set());
                }
                if (filter.vlan() >= 0) {
                    wishes.vlan(filter.vlan(), filter.set());
                }
            }
        }
        if (wanted.multicast() != null) {
            wishes.multicast(wanted.multicast());
        }
        if (wanted.mask() >= 0) {
            wishes.frames(wanted.mask() != 0);
        }
        switching.apply(vf);
        return Tlv.SUCCESS;
    }

    private static boolean allowed(VfState vf, Filters wanted) {
        if (wanted.filters() == null) {
            return true;
        }
        for (Filters.Filter filter : wanted.filters()) {
            boolean foreign = filter.mac() != null && !filter.mac().equals(vf.settings().mac());
            boolean vlan = filter.vlan() >= 0 && (vf.settings().vlan() != 0
                    || filter.vlan() != 0 && !vf.settings().vlans().contains(filter.vlan()));
            if (filter.set() && foreign || vlan) {
                return false;
            }
        }
        return true;
    }

    /** RSS is the hypervisor's where it said something; else the guest may choose. */
    private int updateRss(VfState vf) {
        if (vf.life() != Life.ENABLED || vf.settings().rss() != null) {
            return Tlv.FAILURE;
        }
        RssSettings before = vf.wishes().rss();
        RssSettings wanted = RssRequest.isOff(request) ? null : RssRequest.read(request, vf.firstBlock(),
                vf.granted(), before == null ? RssSettings.standardKey() : before.key());
        if (!RssRequest.isOff(request) && (wanted == null || !RssRules.isPossible(wanted))) {
            return Tlv.FAILURE;
        }
        vf.wishes().rss(wanted);
        switching.apply(vf);
        return Tlv.SUCCESS;
    }

    private int updateTpa(VfState vf) {
        if (vf.life() != Life.ENABLED || vf.isMalicious() || !TpaRequest.isPossible(request)) {
            return Tlv.FAILURE;
        }
        for (int q = 0; q < vf.liveQueues(); q++) {
            control.updateTpa(vf, q, TpaRequest.read(request, q, vf.queues().get(q).client()));
        }
        return Tlv.SUCCESS;
    }
}
