package dev.npa.shell.runtime.control;

/** A request of the hypervisor that cannot be met: a result code and one sentence for the answer. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    public static final int OK = 0;
    public static final int NO_SUCH_REQUEST = 1;
    public static final int MEMORY = 2;
    public static final int DIGEST = 3;
    public static final int LICENCE = 4;
    public static final int API_VERSION = 5;
    public static final int IMAGE = 6;
    public static final int ENTRY_POINT = 7;
    public static final int DEVICE = 8;
    public static final int MODE_SWITCH = 9;
    public static final int TIME_LIMIT = 10;

    private final int result;

    /**
     * Makes a refusal. It has no cause: an exception of a plugin's class would keep its class loader.
     *
     * @param result one of the codes of this class
     * @param sentence what, where, which rule, what to do
     */
    public Refusal(int result, String sentence) {
        super(sentence);
        this.result = result;
    }

    public int result() {
        return result;
    }
}
