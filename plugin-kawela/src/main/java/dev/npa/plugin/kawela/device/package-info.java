/**
 * What the 82576's virtual function has of its own: identity, capabilities, register offsets.
 *
 * <p><b>VLAN tags.</b> The pool strips them, always: multicast goes by one setting for all pools (RPLOLR), so it could
 * not be switched off for one VF. A stripped tag is therefore reported also when VLAN_STRIP is not enabled, rather than
 * lost; only that of a port VLAN is kept back, see {@link dev.npa.plugin.kawela.regs.PfNote}.
 */
package dev.npa.plugin.kawela.device;
