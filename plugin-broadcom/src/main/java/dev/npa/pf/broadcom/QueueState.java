package dev.npa.pf.broadcom;

import dev.npa.pf.PfException;
import java.util.EnumMap;
import java.util.Map;

/** States of a queue in the firmware, and which command leads from one to the next. §8 */
enum QueueState {
    RESET, INITIALIZED, ACTIVE, INACTIVE, STOPPED, TERMINATED;

    /** What the PF tells the firmware about a queue, and what can happen to it. */
    enum Command {
        INIT, SETUP, UPDATE, UPDATE_TPA, EMPTY, ACTIVATE, DEACTIVATE, HALT, TERMINATE, CFC_DEL,
        /** Not a command: a function-level reset stopped the queue. */
        FLR
    }

    private static final Map<QueueState, Map<Command, QueueState>> TABLE = new EnumMap<>(QueueState.class);

    static {
        on(RESET, Command.INIT, INITIALIZED);
        on(INITIALIZED, Command.SETUP, ACTIVE);
        on(INITIALIZED, Command.FLR, RESET);
        on(ACTIVE, Command.UPDATE, ACTIVE);
        on(ACTIVE, Command.UPDATE_TPA, ACTIVE);
        on(ACTIVE, Command.EMPTY, ACTIVE);
        on(ACTIVE, Command.DEACTIVATE, INACTIVE);
        on(ACTIVE, Command.HALT, STOPPED);
        on(ACTIVE, Command.FLR, STOPPED);
        on(INACTIVE, Command.UPDATE, INACTIVE);
        on(INACTIVE, Command.ACTIVATE, ACTIVE);
        on(INACTIVE, Command.HALT, STOPPED);
        on(INACTIVE, Command.FLR, STOPPED);
        on(STOPPED, Command.TERMINATE, TERMINATED);
        on(TERMINATED, Command.CFC_DEL, RESET);
    }

    private static void on(QueueState from, Command command, QueueState to) {
        TABLE.computeIfAbsent(from, s -> new EnumMap<>(Command.class)).put(command, to);
    }

    /** Whether a command is possible in this state. */
    boolean allows(Command command) {
        return TABLE.getOrDefault(this, Map.of()).containsKey(command);
    }

    /**
     * State after a command.
     *
     * @throws PfException if the command is not possible in this state
     */
    QueueState after(Command command) {
        if (!allows(command)) {
            throw new PfException("57712: command " + command + " is not possible for a queue in state " + this);
        }
        return TABLE.get(this).get(command);
    }
}
