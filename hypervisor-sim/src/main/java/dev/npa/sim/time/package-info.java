/**
 * Time and turns: clocks, and the schedulers that give every simulated part its turn.
 *
 * <p>Nothing that is simulated owns a thread. A {@link dev.npa.sim.time.Component} is stepped by a
 * {@link dev.npa.sim.time.Scheduler}: by {@link dev.npa.sim.time.SeededScheduler} on one thread with a virtual clock
 * and an order drawn from a seed, or by {@link dev.npa.sim.time.ThreadedScheduler} on a thread a group with the real
 * clock. Times are nanoseconds of machine time from 0 on.
 *
 * <p><b>Locks.</b> {@link dev.npa.sim.time.Scheduler#control} and {@link dev.npa.sim.time.Scheduler#remove} wait for
 * components to finish their step. A caller that holds a lock which a component's step may need would wait for ever:
 * take such a lock inside the action, not around it.
 */
@Export
@Version("1.0.0")
package dev.npa.sim.time;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
