/**
 * One queue pair of one plugin, watched: ownership of buffers moves here and nowhere else, completions are told apart
 * by what was sent, and what a plugin does wrong is noticed at once.
 */
package dev.npa.shell.runtime.path;
