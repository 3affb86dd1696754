/**
 * What every plugin needs and no chip has of its own: life-cycle with its refusals, the common half of queues, packets'
 * requests held against the limits, runs of packets in flight, receive buffers by slot, counters, fields of messages,
 * bounded waits. A vendor writes registers, descriptors and doorbells, and takes the rest from here; nothing obliges it
 * to.
 *
 * <p><b>Packaging.</b> Not exported: an image carries its own copy ({@code -privatepackage}), so that what was certified
 * is what runs, whichever shell it runs in, and so that compiled code and profiles of one image never mix with another's.
 *
 * <p><b>Threading.</b> An instance belongs to one queue, or to one plugin's control, and is driven as that is
 * ({@link dev.npa.plugin}). Nothing here allocates after construction, unless it says so.
 */
package dev.npa.plugin.support;
