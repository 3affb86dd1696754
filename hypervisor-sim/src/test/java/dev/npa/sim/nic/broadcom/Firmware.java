package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.npa.hw.MacAddress;
import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.PciConfigSpace;
import dev.npa.sim.nic.NicAdapter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;

/** The least of a PF driver: brings a PF, VFs and queues up by registers and ramrods. */
final class Firmware {

    /** An event ring element. */
    record Event(int opcode, int error, int data0, int data1, int data2) {}

    final NicAdapter adapter;
    final int pf;
    final Guest host;
    final RegisterWindow grc;
    final RegisterWindow bells;
    Guest[] vfs = {};
    final long eventRing;
    final long spSb;
    private final long spq;
    private final long scratch;
    private final ArrayDeque<Event> seen = new ArrayDeque<>();
    private int spqProd;
    private int eventCons;
    private int echo = 100;
    /** First IGU block, zone and client of VF 0. */
    final int firstBlock;
    private int perVf;
    private final int vfsBefore;

    Firmware(NicAdapter adapter, int pf, int functions) {
        this.adapter = adapter;
        this.pf = pf;
        this.firstBlock = 20 + pf * (116 / functions);
        this.vfsBefore = pf * (functions == 1 ? 64 : functions == 2 ? 32 : 16);
        host = new Guest("host", adapter.physicalFunction());
        grc = adapter.physicalFunction().bar(0);
        bells = adapter.physicalFunction().bar(2);
        spq = host.allocate(4096);
        eventRing = host.allocate(4096);
        spSb = host.allocate(4096);
        scratch = host.allocate(4096);
        host.memory.putLong(spq + 255 * 16, spq);
        host.memory.putLong(eventRing + 255 * 16, eventRing);
    }

    void storm(int storm, int offset, int value) {
        grc.write32(0x400000 + 0x10000 * storm + offset, value);
    }

    private void quad(int storm, int offset, long value) {
        storm(storm, offset, (int) value);
        storm(storm, offset + 4, (int) (value >>> 32));
    }

    /** Function enables and VF_TO_PF bytes of all storms. */
    void enableFunction(int function, boolean on) {
        int word = (on ? 1 : 0) | pf << 8;
        storm(2, 0x9950 + 8 * function, word);
        storm(3, 0x17E0 + 8 * function, word);
        storm(1, 0x11A8 + 8 * function, word);
    }

    Firmware start() {
        enableFunction(pf, true);
        quad(1, 0xF640 + 16 * pf, spSb);
        int ring = 0x5900 + 0x30 * (pf / 2) + 0x18 * (pf & 1);
        quad(1, ring, eventRing);
        storm(1, ring + 8, 255 | pf << 16 | 7 << 24);
        quad(2, 0xC000 + 16 * pf, spq);
        grc.write32(0x1701A8, 0);
        grc.write32(0x1701EC, 6);
        grc.write32(0x1701A0, 1024);
        grc.write32(0x1701A4, 4);
        grc.write32(0x1701F4, 3);
        grc.write32(0x170340, 64);
        spq(1, 8, 0, 0);
        assertEquals(1, event().opcode(), "FUNCTION_START");
        return this;
    }

    /** Puts an element on the slow-path queue and rings. */
    void spq(int command, int type, int cid, long data) {
        long at = spq + 16L * spqProd;
        host.memory.putInt(at, cid | command << 24);
        host.memory.putInt(at + 4, type | pf << 8);
        host.memory.putLong(at + 8, data);
        spqProd = (spqProd + 1) % 255;
        storm(2, 0xC008 + 16 * pf, spqProd);
    }

    /** The next event, which must be there. */
    Event event() {
        Event e = pollEvent();
        assertNotNull(e, "an event");
        return e;
    }

    Event pollEvent() {
        int prod = host.memory.getShort(spSb + 16 + 14) & 0xFFFF;
        if ((prod & 255) == 255) {
            prod = prod + 1 & 0xFFFF;
        }
        if (eventCons == prod) {
            return seen.poll();
        }
        long at = eventRing + 16L * (eventCons & 255);
        int head = host.memory.getInt(at);
        Event e = new Event(head & 0xFF, head >>> 8 & 0xFF, host.memory.getInt(at + 4), host.memory.getInt(at + 8),
                host.memory.getInt(at + 12));
        eventCons = eventCons + 1 & 0xFFFF;
        if ((eventCons & 255) == 255) {
            eventCons = eventCons + 1 & 0xFFFF;
        }
        int ring = 0x5900 + 0x30 * (pf / 2) + 0x18 * (pf & 1);
        storm(1, ring + 8, eventCons + 255 & 0xFFFF | pf << 16 | 7 << 24);
        return e;
    }

    void pretend(int vf, int register, int value) {
        grc.write32(0x120674 + 4 * pf, pf | 8 | vfsBefore + vf << 4);
        grc.write32(register, value);
        grc.write32(0x120674 + 4 * pf, pf);
    }

    /** Firmware id of a VF. */
    int function(int vf) {
        return 8 + vfsBefore + vf;
    }

    int block(int vf, int q) {
        return firstBlock + vf * perVf + q;
    }

    /** Enables VFs with blocks, zones and vectors for a number of queues each. */
    Firmware vfs(int n, int queues) {
        perVf = queues;
        for (int vf = 0; vf < n; vf++) {
            pretend(vf, 0x61C, queues - 1);
        }
        int sriov = PciConfigSpace.findExtended(host.function, PciConfigSpace.EXT_SRIOV);
        host.function.writeConfig(sriov + 0x10, 2, n);
        host.function.writeConfig(sriov + 8, 2, 9);
        vfs = new Guest[n];
        for (int vf = 0; vf < n; vf++) {
            vfs[vf] = new Guest("vf" + vf, adapter.virtualFunction(vf));
            open(vf);
        }
        return this;
    }

