package dev.npa.shell.runtime.instance;

/**
 * What the shell had to free because a plugin instance did not.
 *
 * @param buffers packet buffers that it took for receive
 * @param windows DMA windows
 * @param bytes bytes of these windows
 */
public record Census(int buffers, int windows, long bytes) {

    /** Whether the instance had freed everything itself. */
    public boolean isEmpty() {
        return buffers == 0 && windows == 0;
    }
}
