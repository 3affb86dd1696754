/**
 * A plugin that has just arrived, run on a scratch device of its own image until it is fast, while the old data path
 * carries the traffic: other rings, other registers, other memory than those that it will drive.
 */
package dev.npa.shell.runtime.warmup;
