package dev.npa.shell.runtime.netdev;

import dev.npa.hw.Clock;
import dev.npa.shell.runtime.channel.WorkloadChannel;

/**
 * What an operating system boots with.
 *
 * @param machine the machine's name, for logs
 * @param clock the machine's clock
 * @param channel its applications; null = there are none
 * @param proposed settings from the machine's properties; the operating system may ask for less
 */
public record OsEnvironment(String machine, Clock clock, WorkloadChannel channel, DeviceSettings proposed) {}
