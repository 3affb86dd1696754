package dev.npa.benchmarks.endtoend;

import dev.npa.pf.PfDriverFactory;
import dev.npa.pf.broadcom.BroadcomPfFactory;
import dev.npa.pf.kawela.KawelaPfFactory;
import dev.npa.pf.niantic.NianticPfFactory;
import dev.npa.plugin.PluginFactory;
import dev.npa.plugin.broadcom.BroadcomFactory;
import dev.npa.plugin.kawela.KawelaFactory;
import dev.npa.plugin.niantic.NianticFactory;
import dev.npa.plugin.niantic.v11.NianticFactory11;
import dev.npa.sim.nic.NicModelFactory;
import dev.npa.sim.nic.broadcom.BroadcomModelFactory;
import dev.npa.sim.nic.kawela.KawelaModelFactory;
import dev.npa.sim.nic.niantic.NianticModelFactory;
import java.util.Locale;

/** A NIC with its PF driver and one of its plugins. */
public enum Product {
    NIANTIC("niantic", new NianticModelFactory(), new NianticPfFactory(), new NianticFactory()),
    NIANTIC_1_1("niantic-1.1.0", new NianticModelFactory(), new NianticPfFactory(), new NianticFactory11()),
    KAWELA("kawela", new KawelaModelFactory(), new KawelaPfFactory(), new KawelaFactory()),
    BROADCOM("broadcom", new BroadcomModelFactory(), new BroadcomPfFactory(), new BroadcomFactory());

    private final String plugin;
    private final NicModelFactory model;
    private final PfDriverFactory driver;
    private final PluginFactory factory;

    Product(String plugin, NicModelFactory model, PfDriverFactory driver, PluginFactory factory) {
        this.plugin = plugin;
        this.model = model;
        this.driver = driver;
        this.factory = factory;
    }

    NicModelFactory model() {
        return model;
    }

    PfDriverFactory driver() {
        return driver;
    }

    PluginFactory factory() {
        return factory;
    }

    /** Name in metrics. */
    public String plugin() {
        return plugin;
    }

    /**
     * The product of a name.
     *
     * @throws IllegalArgumentException naming those that there are
     */
    public static Product of(String plugin) {
        for (Product product : values()) {
            if (product.plugin.equals(plugin.toLowerCase(Locale.ROOT))) {
                return product;
            }
        }
        throw new IllegalArgumentException("plugin '" + plugin + "' is not one of niantic, niantic-1.1.0, kawela, "
                + "broadcom");
    }
}
