/**
 * The launcher: starts the host framework, installs its bundles, hands the command line to the hypervisor bundle and
 * ends with its exit code. It lies on the class path together with Felix, SLF4J and {@code dev.npa.hw}; the system
 * bundle exports those packages, so that host and guests share them.
 */
package dev.npa.launcher;
