/**
 * One plugin instance in its box: what the shell lends it, and the means to take all of it back.
 *
 * <p>{@link dev.npa.shell.runtime.instance.ShellImpl} is the plugin's only way out. Every handle it gives can be
 * revoked; when the instance is gone, the shell frees what it still held and counts it.
 */
package dev.npa.shell.runtime.instance;
