package dev.npa.plugin.broadcom.channel;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.broadcom.regs.VfBar;
import dev.npa.plugin.support.Polling;
import java.util.function.Consumer;

/** Sends requests, one at a time, and waits for their status. §9 */
final class Channel {

    /** Statuses of an answer. */
    static final int NO_ANSWER = 0;
    static final int SUCCESS = 1;
    static final int NO_RESOURCE = 4;
    /** Not a status of the wire: the bulletin says that nobody serves the channel. */
    static final int CHANNEL_DOWN = -1;

    private static final int STATUS = Request.RESPONSE + 4;

    private final RegisterWindow registers;
    private final DmaMemory message;
    private final Bulletin bulletin;
    private final Clock clock;
    private boolean sent;

    /** A channel at rest. */
    Channel(RegisterWindow registers, DmaMemory message, Bulletin bulletin, Clock clock) {
        this.registers = registers;
        this.message = message;
        this.bulletin = bulletin;
        this.clock = clock;
    }

    /**
     * Sends a request without waiting.
     *
     * @param request writes it into the zeroed message window
     * @return false if the PF driver serves the channel no more, or has not answered the request before: a second one
     *     would make the device take this VF for malicious
     */
    boolean send(Consumer<DmaMemory> request) {
        if (sent && status() == NO_ANSWER || bulletin.isChannelDown()) {
            return false;
        }
        message.clear();
        request.accept(message);
        sent = true;
        registers.write32(VfBar.MESSAGE_LO, (int) message.address());
        registers.write32(VfBar.MESSAGE_HI, (int) (message.address() >>> 32));
        registers.write32(VfBar.TRIGGER, 1); // releases the message
        return true;
    }

    /** Status of the answer, {@link #NO_ANSWER} as long as there is none. */
    int status() {
        return message.getIntAcquire(STATUS) & 0xFF;
    }

    /** Sends and waits for the answer until the clock shows {@code deadline}. */
    int call(Consumer<DmaMemory> request, long deadline) {
        return send(request) ? await(deadline) : bulletin.isChannelDown() ? CHANNEL_DOWN : NO_ANSWER;
    }

    /** Waits for the answer until the clock shows {@code deadline}. */
    int await(long deadline) {
        Polling.await(clock, deadline, () -> status() != NO_ANSWER);
        return status();
    }
}
