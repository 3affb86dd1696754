package dev.npa.sim.host;

/** Result codes of docs/switch-protocol.md that the hypervisor gives or reads. */
final class SwitchResult {

    static final int OK = 0;
    static final int NO_SUCH_REQUEST = 1;
    static final int BAD_IMAGE_MEMORY = 2;
    static final int MODE_SWITCH_FAILED = 9;
    static final int NOT_YET = 11;

    private static final String[] TEXT = {
        "ok", "no such request or slot", "no memory for the image", "the image's digest is wrong",
        "the image's licence was refused", "the image needs another API version", "the image was refused",
        "the plugin's entry point failed", "the device did not come up", "the mode switch failed, nothing changed",
        "the time limit passed", "not yet"
    };

    private SwitchResult() {}

    /** A code in words. */
    static String text(int code) {
        return code >= 0 && code < TEXT.length ? TEXT[code] : "unknown result " + code;
    }
}
