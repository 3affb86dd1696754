package dev.npa.shell.runtime.control;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.vmxnet3.Vmxnet3Plugin;
import dev.npa.plugin.vmxnet3.control.RssConf;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Command;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Control;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Event;
import dev.npa.shell.Shell;
import dev.npa.shell.runtime.netdev.RssConfig;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The control channel of a vmxnet3 device. */
public final class Vmxnet3NicControl implements NicControl {

    private static final int LAST_VLAN = 4094;

    private final Vmxnet3Control control;

    /**
     * Opens the channel.
     *
     * @param shell lends what lives as long as the device
     */
    public Vmxnet3NicControl(Shell shell) {
        control = Vmxnet3Control.open(shell);
    }

    @Override
    public void announce(long address, int length) {
        control.pluginArea(address, length);
    }

    @Override
    public int loadPlugin(int operation, int argument) {
        return control.command(Vmxnet3Command.LOAD_PLUGIN, operation, argument, 0);
    }

    @Override
    public int activateVf(int slot, int sequence) {
        return control.command(Vmxnet3Command.ACTIVATE_VF, slot, sequence, 0);
    }

    @Override
    public int stopEmulation(int sequence) {
        return control.stopEmulation(sequence);
    }

    @Override
    public int takeEvents() {
        int events = control.takeEvents();
        return ((events & Vmxnet3Event.LINK) != 0 ? EVENT_LINK : 0)
                | ((events & (Vmxnet3Event.RQERR | Vmxnet3Event.TQERR)) != 0 ? EVENT_QUEUE_ERROR : 0)
                | ((events & Vmxnet3Event.DIC) != 0 ? EVENT_DIC : 0);
    }

    @Override
    public int eventVector() {
        return control.eventVector();
    }

    @Override
    public void enableEvents() {
        control.unmaskVector(control.eventVector());
    }

    @Override
    public void openFilter() {
        // VLAN 0 stands for untagged frames; 4095 is no VLAN and passes always.
        Set<Integer> every = IntStream.rangeClosed(0, LAST_VLAN).boxed().collect(Collectors.toSet());
        control.receiveMode(true, true, true, false, Set.of(), every);
    }

    @Override
    public void rss(RssConfig config) {
        if (config == null) {
            control.rss(null);
            return;
        }
        int[] queues = config.table();
        byte[] table = new byte[queues.length];
        for (int i = 0; i < table.length; i++) {
            table[i] = (byte) queues[i];
        }
        // The type bits of RssConfig are those of UPT1_RSSConf. Fact sheet §8
        control.rss(new RssConf(config.types(), config.key(), table));
    }

    @Override
    public LinkState link() {
        return control.link();
    }

    @Override
    public MacAddress mac() {
        return control.mac();
    }

    @Override
    public Plugin emulation(Shell shell) {
        return new Vmxnet3Plugin(shell, control);
    }

    @Override
    public void close() {
        control.close();
    }
}
