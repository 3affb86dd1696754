/**
 * The plugin contract over all four data paths alike: real image, real PF driver, real model. Each test runs with
 * every {@link dev.npa.sim.contract.Product}; what a device does not have it does not declare, and refuses.
 */
package dev.npa.sim.contract;
