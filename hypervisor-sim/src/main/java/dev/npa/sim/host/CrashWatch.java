package dev.npa.sim.host;

import dev.npa.sim.machine.GuestMachine;
import dev.npa.sim.time.Component;
import java.util.function.Consumer;

/** Steps a VM's passthrough control, and notices once when the guest has crashed. */
final class CrashWatch implements Component {

    private final PassthroughController controller;
    private final GuestMachine machine;
    private final Consumer<String> crashed;
    private boolean seen;

    CrashWatch(PassthroughController controller, GuestMachine machine, Consumer<String> crashed) {
        this.controller = controller;
        this.machine = machine;
        this.crashed = crashed;
    }

    @Override
    public String name() {
        return controller.name();
    }

    @Override
    public int run(int budget) {
        if (seen) {
            return 0;
        }
        if (machine.isHalted() && machine.crash().isPresent()) {
            seen = true;
            crashed.accept(machine.crash().get().toString());
            return 1;
        }
        return controller.run(budget);
    }

    @Override
    public long nextEvent() {
        return controller.nextEvent();
    }
}
