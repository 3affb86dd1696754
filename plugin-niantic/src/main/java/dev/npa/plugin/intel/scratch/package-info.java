/**
 * The scratch device of the images for Intel's 82599 and 82576 ({@link dev.npa.plugin.ScratchDevice}): the VF's rings as
 * far as a driver sees the device work on them, by the same registers and descriptors.
 */
package dev.npa.plugin.intel.scratch;
