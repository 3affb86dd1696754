package dev.npa.pf.broadcom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.pf.VfSettings;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The channel between VF and PF: life, refusals, malformed requests, order of the response. */
class ChannelTest {

    private static final MacAddress MAC = MacAddress.parse("02:11:22:33:44:55");
    private static final int SUCCESS = 1;
    private static final int FAILURE = 2;
    private static final int NOT_SUPPORTED = 3;
    private static final int NO_RESOURCE = 4;
    private static final int FIRST = 20 + 5 * 14;

    private final FakePath path = new FakePath();
    private final BroadcomPfDriver driver = new BroadcomPfDriver(path.host);
    private final VfMailbox vf = new VfMailbox(path, driver, 5);

    @BeforeEach
    void start() {
        driver.start(8);
        driver.assign(5, VfSettings.of(MAC, 1500));
        path.takeRamrods();
        path.takeWrites();
    }

    @Test
    void sheetsAcquireIsGranted() {
        byte[] sheet = HexFormat.of().parseHex("0100200000040000050002030404040"
                + "1020a00000000000000200000010000001100040" + "00c00080000000000");
        vf.message.put(0, sheet, 0, sheet.length);
        vf.message.putLong(24, VfMailbox.BULLETIN); // the sheet's address is not in this memory
        assertEquals(SUCCESS, vf.trigger());
        assertEquals(0x16620000, vf.message.getInt(1024 + 8));
        assertEquals(8, vf.message.getShort(1024 + 48), "doorbell stride");
        for (int q = 0; q < 4; q++) {
            assertEquals(FIRST + q, vf.response(52 + 2 * q));
            assertEquals(FIRST + q, vf.response(84 + q));
        }
        assertEquals(0, vf.response(84 + 4));
        assertEquals("040404" + "01020a" + "021122334455" + "021122334455", hex(1024 + 100, 18));
        assertEquals("11000c00" + "001018000001" + "0000" + "1300080001000000" + "0c00080000000000",
                hex(1024 + 120, 28));
    }

