/**
 * What an IHV implements: the factory that is a plugin image's known entry point, the plugin, its transmit and receive
 * queues.
 *
 * <p><b>Who implements, who calls.</b> The NIC vendor implements; a shell calls. A plugin drives one function's data
 * path and nothing else: addresses, filters, VLANs and policy belong to the hypervisor and its PF driver.
 *
 * <p><b>Life.</b> {@link dev.npa.plugin.PluginLifecycle} is the table of states and events. A shell makes no call that
 * the table does not allow; a plugin answers one that it does with {@link dev.npa.plugin.PluginException} and changes
 * nothing.
 *
 * <p><b>Threading.</b> Control calls (those of {@link dev.npa.plugin.Plugin}) come from one thread at a time. A queue
 * is called from one thread at a time, different queues possibly from different threads, also while a control call that
 * does not change state runs. A plugin has no threads of its own.
 *
 * <p><b>Data path.</b> Queues work in bursts, allocate nothing, log nothing, never block and throw nothing in the
 * normal course; what goes wrong with a packet is a counter.
 */
@Export
@Version("1.0.0")
package dev.npa.plugin;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
