package dev.npa.plugin.broadcom.device;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.plugin.broadcom.channel.Bulletin;
import dev.npa.plugin.broadcom.channel.Grant;
import dev.npa.plugin.broadcom.channel.Request;
import dev.npa.plugin.broadcom.channel.VfSession;
import dev.npa.plugin.broadcom.regs.PageChain;
import dev.npa.plugin.broadcom.regs.VfBar;
import dev.npa.plugin.broadcom.ring.Limits;
import dev.npa.plugin.broadcom.ring.Register;
import dev.npa.plugin.broadcom.ring.RxRing;
import dev.npa.plugin.broadcom.ring.RxSettings;
import dev.npa.plugin.broadcom.ring.StatusBlock;
import dev.npa.plugin.broadcom.ring.TxRing;
import dev.npa.plugin.support.AbstractPlugin;
import dev.npa.plugin.support.TxRequest;
import dev.npa.shell.Shell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The data path of one 57712 VF. The device has queue pairs only: where a configuration has more queues of one kind,
 * the other half of a pair stays idle.
 */
public final class BroadcomPlugin extends AbstractPlugin {

    private static final int BAR = 0;

    private RxSettings settings;
    private VfSession session;
    private QueuePair[] pairs = {};
    private DmaMemory status;
    private DeviceCounters counters;

    /** Creates a plugin that holds nothing. */
    public BroadcomPlugin(Shell shell) {
        super(shell, "57712 VF", Limits.CAPABILITIES);
    }

    @Override
    protected Queues setUp(PluginConfig wanted) {
        int count = Math.max(wanted.txQueues(), wanted.rxQueues());
        if (wanted.vectors() != 0 && wanted.vectors() < count) {
            throw new PluginException("1.07", "vectors is " + wanted.vectors() + "; each of the 57712's " + count
                    + " queue pairs has a vector of its own: use " + count + ", or 0 to poll only");
        }
        settings = RxSettings.of(wanted, shell().buffers().bufferSize());
        RegisterWindow registers = shell().registers(BAR);
        session = new VfSession(registers, pages(VfSession.MESSAGE_BYTES), pages(Bulletin.BYTES), shell().clock());
        Grant grant = session.acquire(count);
        status = pages(count * (StatusBlock.BYTES + DeviceCounters.STRIDE));
        counters = new DeviceCounters(status, count * StatusBlock.BYTES);
        pairs = new QueuePair[count];
        for (int q = 0; q < count; q++) {
            pairs[q] = pair(wanted, registers, grant, q);
        }
        return new Queues(Arrays.stream(pairs).map(pair -> pair.tx).toArray(TxQueue[]::new),
                Arrays.stream(pairs).map(pair -> pair.rx).toArray(RxQueue[]::new));
    }

    private DmaMemory pages(int bytes) {
        return allocate(bytes, PageChain.PAGE);
    }

    private QueuePair pair(PluginConfig wanted, RegisterWindow registers, Grant grant, int q) {
        StatusBlock block = new StatusBlock(status, q * StatusBlock.BYTES);
        Register doorbell = new Register(registers, VfBar.DOORBELLS + q * grant.doorbellBytes());
        Register producers = new Register(registers, VfBar.producers(grant.zones()[q]));
        TxRing tx = new TxRing(wanted.txRingSize(), this::pages, doorbell, block,
                new TxRequest(wanted, Limits.CAPABILITIES), shell().buffers().memory());
        RxRing rx = new RxRing(settings, this::pages, producers, block, shell().buffers());
        return new QueuePair(registers, grant.blocks()[q], block, tx, rx);
    }

    @Override
    protected void enable() {
        counters.restart();
        List<Request.Queue> requests = new ArrayList<>();
        for (int q = 0; q < pairs.length; q++) {
            pairs[q].prepare();
            requests.add(request(q));
        }
        session.start(m -> Request.init(m, pairs.length, status.address(), StatusBlock.BYTES,
                status.address() + pairs.length * StatusBlock.BYTES, DeviceCounters.STRIDE), requests);
        for (int q = 0; q < pairs.length; q++) {
            pairs[q].mask();
            if (q < config().rxQueues()) {
                pairs[q].rx.begin();
            }
            if (q < config().txQueues()) {
                pairs[q].tx.begin();
            }
        }
    }

    /** What SETUP_Q tells of pair {@code q}. §9.4 */
    private Request.Queue request(int q) {
        int flags = Request.STATS | Request.CACHE_ALIGN
                | (settings.aggregate() ? Request.TPA | Request.TPA_IPV6 : 0)
                | (config().has(Feature.VLAN_STRIP) ? Request.VLAN_STRIP : 0)
                | (q == 0 ? Request.LEADING_RSS : 0);
        RxRing rx = pairs[q].rx;
        return new Request.Queue(q, flags, config().mtu(), settings.bufferBytes(), settings.maxSges(), rx.rcqAddress(),
                rx.bdAddress(), rx.sgeAddress(), pairs[q].tx.address(), StatusBlock.RX_INDEX, StatusBlock.TX_INDEX);
    }

    @Override
    protected boolean settle(boolean first) {
        boolean sent = true;
        for (QueuePair pair : pairs) {
            pair.refuseAll();
            sent &= pair.tx.isIdle();
        }
        return sent && session.pollClosed();
    }

    @Override
    protected boolean disable() {
        for (QueuePair pair : pairs) {
            pair.mask();
        }
        boolean off = session.close(isUp());
        for (QueuePair pair : pairs) {
            if (off) {
                pair.end();
            }
        }
        return off;
    }

    @Override
    protected void release() {
        if (session != null) {
            session.release();
            session = null;
        }
        pairs = new QueuePair[0];
    }

    @Override
    protected long read(DeviceCounter counter) {
        return counters.read(counter);
    }

    @Override
    protected boolean fired(int vector) {
        return vector < pairs.length && pairs[vector].fired();
    }

    @Override
    protected void unmask(int vector) {
        if (vector < pairs.length) {
            pairs[vector].unmask();
        }
    }

    @Override
    protected void mask(int vector) {
        if (vector < pairs.length) {
            pairs[vector].mask();
        }
    }
}
