package dev.npa.shell.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.shell.runtime.fake.FakeNic;
import dev.npa.shell.runtime.fake.TestFramework;
import dev.npa.shell.runtime.fake.TestImages;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Frames in both directions over random interleavings of guest, devices, hypervisor, workload and switchovers. */
class OrderPropertyTest {

    private static TestFramework framework;
    private static byte[] image;

    @BeforeContainer
    static void start() {
        framework = new TestFramework();
        image = TestImages.good();
    }

    @AfterContainer
    static void stop() {
        framework.close();
    }

    @Property(tries = 120)
    void nothingIsLostDuplicatedOrReordered(@ForAll long seed) {
        Random random = new Random(seed);
        GuestRig rig = new GuestRig(framework);
        int requests = 0;
        for (int i = 0; i < 1500; i++) {
            step(rig, random);
            boolean settled = rig.hypervisor.sequence == 0 || rig.hypervisor.isAnswered();
            if (settled && requests < 6 && random.nextInt(60) == 0) {
                request(rig, random);
                requests++;
            }
        }
        if (rig.hypervisor.sequence != 0) {
            rig.untilAnswered();
            assertEquals(0, rig.hypervisor.result(), rig.hypervisor.text());
        }
        rig.settle();
        rig.assertExact();
        assertEquals(0, rig.hypervisor.word(0x01C), "reclaimed buffers");
        rig.guest.close();
        assertEquals(0, rig.guest.allocator().allocations());
        assertEquals(0, framework.installed());
    }

    private static void step(GuestRig rig, Random random) {
        int amount = 1 + random.nextInt(16);
        switch (random.nextInt(8)) {
            case 0, 1 -> rig.guest.run(amount);
            case 2 -> {
                for (int i = 0; i < amount; i++) {
                    rig.send(60 + random.nextInt(1459));
                }
            }
            case 3 -> {
                for (int i = 0; i < amount; i++) {
                    rig.arrive(60 + random.nextInt(1459));
                }
            }
            case 4 -> rig.hypervisor.work(amount);
            case 5 -> rig.hypervisor.emulated.progress(amount);
            case 6 -> {
                FakeNic vf = rig.hypervisor.vfs[random.nextInt(2)];
                if (vf != null) {
                    vf.progress(amount);
                }
            }
            default -> rig.consume();
        }
        rig.machine.nanos += random.nextInt(10_000);
    }

    private static void request(GuestRig rig, Random random) {
        int active = rig.guest.switchover().active();
        if (active >= 0 && random.nextBoolean()) {
            rig.hypervisor.emulate();
        } else {
            rig.hypervisor.passthrough(active < 0 ? random.nextInt(2) : 1 - active, image);
        }
    }
}
