package dev.npa.sim.nic.intel;

/** The statistics registers, told by the engines what happens. Octets include the FCS. Under the device's lock. */
public interface Counters {

    /** A frame came from the wire. */
    void arrived(FrameInfo f, int octets);

    /** A frame from the wire passed the filters. */
    void received(FrameInfo f, int octets);

    /** A frame was put into a queue; {@code looped} if it did not come from the wire. */
    void delivered(int queue, FrameInfo f, int octets, boolean looped);

    /** A frame found no descriptor, or a queue that is off. */
    void queueDrop(int queue);

    /** A queue's frame was accepted by the switch, which sent it out of the port, to local pools, or both. */
    void sent(int queue, FrameInfo f, int octets, boolean wire, boolean local);

    /** A frame was longer than anybody takes. */
    void tooLong();

    /** The anti-spoof filter dropped a frame of a queue. */
    void spoofed(int queue);
}
