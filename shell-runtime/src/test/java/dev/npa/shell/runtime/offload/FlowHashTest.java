package dev.npa.shell.runtime.offload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.shell.runtime.fake.FakeMachine;
import dev.npa.shell.runtime.netdev.RssConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of Microsoft's RSS verification suite: destination, source, hash with ports, hash without. */
class FlowHashTest {

    private final FakeMachine machine = new FakeMachine(1);

    private long hash(int types, int tags, String to, int toPort, String from, int fromPort, boolean fragment)
            throws UnknownHostException {
        byte[] source = InetAddress.getByName(from).getAddress();
        byte[] target = InetAddress.getByName(to).getAddress();
        boolean v4 = source.length == 4;
        int l3 = 14 + 4 * tags;
        ByteBuffer frame = ByteBuffer.allocate(l3 + (v4 ? 20 : 40) + 20);
        if (tags > 0) {
            frame.putShort(12, (short) 0x8100);
        }
        frame.putShort(l3 - 2, (short) (v4 ? 0x0800 : 0x86DD));
        int l4 = l3 + (v4 ? 20 : 40);
        if (v4) {
            frame.put(l3, (byte) 0x45).put(l3 + 9, (byte) 6).put(l3 + 12, source).put(l3 + 16, target);
            frame.putShort(l3 + 6, (short) (fragment ? 0x2000 : 0x4000));
        } else {
            frame.put(l3, (byte) 0x60).put(l3 + 6, (byte) 6).put(l3 + 8, source).put(l3 + 24, target);
        }
        frame.putShort(l4, (short) fromPort).putShort(l4 + 2, (short) toPort);
        machine.memory().copyFrom(FakeMachine.BASE + 1, frame.array(), 0, frame.capacity());
        RssConfig spread = RssConfig.spread(1);
        return new FlowHash(new RssConfig(types, spread.key(), spread.table()))
                .of(machine.memory(), FakeMachine.BASE + 1, frame.capacity());
    }

    @ParameterizedTest
    @CsvSource({
        "161.142.100.80, 1766, 66.9.149.187, 2794, 51ccc178, 323e8fc2",
        "65.69.140.83, 4739, 199.92.111.2, 14230, c626b0ea, d718262a",
        "12.22.207.184, 38024, 24.19.198.95, 12898, 5c2b394a, d2d0a5de",
        "209.142.163.6, 2217, 38.27.205.30, 48228, afc7327f, 82989176",
        "202.188.127.2, 1303, 153.39.163.191, 44251, 10e828a2, 5d1809c5",
        "3ffe:2501:200:3::1, 1766, 3ffe:2501:200:1fff::7, 2794, 40207d3d, 2cc18cd5",
        "ff02::1, 4739, 3ffe:501:8::260:97ff:fe40:efab, 14230, dde51bbf, 0f0c461c",
        "fe80::200:f8ff:fe21:67cf, 38024, 3ffe:1900:4545:3:200:f8ff:fe21:67cf, 44251, 02d1feef, 4b61e985"})
    void hashesAreThoseOfTheVerificationSuite(String to, int toPort, String from, int fromPort, String withPorts,
            String without) throws UnknownHostException {
        long ports = Long.parseLong(withPorts, 16);
        long addresses = Long.parseLong(without, 16);
        assertEquals(ports, hash(RssConfig.ALL_TYPES, 0, to, toPort, from, fromPort, false));
        assertEquals(ports, hash(RssConfig.ALL_TYPES, 1, to, toPort, from, fromPort, false), "behind a tag");
        assertEquals(addresses, hash(RssConfig.IPV4 | RssConfig.IPV6, 0, to, toPort, from, fromPort, false));
        assertEquals(FlowHash.NONE, hash(0, 0, to, toPort, from, fromPort, false));
        if (!to.contains(":")) {
            assertEquals(addresses, hash(RssConfig.ALL_TYPES, 0, to, toPort, from, fromPort, true), "a fragment");
        }
    }
}
