package dev.npa.sim.nic.intel;

/** First slots of the registers that both chips have under one name, resolved once: {@code slots.rdt + queue}. */
public class QueueSlots {
    public final int rdbal;
    public final int rdbah;
    public final int rdlen;
    public final int rdh;
    public final int srrctl;
    public final int rdt;
    public final int rxdctl;
    public final int rxcsum;
    public final int mrqc;
    public final int reta;
    public final int rssrk;
    public final int rttdqsel;
    public final int dtxtcpflgl;
    public final int dtxtcpflgh;
    public final int tdbal;
    public final int tdbah;
    public final int tdlen;
    public final int tdh;
    public final int tdt;
    public final int txdctl;
    public final int tdwbal;
    public final int tdwbah;
    public final int vmvir;

    protected QueueSlots(RegisterMap map) {
        rdbal = map.get("RDBAL").slot();
        rdbah = map.get("RDBAH").slot();
        rdlen = map.get("RDLEN").slot();
        rdh = map.get("RDH").slot();
        srrctl = map.get("SRRCTL").slot();
        rdt = map.get("RDT").slot();
        rxdctl = map.get("RXDCTL").slot();
        rxcsum = map.get("RXCSUM").slot();
        mrqc = map.get("MRQC").slot();
        reta = map.get("RETA").slot();
        rssrk = map.get("RSSRK").slot();
        rttdqsel = map.get("RTTDQSEL").slot();
        dtxtcpflgl = map.get("DTXTCPFLGL").slot();
        dtxtcpflgh = map.get("DTXTCPFLGH").slot();
        tdbal = map.get("TDBAL").slot();
        tdbah = map.get("TDBAH").slot();
        tdlen = map.get("TDLEN").slot();
        tdh = map.get("TDH").slot();
        tdt = map.get("TDT").slot();
        txdctl = map.get("TXDCTL").slot();
        tdwbal = map.get("TDWBAL").slot();
        tdwbah = map.get("TDWBAH").slot();
        vmvir = map.get("VMVIR").slot();
    }
}
