package dev.npa.sim.host;

/**
 * What a guest says about its switchovers by commands of its vmxnet3 device (docs/switch-protocol.md): each is checked
 * against the request under way and carried out; the result goes back to the guest.
 *
 * <p>All methods are called under the locks that {@link SwitchControl#locked} takes.
 */
final class SwitchCommands {

    private final SwitchControl control;
    private final DataPath path;
    private final HeldVfs vfs;

    SwitchCommands(SwitchControl control) {
        this.control = control;
        this.path = control.path();
        this.vfs = control.vfs();
    }

    /** LOAD_PLUGIN COPY. */
    int copy(int forSequence) {
        SwitchRequest request = control.pending();
        if (request == null || !request.isPassthrough() || request.sequence() != forSequence) {
            return SwitchResult.NO_SUCH_REQUEST;
        }
        return control.area().copyImage(request.lease().image().bytes())
                ? SwitchResult.OK : SwitchResult.BAD_IMAGE_MEMORY;
    }

    /** LOAD_PLUGIN FAILED. */
    int failed(int forSequence) {
        SwitchRequest request = control.pending();
        boolean isPending = request != null && forSequence != SwitchRequest.FALL_BACK
                && request.sequence() == forSequence;
        boolean known = isPending;
        if (isPending) {
            path.cancel();
        }
        for (VfLease lease : vfs.all()) {
            if (lease.sequence() == forSequence && lease != path.active()) {
                control.release(lease);
                known = true;
            }
        }
        if (isPending) {
            PluginArea area = control.area();
            String text = area.answerText();
            control.finish(text.isEmpty() ? "the guest's shell refused: " + SwitchResult.text(area.answerResult())
                    : text);
        } else {
            control.settle();
        }
        return known ? SwitchResult.OK : SwitchResult.NO_SUCH_REQUEST;
    }

    /** LOAD_PLUGIN UNLOADED. */
    int unloaded(int slot) {
        VfLease lease = vfs.in(slot);
        if (lease == null || lease == path.active()) {
            return SwitchResult.NO_SUCH_REQUEST;
        }
        control.release(lease);
        control.progress();
        control.settle();
        return SwitchResult.OK;
    }

    /** ACTIVATE_VF of a plugin slot. */
    int activateSlot(int slot, int forSequence) {
        SwitchRequest request = control.pending();
        if (request == null || !request.isPassthrough() || request.sequence() != forSequence
                || request.isActivated() || request.lease().slot() != slot) {
            return SwitchResult.NO_SUCH_REQUEST;
        }
        boolean fromEmulation = path.active() == null;
        int result = path.toVf(request.lease());
        if (result == SwitchResult.OK) {
            control.activated(request, fromEmulation);
        }
        return result;
    }

    /** ACTIVATE_VF of the emulation; sequence 0 is the shell's own fall-back. */
    int activateEmulation(int forSequence) {
        SwitchRequest request = control.pending();
        boolean fallBack = forSequence == SwitchRequest.FALL_BACK;
        if (path.active() == null || !fallBack && (request == null || request.isPassthrough()
                || request.sequence() != forSequence || request.isActivated())) {
            return SwitchResult.NO_SUCH_REQUEST;
        }
        String before = control.carrier();
        int result = path.toEmulation(fallBack);
        if (result == SwitchResult.OK) {
            control.activated(fallBack ? control.fallBack(before) : request, false);
        }
        return result;
    }

    /** STOP_EMULATION. */
    int stopEmulation(int forSequence) {
        SwitchRequest request = control.pending();
        if (request == null || request.sequence() != forSequence || !request.isActivated()) {
            return SwitchResult.NO_SUCH_REQUEST;
        }
        control.emulationStopped();
        return SwitchResult.OK;
    }
}
