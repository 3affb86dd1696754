package dev.npa.sim.nic.broadcom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Contents of a CLIENT_SETUP ramrod, 120 bytes, with the defaults of a VF's queue. */
final class QueueSpec {

    final ByteBuffer data = ByteBuffer.allocate(120).order(ByteOrder.LITTLE_ENDIAN);
    int cid;
    int bufferSize = 2048;
    int txPages = 1;
    int rxPages = 1;
    int cqePages = 1;
    int sgePages;

    static QueueSpec of(int function, int client, int cid, int spClient) {
        QueueSpec s = new QueueSpec();
        s.cid = cid;
        s.data.put(0, (byte) client).put(1, (byte) client).put(2, (byte) 1).put(4, (byte) 1).put(5, (byte) spClient)
                .putShort(6, (short) 1500).put(8, (byte) 1).put(9, (byte) function);
        s.rx(6, client).rx(13, client).rx(14, 1).rx(22, function).rx(23, function);
        s.data.putShort(16 + 52, (short) 0x09);
        s.tx(1, client).tx(2, 5);
        return s;
    }

    QueueSpec rx(int offset, int value) {
        data.put(16 + offset, (byte) value);
        return this;
    }

    QueueSpec rx16(int offset, int value) {
        data.putShort(16 + offset, (short) value);
        return this;
    }

    QueueSpec tx(int offset, int value) {
        data.put(96 + offset, (byte) value);
        return this;
    }

    QueueSpec tx16(int offset, int value) {
        data.putShort(96 + offset, (short) value);
        return this;
    }

    QueueSpec mtu(int mtu) {
        data.putShort(6, (short) mtu);
        return this;
    }

    QueueSpec pages(int tx, int rx, int cqe, int sge) {
        txPages = tx;
        rxPages = rx;
        cqePages = cqe;
        sgePages = sge;
        return this;
    }

    /** TPA for IPv4 and IPv6 with SGEs of 2048 bytes. */
    QueueSpec tpa() {
        sgePages = 1;
        return rx(0, 3).rx(5, 8).rx(16, 8).rx16(20, 2048).rx16(50, 16000);
    }

    int client() {
        return data.get(0) & 0xFF;
    }

    int function() {
        return data.get(9) & 0xFF;
    }
}
