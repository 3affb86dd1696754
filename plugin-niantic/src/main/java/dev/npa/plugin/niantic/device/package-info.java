/** What the 82599's virtual function has of its own: identity, capabilities, register offsets. */
package dev.npa.plugin.niantic.device;
