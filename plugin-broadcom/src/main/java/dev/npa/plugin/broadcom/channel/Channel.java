package dev.npa.plugin.broadcom.channel;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.broadcom.regs.VfBar;

/** Sends the request that was written and waits for its status. §9 */
public final class Channel {

    /** Bytes of the message window: request and response. */
    public static final int BYTES = 2 * Request.RESPONSE;

    /** Statuses of an answer. */
    public static final int NO_ANSWER = 0;
    public static final int SUCCESS = 1;
    /** Not a status of the wire: the bulletin says that nobody serves the channel. */
    public static final int CHANNEL_DOWN = -1;

    private static final int STATUS = Request.RESPONSE + 4;
    private static final long SHORT_NANOS = 10_000;
    private static final int SHORT_POLLS = 200;
    private static final long LONG_NANOS = 200_000;

    private final RegisterWindow registers;
    private final DmaMemory message;
    private final Bulletin bulletin;
    private final Clock clock;

    /**
     * A channel at rest.
     *
     * @param message window of {@link #BYTES} bytes
     */
    public Channel(RegisterWindow registers, DmaMemory message, Bulletin bulletin, Clock clock) {
        this.registers = registers;
        this.message = message;
        this.bulletin = bulletin;
        this.clock = clock;
    }

    /** The zeroed message window, for a {@link Request}. */
    public DmaMemory message() {
        message.clear();
        return message;
    }

    /** Rings the PF driver; false if it serves the channel no more. */
    public boolean send() {
        if (bulletin.isChannelDown()) {
            return false;
        }
        registers.write32(VfBar.MESSAGE_LO, (int) message.address());
        registers.write32(VfBar.MESSAGE_HI, (int) (message.address() >>> 32));
        registers.write32(VfBar.TRIGGER, 1); // releases the message
        return true;
    }

    /** Status of the answer, {@link #NO_ANSWER} as long as there is none. */
    public int status() {
        return message.getIntAcquire(STATUS) & 0xFF;
    }

    /** Sends and waits for the answer until the clock shows {@code deadline}. */
    public int call(long deadline) {
        return send() ? await(deadline) : CHANNEL_DOWN;
    }

    /** Waits for the answer until the clock shows {@code deadline}. */
    public int await(long deadline) {
        int polls = 0;
        while (status() == NO_ANSWER && clock.nanos() < deadline) {
            clock.stall(polls++ < SHORT_POLLS ? SHORT_NANOS : LONG_NANOS);
        }
        return status();
    }

    /** The answer to ACQUIRE, be it a grant or the most that could be granted. */
    public Grant grant() {
        return Grant.read(message, Request.RESPONSE);
    }
}
