/**
 * The guest's half of {@code docs/switch-protocol.md}: who carries the data path, and every change of it.
 *
 * <p>{@link dev.npa.shell.runtime.switchover.SwitchState} is the table of states,
 * {@link dev.npa.shell.runtime.switchover.SwitchoverMachine} does what a state asks for. A step never waits; all of it
 * happens on the guest's first virtual CPU.
 */
package dev.npa.shell.runtime.switchover;
