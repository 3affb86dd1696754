package dev.npa.sim.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FrameAccountTest {

    private static final long TIMEOUT = 1_000;

    private final AtomicLong real = new AtomicLong();
    private final FrameAccount account = new FrameAccount("a -> b", TIMEOUT, real::get);
    private final ByteBuffer frame = ByteBuffer.allocateDirect(64);

    private ByteBuffer frame(int flow, long number) {
        frame.putLong(0, 0x0200_0000_0000_0000L | flow).putLong(8, 0).putShort(12, (short) 0x88B5);
        return frame.putLong(40, number);
    }

    private void send(long number, long nanos) {
        account.sent(frame(0, number), 0, 64, nanos);
    }

    private FrameAccount.Verdict receive(long number, long nanos) {
        return account.received(frame(0, number), 0, 64, nanos);
    }

    private AccountSummary.Phase total(long nanos) {
        return account.summary(nanos).total();
    }

    @Test
    void untouchedAccountIsCleanAndQuiet() {
        assertTrue(account.isQuiet(0));
        assertTrue(account.isSettled(0));
        assertTrue(total(0).isClean());
        assertEquals(dev.npa.sim.time.Component.NEVER, account.deadline(0));
    }

    @Test
    void orderIsJudgedInTheFlowOnly() {
        account.sent(frame(1, 1), 0, 64, 0);
        account.sent(frame(2, 2), 0, 64, 0);
        account.sent(frame(1, 3), 0, 64, 0);
        assertEquals(FrameAccount.Verdict.IN_ORDER, account.received(frame(2, 2), 0, 64, 1));
        assertEquals(FrameAccount.Verdict.IN_ORDER, account.received(frame(1, 3), 0, 64, 1));
        assertEquals(FrameAccount.Verdict.REORDERED, account.received(frame(1, 1), 0, 64, 1));
        assertEquals(2, account.summary(1).flows());
    }

    @Test
    void outstandingBecomesLostAfterTheTimeoutAndIsTakenBackWhenItArrives() {
        send(1, 0);
        send(2, 900);
        account.poll(900);
        assertEquals(2, total(900).outstanding());
        account.poll(1_500);
        assertEquals(1, total(1_500).lost());
        assertEquals(1, total(1_500).outstanding());
        assertFalse(account.isSettled(1_500));
        assertEquals(1_901, account.deadline(1_500));
        assertTrue(account.isSettled(1_901));
        assertEquals(2, total(1_901).lost());
        assertEquals(FrameAccount.Verdict.IN_ORDER, receive(1, 1_950));
        assertEquals(0, total(1_950).lost());
        assertEquals(1, total(1_950).outstanding());
        assertEquals(FrameAccount.Verdict.IN_ORDER, receive(2, 1_960));
        assertTrue(total(1_960).isClean());
    }

    @Test
    void gapCountsFromTheOldestFrameThatWaited() {
        send(1, 0);
        receive(1, 10);
        // Nothing under way until 500: no gap. Then three frames vanish and the fourth comes through.
        send(2, 500);
        send(3, 520);
        send(4, 540);
        send(5, 560);
        receive(5, 600);
        assertEquals(100, total(600).gapNanos());
        // The lost ones do not make later silence a gap.
        send(6, 900);
        receive(6, 905);
        assertEquals(100, total(905).gapNanos());
    }

    @Test
    void gapOfReorderedFrameCountsFromTheLatestReception() {
        send(1, 0);
        send(2, 0);
        receive(2, 100);
        receive(1, 250);
        assertEquals(150, total(250).gapNanos());
    }

    @Test
    void openGapShowsBeforeItEnds() {
        send(1, 0);
        receive(1, 5);
        send(2, 10);
        account.poll(700);
        assertEquals(690, total(700).gapNanos());
        receive(2, 710);
        account.poll(720);
        assertEquals(700, total(720).gapNanos());
    }

    @Test
    void realGapIsMeasuredWithTheRealClock() {
        send(1, 0);
        real.set(5_000);
        receive(1, 1);
        assertEquals(5.0, total(1).gapRealMicros());
        assertEquals(0.001, total(1).gapMicros());
    }

    @Test
    void countsBelongToThePhaseOfSending() {
        account.phase("emulated");
        send(1, 0);
        send(2, 1);
        account.phase("niantic 1.0.0");
        account.phase("niantic 1.0.0");
        send(3, 2);
        receive(1, 3);
        receive(3, 4);
        receive(2, 5);
        receive(2, 6);
        account.foreign();
        List<AccountSummary.Phase> phases = account.summary(10).phases();
        assertEquals(List.of("emulated", "niantic 1.0.0"), phases.stream().map(AccountSummary.Phase::label).toList());
        assertEquals(2, phases.get(0).sent());
        assertEquals(2, phases.get(0).received());
        assertEquals(1, phases.get(0).reordered());
        assertEquals(1, phases.get(0).duplicated());
        assertEquals(0, phases.get(0).foreign());
        assertEquals(1, phases.get(1).sent());
        assertEquals(1, phases.get(1).foreign());
        assertEquals(128, phases.get(0).sentBytes());
    }

    @Test
    void longRunStaysExactWithLossesFarApart() {
        long n = 300_000;
        for (long i = 0; i < n; i++) {
            assertTrue(account.canRecord(1));
            send(i, i);
            if (i % 1_000 != 7) {
                assertEquals(FrameAccount.Verdict.IN_ORDER, receive(i, i));
            }
            account.poll(i);
        }
        assertEquals(300, total(n + TIMEOUT + 1).lost());
        // Long after it was declared lost it comes after all, twice.
        assertEquals(FrameAccount.Verdict.REORDERED, receive(1_007, n));
        assertEquals(FrameAccount.Verdict.DUPLICATE, receive(1_007, n));
        assertEquals(FrameAccount.Verdict.DUPLICATE, receive(n - 5_000, n));
        assertEquals(299, total(n + TIMEOUT + 1).lost());
        assertEquals(0, total(n).foreign());
    }

    @Test
    void deepQueueOfWaitingFramesIsRemembered() {
        long n = 100_000;
        for (long i = 0; i < n; i++) {
            send(i, 0);
            if (i % 1_000 == 0) {
                account.poll(0);
            }
        }
        for (long i = 0; i < n; i++) {
            assertEquals(FrameAccount.Verdict.IN_ORDER, receive(i, 1));
        }
        assertTrue(total(1).isClean());
    }

    @Test
    void senderWaitsWhenTheReceiverDoesNotFollow() {
        long sent = 0;
        while (account.canRecord(1)) {
            send(sent++, 0);
        }
        assertEquals(SentLog.CAPACITY, sent);
        account.poll(1);
        assertTrue(account.canRecord(1));
    }

    @Test
    void sendingAndReceivingThreadsAgree() throws InterruptedException {
        int n = 200_000;
        AtomicLong handedOver = new AtomicLong();
        Thread sender = new Thread(() -> {
            ByteBuffer own = ByteBuffer.allocateDirect(64);
            for (long i = 0; i < n; ) {
                if (account.canRecord(1)) {
                    account.sent(own.putLong(40, i), 0, 64, i);
                    handedOver.setRelease(++i);
                } else {
                    Thread.onSpinWait();
                }
            }
        });
        sender.start();
        ByteBuffer own = ByteBuffer.allocateDirect(64);
        for (long i = 0; i < n; i++) {
            while (handedOver.getAcquire() <= i) {
                account.poll(0);
                Thread.onSpinWait();
            }
            assertEquals(FrameAccount.Verdict.IN_ORDER, account.received(own.putLong(40, i), 0, 64, i));
        }
        sender.join();
        assertTrue(total(n).isClean());
    }
}
