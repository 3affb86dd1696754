package dev.npa.plugin.broadcom.device;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.broadcom.channel.Bulletin;
import dev.npa.plugin.broadcom.channel.Channel;
import dev.npa.plugin.broadcom.channel.Grant;
import dev.npa.plugin.broadcom.channel.Request;
import dev.npa.plugin.broadcom.regs.VfBar;
import dev.npa.shell.Shell;

/**
 * What the VF holds from its PF driver, step by step: nothing, resources (ACQUIRE), running queues (INIT, SETUP_Q), and
 * back (CLOSE, RELEASE). §9
 */
final class VfSession {

    private static final long MILLISECOND = 1_000_000;
    /** Bounds of the parts of control calls, which have 2 s together. */
    private static final long ME_NANOS = 200 * MILLISECOND;
    private static final long SHORT_NANOS = 250 * MILLISECOND;
    private static final long LONG_NANOS = 1_000 * MILLISECOND;
    private static final long POLL_NANOS = 10_000;
    private static final int ALIGNMENT = 4096;

    private final Shell shell;
    private final RegisterWindow registers;
    private final Clock clock;
    private final DmaMemory message;
    private final DmaMemory board;
    private final Channel channel;
    private final Bulletin bulletin;
    private int vf;
    private boolean acquired;
    /** INIT was sent: queues may run. */
    private boolean enabled;
    /** CLOSE was sent and is not answered. */
    private boolean closing;

    /** Takes the channel's memory from the shell. */
    VfSession(Shell shell, RegisterWindow registers) {
        this.shell = shell;
        this.registers = registers;
        this.clock = shell.clock();
        this.message = shell.allocate(Channel.BYTES, ALIGNMENT);
        DmaMemory second = null;
        try {
            second = shell.allocate(Bulletin.BYTES, ALIGNMENT);
        } finally {
            if (second == null) {
                shell.free(message);
            }
        }
        this.board = second;
        this.bulletin = new Bulletin(board);
        this.channel = new Channel(registers, message, bulletin, clock);
    }

    void free() {
        shell.free(message);
        shell.free(board);
    }

    private int me() {
        return registers.read32(VfBar.DOORBELLS); // reads give the ME register, §2
    }

    /** Brings the VF to its first state, whoever used it before, and asks for queue pairs. */
    Grant acquire(int pairs) {
        long deadline = clock.nanos() + ME_NANOS;
        while (!VfBar.isValidVf(me())) {
            if (clock.nanos() >= deadline) {
                throw new PluginException("1.07", "the 57712 VF is not valid (ME register 0x"
                        + Integer.toHexString(me()) + "); check that its PF driver is started");
            }
            clock.stall(POLL_NANOS);
        }
        vf = VfBar.absoluteVf(me());
        if (!release()) {
            command(Request::close, SHORT_NANOS);
            release();
        }
        Request.acquire(channel.message(), vf, pairs, bulletin.address());
        int status = channel.call(clock.nanos() + LONG_NANOS);
        Grant grant = channel.grant();
        if (status != Channel.SUCCESS) {
            throw refused("ACQUIRE of " + pairs + " queue pairs", status);
        }
        acquired = true;
        String shortcoming = grant.shortcoming(pairs);
        if (shortcoming != null) {
            release();
            throw new PluginException("1.07", "the 57712's PF driver grants what " + pairs
                    + " queue pairs cannot use: " + shortcoming);
        }
        return grant;
    }

    /** Starts all queues, or none. Their rings are prepared. */
    void start(QueueSet queues) {
        long deadline = clock.nanos() + LONG_NANOS;
        queues.init(channel.message());
        enabled = true;
        require("INIT", channel.call(deadline));
        for (int q = 0; q < queues.pairs(); q++) {
            Request.setup(channel.message(), queues.request(q));
            int status = channel.call(deadline);
            if (status != Channel.SUCCESS) {
                undo(q);
                throw refused("SETUP_Q " + q, status);
            }
        }
    }

    /** Tears down the queues below {@code count}; what comes after it is CLOSE. */
    private void undo(int count) {
        long deadline = clock.nanos() + SHORT_NANOS;
        for (int q = 0; q < count; q++) {
            Request.teardown(channel.message(), q);
            channel.call(deadline);
        }
    }

    private void require(String request, int status) {
        if (status != Channel.SUCCESS) {
            throw refused(request, status);
        }
    }

    private PluginException refused(String request, int status) {
        String answer = switch (status) {
            case Channel.CHANNEL_DOWN -> "the PF driver has closed the channel (bulletin)";
            case Channel.NO_ANSWER -> "the PF driver does not answer in time";
            case 4 -> "no resource; it could grant " + channel.grant().pairs() + " queue pairs";
            default -> "status " + status;
        };
        return new PluginException("1.07", "57712 VF " + vf + ": " + request + " fails: " + answer);
    }

    /**
     * Stops all queues without waiting.
     *
     * @return true once the device does no DMA for this VF any more
     */
    boolean pollClosed() {
        if (enabled && !closing) {
            Request.close(channel.message(), vf);
            closing = channel.send();
        }
        return settle();
    }

    private boolean settle() {
        if (closing && channel.status() != Channel.NO_ANSWER) {
            closing = false;
            enabled = channel.status() != Channel.SUCCESS;
        }
        return !enabled;
    }

    /** Stops all queues and waits; false if the device may still do DMA. */
    boolean close() {
        if (!pollClosed() && closing) {
            channel.await(clock.nanos() + LONG_NANOS);
            settle();
        }
        if (enabled && me() == -1) {
            enabled = false; // a device that is gone does no DMA
        }
        return !enabled;
    }

    /** Gives the resources back; true if the PF driver agreed. */
    boolean release() {
        acquired = false;
        return command(Request::release, SHORT_NANOS) == Channel.SUCCESS;
    }

    /** Gives back what is still held; for close, where nobody can be told. */
    void releaseHeld() {
        if (acquired && !enabled && me() != -1) {
            release();
        }
    }

    private int command(RequestOfVf request, long bound) {
        request.write(channel.message(), vf);
        return channel.call(clock.nanos() + bound);
    }

    /** Writes a request that has the VF's number only. */
    private interface RequestOfVf {
        void write(DmaMemory message, int vf);
    }
}
