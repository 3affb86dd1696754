package dev.npa.shell.runtime.instance;

import dev.npa.hw.AccessFault;
import dev.npa.hw.RegisterWindow;

/** A register window that fails on the next use after the shell revoked it. */
final class RevocableWindow implements RegisterWindow {

    private final String name;
    private final int length;
    private RegisterWindow target;

    RevocableWindow(RegisterWindow target, String name) {
        this.target = target;
        this.name = name;
        this.length = target.length();
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public int read32(int offset) {
        RegisterWindow window = target;
        if (window == null) {
            throw revoked(offset);
        }
        return window.read32(offset);
    }

    @Override
    public void write32(int offset, int value) {
        RegisterWindow window = target;
        if (window == null) {
            throw revoked(offset);
        }
        window.write32(offset, value);
    }

    void revoke() {
        target = null;
    }

    private AccessFault revoked(int offset) {
        return new AccessFault("register window " + name + " was revoked; its holder must not use it any more "
                + "(offset 0x" + Integer.toHexString(offset) + ")");
    }
}
