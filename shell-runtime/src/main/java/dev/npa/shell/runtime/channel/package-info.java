/**
 * The guest's side of {@code docs/workload-channel.md}, version 2: where an operating system's applications are.
 */
package dev.npa.shell.runtime.channel;