    /** Everything a VF needs before its queues are set up, 57712 §10. */
    void open(int vf) {
        for (int q = 0; q < perVf; q++) {
            int b = block(vf, q);
            grc.write32(0x131000 + 4 * b, 1 | q << 1 | vfsBefore + vf << 7);
            grc.write32(0x103400 + 4 * b, vfsBefore + vf | 1 << 6);
        }
        enableFunction(function(vf), true);
        storm(1, 0x5700 + 8 * (vfsBefore + vf), 0x100);
        pretend(vf, 0x9438, 1);
        pretend(vf, 0x130170, 3 | pf << 2);
        pretend(vf, 0x1402EC, 0);
    }

    /** Status block data of a block. */
    void statusBlock(int block, int function, long address, int rxTimeout, int txTimeout) {
        ByteBuffer b = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        b.put(2, (byte) rxTimeout).put(3, (byte) (rxTimeout > 0 ? 2 : 0));
        b.put(10, (byte) txTimeout).put(11, (byte) (1 | (txTimeout > 0 ? 2 : 0)));
        b.putLong(16, address).put(25, (byte) -1).put(26, (byte) block).putInt(28, -1);
        b.put(33, (byte) -1).put(34, (byte) block).putInt(36, -1);
        b.put(40, (byte) pf).put(42, (byte) (function - 8)).put(43, (byte) (function >= 8 ? 1 : 0));
        b.put(44, (byte) 1).put(46, (byte) 1);
        for (int i = 0; i < 64; i += 4) {
            storm(1, 0xC000 + 64 * block + i, b.getInt(i));
        }
    }

    /** Specification of a VF's queue; its completions go to the PF's leading client. */
    QueueSpec vfSpec(int vf, int q) {
        QueueSpec s = QueueSpec.of(function(vf), block(vf, q), 1024 + (vfsBefore + vf) * 16 + q, leading());
        return s.tx(4, 1).rx(48, q == 0 ? 1 : 0);
    }

    int leading() {
        return 4 + 4 * pf;
    }

    /** Sets a VF's queue up; nothing is posted yet. */
    Queue openVf(QueueSpec s) {
        int vf = s.function() - 8 - vfsBefore;
        RegisterWindow r = vfs[vf].function.bar(0);
        Queue q = new Queue(vfs[vf], s, r, 0x3000 + 32 * s.client(), r, 0x7C00 + 8 * (s.cid & 15),
                0x2000 + 8 * s.client());
        return setup(q, s);
    }

    /** Sets a queue of the PF up: cid and client offset {@code n}. */
    QueueSpec pfSpec(int n) {
        return QueueSpec.of(pf, leading() + n, n, leading()).tx(4, 1).rx(48, 1);
    }

    Queue openPf(QueueSpec s) {
        Queue q = new Queue(host, s, grc, 0x406000 + 32 * s.client(), bells, 8 * s.cid, 0x442000 + 8 * s.client());
        return setup(q, s);
    }

    private Queue setup(Queue q, QueueSpec s) {
        statusBlock(s.client(), s.function(), q.sb, 0, 0);
        ramrod(1, s.cid, s.data.array());
        return q;
    }

    /** An Ethernet ramrod with data; its completion is left on the leading client's RCQ. */
    void ramrod(int command, int cid, byte[] data) {
        host.put(scratch, data);
        spq(command, 0, cid, scratch);
    }

    /** A rule ramrod; returns the event's error. */
    int rules(int command, int opcode, byte[]... rules) {
        ByteBuffer b = ByteBuffer.allocate(8 + 16 * rules.length).order(ByteOrder.LITTLE_ENDIAN);
        b.put(0, (byte) rules.length).putInt(4, ++echo);
        for (int i = 0; i < rules.length; i++) {
            b.put(8 + 16 * i, rules[i]);
        }
        ramrod(command, 0, b.array());
        Event e = event();
        assertEquals(opcode, e.opcode());
        assertEquals(echo, e.data0(), "echo");
        return e.error();
    }

    /** A classification rule for both directions. */
    byte[] rule(Queue q, int function, int opcode, boolean add, String mac, int vlan) {
        ByteBuffer b = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        b.put(0, (byte) (3 | opcode << 2 | (add ? 16 : 0))).put(1, (byte) function).put(2, (byte) q.client);
        if (mac != null) {
            long m = MacAddress.parse(mac).value();
            b.putShort(8, (short) m).putShort(10, (short) (m >>> 16)).putShort(12, (short) (m >>> 32));
        }
        return b.putShort(14, (short) vlan).array();
    }

    /** A MAC in any VLAN that the client takes. */
    void mac(Queue q, int function, String mac) {
        assertEquals(0, rules(9, 15, rule(q, function, 0, true, mac, 0)));
    }

    void vlan(Queue q, int function, int vid) {
        assertEquals(0, rules(9, 15, rule(q, function, 1, true, null, vid)));
    }

    /** Accept flags of both directions. */
    void accept(Queue q, int function, int rx, int tx) {
        ByteBuffer a = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        a.put(0, (byte) 1).put(1, (byte) function).put(2, (byte) q.client).putShort(4, (short) rx);
        ByteBuffer b = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        b.put(0, (byte) 2).put(1, (byte) function).put(2, (byte) q.client).putShort(4, (short) tx);
        assertEquals(0, rules(10, 16, a.array(), b.array()));
    }

    void bin(int engine, int bin, boolean add) {
        byte[] rule = new byte[16];
        rule[0] = (byte) (3 | (add ? 4 : 0));
        rule[1] = (byte) engine;
        rule[2] = (byte) bin;
        rule[3] = (byte) engine;
        assertEquals(0, rules(11, 17, rule));
    }
}
