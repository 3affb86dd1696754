package dev.npa.sim.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.npa.hw.MacAddress;
import dev.npa.sim.traffic.FrameAccount.Verdict;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class TagRuleTest {

    private static final MacAddress A = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress B = MacAddress.parse("02:00:00:00:00:02");

    private static ByteBuffer frame(int tag, int number) {
        byte[] body = new byte[60];
        body[20] = (byte) number;
        return ByteBuffer.wrap(FrameBuilder.ethernet(B, A, tag, 0x88B5, body));
    }

    private static Verdict judge(FrameAccount account, ByteBuffer frame) {
        return account.received(frame, 0, frame.capacity(), 2);
    }

    private static FrameAccount sent(TagRule rule, ByteBuffer frame) {
        FrameAccount account = new FrameAccount("a -> b", rule);
        account.sent(frame, 0, frame.capacity(), 1);
        return account;
    }

    @Test
    void withoutARuleTheTagIsPartOfTheFrame() {
        assertEquals(Verdict.IN_ORDER, judge(sent(TagRule.AS_SENT, frame(10, 1)), frame(10, 1)));
        assertEquals(Verdict.FOREIGN, judge(sent(TagRule.AS_SENT, frame(10, 1)), frame(20, 1)));
        assertEquals(Verdict.FOREIGN, judge(sent(TagRule.AS_SENT, frame(10, 1)), frame(0, 1)));
    }

    @Test
    void aPortVlansTagMustBeThereAtTheWire() {
        TagRule rule = TagRule.receivedWith(100);
        FrameAccount account = sent(rule, frame(0, 1));
        assertEquals(Verdict.FOREIGN, judge(account, frame(0, 1)), "the tag was not put in");
        assertEquals(Verdict.FOREIGN, judge(account, frame(10, 1)), "another tag was put in");
        assertEquals(Verdict.FOREIGN, judge(account, frame(100, 2)), "another frame");
        assertEquals(Verdict.IN_ORDER, judge(account, frame(100, 1)));
        assertEquals(Verdict.DUPLICATE, judge(account, frame(100, 1)));
    }

    @Test
    void aPortVlansTagMustNotBeThereAtTheGuest() {
        FrameAccount account = sent(TagRule.receivedWith(0), frame(100, 1));
        assertEquals(Verdict.FOREIGN, judge(account, frame(100, 1)), "the tag was not taken out");
        assertEquals(Verdict.IN_ORDER, judge(account, frame(0, 1)));
    }

    @Test
    void theAddressesStayPartOfTheFrame() {
        TagRule rule = TagRule.receivedWith(0);
        ByteBuffer other = frame(0, 1).put(11, (byte) 3);
        assertEquals(content(rule, frame(0, 1)), content(rule, frame(100, 1)));
        assertNotEquals(content(rule, frame(0, 1)), content(rule, other));
    }

    private static long content(TagRule rule, ByteBuffer frame) {
        FrameIdentity identity = new FrameIdentity(rule);
        identity.of(frame, 0, frame.capacity());
        return identity.content;
    }

    @Test
    void framesWithoutTheirTagAreShorterByIt() {
        GeneratorSpec spec = new GeneratorSpec(GeneratorSpec.Sizes.fixed(1518), false, false, 100, 1,
                Pacing.unlimited(), 0, true, 1500, 1);
        assertEquals(GeneratorSpec.Sizes.fixed(1514), spec.untagged().sizes());
        assertEquals(0, spec.untagged().vlan());
        assertEquals(1518, FrameGenerator.generate(spec, A, B, true).longest());
        assertEquals(1514, FrameGenerator.generate(spec.untagged(), A, B, true).longest());
    }
}
