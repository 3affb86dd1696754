package dev.npa.plugin.broadcom.channel;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.broadcom.regs.VfBar;
import dev.npa.plugin.support.Polling;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the VF holds from its PF driver, step by step: nothing, resources (ACQUIRE), running queues (INIT, SETUP_Q), and
 * back (CLOSE, RELEASE). §9
 *
 * <p>Many VFs may ask one PF driver at a time, so all requests of a call share one bound, and none has a shorter one: a
 * request that was given up too early leaves the channel without an answer and thus without use.
 */
public final class VfSession {

    /** Bytes of the message window: request and response. */
    public static final int MESSAGE_BYTES = 2 * Request.RESPONSE;

    private static final long MILLISECOND = 1_000_000;
    /** A control call has 2 s. One step of it, and the two of one whose failure must be undone, or of close. */
    private static final long WHOLE_NANOS = 1_800 * MILLISECOND;
    private static final long FIRST_NANOS = 1_100 * MILLISECOND;
    private static final long SECOND_NANOS = 700 * MILLISECOND;

    private final RegisterWindow registers;
    private final Clock clock;
    private final DmaMemory message;
    private final Bulletin bulletin;
    private final Channel channel;
    private int vf;
    private boolean acquired;
    /** INIT was sent: queues may run. */
    private boolean enabled;
    /** CLOSE was sent and is not answered. */
    private boolean closing;

    /**
     * A VF that holds nothing.
     *
     * @param message window of {@link #MESSAGE_BYTES} bytes
     * @param board window of {@link Bulletin#BYTES} bytes
     */
    public VfSession(RegisterWindow registers, DmaMemory message, DmaMemory board, Clock clock) {
        this.registers = registers;
        this.clock = clock;
        this.message = message;
        this.bulletin = new Bulletin(board);
        this.channel = new Channel(registers, message, bulletin, clock);
    }

    private int me() {
        return registers.read32(VfBar.DOORBELLS); // reads give the ME register, §2
    }

    /** Brings the VF to its first state, whoever used it before, and asks for queue pairs. */
    public Grant acquire(int pairs) {
        long deadline = clock.nanos() + WHOLE_NANOS;
        if (!Polling.await(clock, deadline, () -> VfBar.isValidVf(me()))) {
            throw new PluginException("1.07", "the 57712 VF is not valid (ME register 0x"
                    + Integer.toHexString(me()) + "); check that its PF driver is started");
        }
        vf = VfBar.absoluteVf(me());
        if (end(Request.RELEASE, deadline) != Channel.SUCCESS) {
            end(Request.CLOSE, deadline);
            end(Request.RELEASE, deadline);
        }
        require("ACQUIRE of " + pairs + " queue pairs", m -> Request.acquire(m, vf, pairs, bulletin.address()),
                deadline);
        acquired = true;
        Grant grant = grant();
        grant.require(pairs);
        return grant;
    }

    private Grant grant() {
        return Grant.read(message, Request.RESPONSE);
    }

    private int end(int type, long deadline) {
        return channel.call(m -> Request.end(m, type, vf), deadline);
    }

    /** Sets all queues up, or some: after a failure, {@link #close} stops them. Their rings are prepared. */
    public void start(Consumer<DmaMemory> init, List<Request.Queue> queues) {
        long deadline = clock.nanos() + FIRST_NANOS;
        enabled = true;
        require("INIT", init, deadline);
        for (Request.Queue queue : queues) {
            require("SETUP_Q " + queue.index(), m -> Request.setup(m, queue), deadline);
        }
    }

    private void require(String name, Consumer<DmaMemory> request, long deadline) {
        int status = channel.call(request, deadline);
        if (status != Channel.SUCCESS) {
            String answer = switch (status) {
                case Channel.CHANNEL_DOWN -> "the PF driver has closed the channel (bulletin)";
                case Channel.NO_ANSWER -> "the PF driver does not answer in time";
                case Channel.NO_RESOURCE -> "no resource; it could grant " + grant().pairs() + " queue pairs";
                default -> "status " + status;
            };
            throw new PluginException("1.07", "57712 VF " + vf + ": " + name + " fails: " + answer);
        }
    }

    /**
     * Stops all queues without waiting.
     *
     * @return true once the device does no DMA for this VF any more
     */
    public boolean pollClosed() {
        if (enabled && !closing) {
            closing = channel.send(m -> Request.end(m, Request.CLOSE, vf));
        }
        if (closing && channel.status() != Channel.NO_ANSWER) {
            closing = false;
            enabled = channel.status() != Channel.SUCCESS;
        }
        return !enabled;
    }

    /**
     * Stops all queues and waits; false if the device may still do DMA.
     *
     * @param whole whether the call has nothing else to wait for
     */
    public boolean close(boolean whole) {
        if (!pollClosed() && closing) {
            channel.await(clock.nanos() + (whole ? WHOLE_NANOS : SECOND_NANOS));
            pollClosed();
        }
        enabled &= me() != -1; // a device that is gone does no DMA
        return !enabled;
    }

    /** Gives the resources back, if there are any and nothing runs. */
    public void release() {
        if (acquired && !enabled && me() != -1) {
            end(Request.RELEASE, clock.nanos() + SECOND_NANOS);
        }
        acquired = false;
    }
}