    private String hex(int at, int count) {
        byte[] bytes = new byte[count];
        vf.message.get(at, bytes, 0, count);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void responseIsWrittenInThePrescribedOrder() {
        vf.acquire(1);
        List<String> writes = path.takeWrites();
        String ready = "415728=00000100";
        int first = writes.indexOf(String.format("%06x=%08x", 0x10240C, (int) vf.message.address() + 1024 + 8));
        int acknowledge = writes.indexOf(ready);
        int last = writes.lastIndexOf(String.format("%06x=%08x", 0x10240C, (int) vf.message.address() + 1024));
        assertTrue(first >= 0 && first < acknowledge && acknowledge < last, first + " " + acknowledge + " " + last);
        assertEquals(String.format("%06x=%08x", 0x102414, 254 | (1 << 6 | 5) << 24), writes.get(first + 2));
        assertEquals(String.format("%06x=%08x", 0x102414, 2 | (1 << 6 | 5) << 24), writes.get(last + 2));
    }

    @Test
    void responseOffsetIsHonoured() {
        vf.request(8, 12);
        vf.message.putInt(4, 16384);
        vf.send();
        assertEquals(FAILURE, path.host.memory.getByte(vf.message.address() + 16384 + 4));
        assertEquals(0, vf.response(4));
    }

    @Test
    void queuesAreGrantedUpToTheShare() {
        assertEquals(NO_RESOURCE, vf.acquire(15));
        assertEquals(14, vf.response(100));
        assertEquals(NO_RESOURCE, vf.acquire(255));
        assertEquals(SUCCESS, vf.acquire(14));
    }

    @Test
    void noQueuesMeansAllAndMoreFiltersAreRefused() {
        assertEquals(SUCCESS, vf.acquire(0));
        assertEquals(14, vf.response(100));
        vf.request(1, 32);
        vf.message.putByte(10, (byte) 2);
        vf.message.putByte(15, (byte) 2);
        assertEquals(NO_RESOURCE, vf.tlv(17, 4).send());
    }

    @Test
    void driverWithoutPortIdIsRefusedUnlessItIsWindows() {
        vf.request(1, 32);
        vf.message.putByte(10, (byte) 2);
        assertEquals(NOT_SUPPORTED, vf.send());
        vf.request(1, 32);
        vf.message.putByte(10, (byte) 2);
        vf.message.putByte(9, (byte) (1 << 5));
        assertEquals(SUCCESS, vf.send());
        vf.request(1, 32);
        vf.message.putByte(10, (byte) 3);
        assertEquals(NOT_SUPPORTED, vf.tlv(17, 4).send(), "newer descriptor layouts than the device's");
    }

    @Test
    void everyRequestHasItsPlaceInTheLife() {
        assertEquals(SUCCESS, vf.simple(9, 5), "RELEASE while free, as some drivers begin");
        assertEquals(FAILURE, vf.init());
        assertEquals(FAILURE, vf.setup(0));
        assertEquals(FAILURE, vf.simple(8, 5));
        assertEquals(FAILURE, vf.simple(7, 0));
        assertEquals(SUCCESS, vf.acquire(2));
        assertEquals(SUCCESS, vf.acquire(1), "again, for no more than it has");
        assertEquals(NO_RESOURCE, vf.acquire(3));
        assertEquals(FAILURE, vf.setup(0));
        assertEquals(SUCCESS, vf.init());
        assertEquals(FAILURE, vf.init());
        assertEquals(FAILURE, vf.acquire(1));
        assertEquals(SUCCESS, vf.setup(0));
        assertEquals(FAILURE, vf.setup(0), "a queue is set up once");
        assertEquals(FAILURE, vf.setup(1), "it was granted one queue");
        assertEquals(SUCCESS, vf.simple(7, 0));
        assertEquals(FAILURE, vf.simple(7, 1));
        assertEquals(SUCCESS, vf.setup(0));
        assertEquals(SUCCESS, vf.simple(8, 5));
        assertEquals(FAILURE, vf.simple(8, 5));
        assertEquals(SUCCESS, vf.init());
        assertEquals(SUCCESS, vf.simple(9, 5), "RELEASE closes as well");
        assertEquals(FAILURE, vf.init());
        assertEquals(SUCCESS, vf.acquire(2));
    }

    @Test
    void initGivesBlocksZonesAndInterrupts() {
        vf.acquire(2);
        vf.init();
        int data = 0x41C000 + 64 * FIRST;
        assertEquals((int) FakeHost.GUEST + 0x30000 + 64, path.reg(data + 64 + 16));
        assertEquals(5 | 1 << 6, path.reg(0x103400 + 4 * FIRST));
        assertEquals(5 | 1 << 6, path.reg(0x103400 + 4 * FIRST + 4));
        assertEquals(0, path.reg(0x103400 + 4 * FIRST + 8), "a block that was not granted");
        assertEquals(3, path.vfReg(5, 0x130170));
        vf.setup(0);
        vf.simple(8, 5);
        assertEquals(0, path.reg(0x103400 + 4 * FIRST));
        assertEquals(0, path.vfReg(5, 0x130170));
    }

    @Test
    void vfWithoutQueuesClosesWithoutRamrods() {
        vf.acquire(2);
        vf.init();
        path.takeRamrods();
        assertEquals(SUCCESS, vf.simple(8, 5));
        assertEquals(List.of(), path.takeRamrods());
    }

    @Test
    void queueBecomesAClientOfTheVf() {
        vf.acquire(2);
        vf.init();
        path.takeWrites();
        vf.setup(1);
        FakePath.Executed setup = path.last(1);
        assertEquals(1024 + 16 * 5 + 1, setup.cid());
        assertEquals(8 + 5, setup.function());
        assertEquals(FIRST + 1, setup.u8(0));
        assertEquals(4, setup.u8(5));
        assertEquals(0, setup.u8(16 + 48), "queue 1 does not lead");
        assertEquals(0x09, setup.u16(16 + 52), "drop-all");
        assertEquals(VfMailbox.RINGS, setup.u64(16 + 40));
        assertEquals(VfMailbox.RINGS + 0x2000, setup.u64(96 + 8));
        assertEquals("01" + "01" + "01", "0" + setup.u8(96) + "0" + setup.u8(96 + 4) + "0" + setup.u8(96 + 5));
        String enable = String.format("%06x=%08x", 0x13012C, 0x400 + FIRST + 1 | 5 << 12 | 1 << 20);
        assertTrue(path.takeWrites().containsAll(List.of("130124=01000000", enable)));
    }

    @Test
    void coalescingFollowsTheRatesOnlyIfAskedFor() {
        vf.acquire(1);
        vf.init();
        vf.setupRequest(0);
        vf.message.putShort(42, (short) 10_000);
        vf.message.putShort(74, (short) 5_000);
        vf.message.putShort(48, (short) 0x158);
        vf.message.putInt(76, 0x100);
        assertEquals(SUCCESS, vf.send());
        int data = 0x41C000 + 64 * FIRST;
        assertEquals(0x0219_0000, path.reg(data), "receive: 25 units of 4 us");
        assertEquals(0x0332_0332, path.reg(data + 8), "transmit: 50 units");
        vf.simple(7, 0);
        vf.setup(0);
        assertEquals(0, path.reg(data));
    }

    @Test
    void impossibleQueuesAreRefused() {
        vf.acquire(1);
        vf.init();
        Object[][] changes = {{89, 1}, {88, 1}, {40, 1}, {72, 1}};
        for (Object[] change : changes) {
            vf.setupRequest(0);
            vf.message.putByte((int) change[0], (byte) (int) change[1]);
            assertEquals(FAILURE, vf.send(), "byte " + change[0]);
        }
        for (int at : new int[] {8, 24, 64}) {
            vf.setupRequest(0);
            vf.message.putLong(at, 0);
            assertEquals(FAILURE, vf.send(), "ring at " + at);
        }
        vf.setupRequest(0);
        vf.message.putShort(44, (short) 9601);
        assertEquals(FAILURE, vf.send());
        vf.setupRequest(0);
        vf.message.putShort(46, (short) 63);
        assertEquals(FAILURE, vf.send());
        path.refused.add(1);
        assertEquals(FAILURE, vf.setup(0), "the device refused");
        path.refused.clear();
        assertEquals(SUCCESS, vf.setup(0));
    }

    @Test
    void unknownRequestIsAnsweredToAKnownVfOnly() {
        assertEquals(0, vf.request(77, 12).send(), "no answer");
        assertEquals(0x100, path.reg(0x415728), "but the channel is free again");
        vf.acquire(1);
        assertEquals(NOT_SUPPORTED, vf.request(77, 12).send());
        assertEquals(NOT_SUPPORTED, vf.request(5, 12).send());
    }

    @Test
    void malformedListsAreRefused() {
        vf.acquire(1);
        vf.request(2, 168);
        assertEquals(FAILURE, vf.trigger(), "no end of the list");
        assertEquals(FAILURE, vf.request(2, 100).send(), "shorter than INIT");
        vf.request(2, 168).tlv(17, 4);
        vf.message.putShort(170, (short) 0);
        assertEquals(FAILURE, vf.send(), "a TLV without length");
        vf.request(2, 1020);
        assertEquals(FAILURE, vf.trigger());
        vf.request(2, 65000);
        assertEquals(FAILURE, vf.trigger(), "beyond the message");
        vf.request(2, 168);
        for (int i = 0; i < 60; i++) {
            vf.tlv(17, 4);
        }
        assertEquals(FAILURE, vf.send(), "too many TLVs");
        assertEquals(SUCCESS, vf.init());
    }

    @Test
    void unassignedVfGetsNoAnswerAndNoChannel() {
        VfMailbox other = new VfMailbox(path, driver, 3);
        assertEquals(0, other.acquire(1));
        assertEquals(0, path.reg(0x415718));
    }

    @Test
    void bulletinIsPostedOnAcquireAndLinkChange() {
        vf.acquire(1);
        assertEquals(1, path.host.memory.getShort(VfMailbox.BULLETIN + 4));
        assertEquals(0x5154779d, path.host.memory.getInt(VfMailbox.BULLETIN), "the sheet's vector");
        path.link(false);
        driver.service(64);
        assertEquals(2, path.host.memory.getShort(VfMailbox.BULLETIN + 4));
        assertEquals(1, path.host.memory.getInt(VfMailbox.BULLETIN + 40) & 1);
        driver.service(64);
        assertEquals(2, path.host.memory.getShort(VfMailbox.BULLETIN + 4), "once a change");
        driver.stop();
        assertEquals(4, path.host.memory.getLong(VfMailbox.BULLETIN + 8) & 4, "channel down");
    }

    @Test
    void budgetBoundsTheWork() {
        driver.assign(1, VfSettings.of(MacAddress.parse("02:00:00:00:00:77"), 1500));
        path.event(0, 0, 5, vf.message.address());
        path.event(0, 0, 1, vf.message.address());
        assertEquals(1, driver.service(1));
        assertEquals(1, driver.service(5));
        assertEquals(0, driver.service(5));
    }
}
