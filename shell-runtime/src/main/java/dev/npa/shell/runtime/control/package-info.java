/**
 * How the shell talks to the hypervisor: the paravirtual NIC's control channel and the plugin area of
 * {@code docs/switch-protocol.md}. All control operations go through here, in passthrough mode too.
 */
package dev.npa.shell.runtime.control;
