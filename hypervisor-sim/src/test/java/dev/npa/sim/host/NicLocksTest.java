package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NicLocksTest {

    @TempDir
    Path images;
    private CrossingRig rig;
    private int counter;

    @BeforeEach
    void create() throws IOException {
        rig = new CrossingRig(images, 0, 1, 2);
    }

    @Test
    void actionRunsUnderAllLocksAndLeavesThem() {
        List<HostNic> two = rig.nics.subList(1, 3);
        NicLocks.hold(() -> two, () -> {
            assertFalse(Thread.holdsLock(rig.nics.get(0).lock()));
            two.forEach(nic -> assertTrue(Thread.holdsLock(nic.lock())));
            return null;
        });
        rig.nics.forEach(nic -> assertFalse(Thread.holdsLock(nic.lock())));
    }

    @Test
    void switchLetsWhoWantsItsLockGoFirst() {
        rig.uplinks.get(1).received.add(new byte[60]);
        rig.nics.get(1).network().entering();
        assertEquals(0, rig.nics.get(1).network().run(64));
        rig.nics.get(1).network().entered();
        assertEquals(1, rig.nics.get(1).network().run(64));
        rig.uplinks.get(1).received.add(new byte[60]);
        NicLocks.hold(() -> rig.nics, () -> null);
        assertEquals(1, rig.nics.get(1).network().run(64), "the count is even again");
    }

    @Test
    void setThatChangesMeanwhileIsTakenAnew() {
        List<List<HostNic>> answers = new ArrayList<>(List.of(rig.nics.subList(0, 1), rig.nics.subList(0, 2)));
        NicLocks.hold(() -> answers.size() > 1 ? answers.remove(0) : answers.get(0), () -> {
            assertTrue(Thread.holdsLock(rig.nics.get(1).lock()));
            return null;
        });
    }

    @Test
    void heldVfsNameTheirNicsInTheOrderOfLocking() {
        rig.enter(rig.passthrough(2));
        assertEquals(List.of(rig.nics.get(0), rig.nics.get(2)), rig.control.vfs().nics());
        assertEquals(rig.nics, rig.control.vfs().nics(rig.nics.get(1)));
        assertEquals(List.of(rig.nics.get(0), rig.nics.get(2)), rig.control.vfs().nics(rig.nics.get(0)));
    }

    /** With locks in the order of the wish instead of the index this stands still. */
    @Test
    void threadsThatWantTheSameNicsInAnyOrderAllComeToTheirEnd() {
        int threads = 4;
        int rounds = 20_000;
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            List<Thread> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                Random random = new Random(t);
                HeldVfs vfs = new HeldVfs("vm" + t, rig.nics.get(t % 3), rig);
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < rounds; i++) {
                        HostNic more = rig.nics.get(random.nextInt(3));
                        NicLocks.hold(() -> vfs.nics(more), () -> NicLocks.hold(() -> List.of(more), () -> null));
                        synchronized (rig.nics.get(0).lock()) {
                            counter++;
                        }
                    }
                });
                all.add(thread);
                thread.start();
            }
            for (Thread thread : all) {
                thread.join();
            }
        });
        assertEquals(threads * rounds, counter);
    }
}
