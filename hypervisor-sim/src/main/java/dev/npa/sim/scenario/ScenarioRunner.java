package dev.npa.sim.scenario;

import dev.npa.sim.host.Switchover;
import dev.npa.sim.host.VirtualMachine;
import dev.npa.sim.scenario.Scenario.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Carries a scenario's timeline out in its world and judges the outcome. Used once. */
public final class ScenarioRunner {

    /** Machine time that any step but a given duration may take. */
    private static final long STEP_LIMIT_NANOS = 60_000_000_000L;

    private final Scenario scenario;
    private final ScenarioWorld world;
    private final RunListener listener;
    private final List<String> findings = new ArrayList<>();
    private final GuestCounters counters = new GuestCounters();
    private long failedSwitchovers;

    public ScenarioRunner(Scenario scenario, ScenarioWorld world, RunListener listener) {
        this.scenario = scenario;
        this.world = world;
        this.listener = listener;
    }

    /** Runs the timeline to its end, or to the first step that does not end, and makes the account. */
    public RunResult run() {
        boolean complete = steps(scenario.timeline());
        if (complete) {
            world.stopTraffic(world.trafficNames());
            settle("the end", world.trafficNames());
        }
        return result();
    }

    private boolean steps(List<Step> steps) {
        for (Step step : steps) {
            if (!step(step)) {
                return false;
            }
        }
        return true;
    }

    private boolean step(Step step) {
        return switch (step.action()) {
            case POWER_ON -> powerOn(step);
            case POWER_OFF -> powerOff(step);
            case START -> start(step);
            case STOP -> stop(step);
            case RUN -> advance(step);
            case PASSTHROUGH, SWAP, EMULATE -> switchOver(step);
            case REPEAT -> repeat(step);
            case CHECK -> check(step);
        };
    }

    private boolean powerOn(Step step) {
        List<VirtualMachine> vms = world.vms(step.vms());
        if (!control(step, vms, VirtualMachine::powerOn)) {
            return false;
        }
        boolean up = await(step, "boot", () -> vms.stream().allMatch(vm -> vm.state() != VirtualMachine.State.BOOTING));
        for (VirtualMachine vm : vms) {
            if (vm.state() != VirtualMachine.State.EMULATED) {
                findings.add("line " + step.line() + ": " + vm.name() + " is " + vm.state() + " after power-on");
                up = false;
            }
        }
        vms.forEach(counters::mark);
        progress("powerOn", step, names(vms) + " booted, emulated");
        world.phase(carriers());
        return up;
    }

    private boolean powerOff(Step step) {
        List<VirtualMachine> vms = world.vms(step.vms());
        if (!control(step, vms, VirtualMachine::powerOff)) {
            return false;
        }
        progress("powerOff", step, names(vms) + " powered off");
        return true;
    }

    /** Asks each VM for something; a VM in whose state that is not allowed is a finding and ends the run. */
    private boolean control(Step step, List<VirtualMachine> vms, Consumer<VirtualMachine> request) {
        try {
            vms.forEach(request);
            return true;
        } catch (IllegalStateException e) {
            findings.add("line " + step.line() + ": " + e.getMessage());
            return false;
        }
    }

    private boolean start(Step step) {
        world.startTraffic(step.traffic());
        progress("trafficStarted", step, "traffic " + String.join(", ", step.traffic()) + " started");
        return true;
    }

    private boolean stop(Step step) {
        world.stopTraffic(step.traffic());
        boolean settled = settle("line " + step.line(), step.traffic());
        progress("trafficStopped", step, "traffic " + String.join(", ", step.traffic()) + " stopped");
        return settled;
    }

    private boolean settle(String where, List<String> traffic) {
        boolean settled = world.await(() -> world.isIdle(traffic), STEP_LIMIT_NANOS);
        if (!settled) {
            findings.add(where + ": traffic did not come to rest within " + STEP_LIMIT_NANOS / 1_000_000_000L + " s");
        }
        return settled;
    }

    private boolean advance(Step step) {
        if (step.nanos() >= 0) {
            world.run(step.nanos());
            return true;
        }
        return ended(step, step.frames() + " frames received", world.runFrames(step.frames(), STEP_LIMIT_NANOS));
    }

    private boolean repeat(Step step) {
        for (int i = 0; i < step.times(); i++) {
            if (!steps(step.steps())) {
                return false;
            }
        }
        return true;
    }

    private boolean check(Step step) {
        for (VirtualMachine vm : world.vms(step.vms())) {
            Map<String, Long> growth = counters.growth(vm);
            GuestCounters.findings(vm, step.check(), growth)
                    .forEach(text -> findings.add("line " + step.line() + ": " + text));
            progress("checked", step, GuestCounters.describe(vm, step.check(), growth));
        }
        return true;
    }

    private boolean switchOver(Step step) {
        List<VirtualMachine> vms = world.vms(step.vms());
        for (VirtualMachine vm : vms) {
            if (step.action() == Scenario.Action.SWAP && vm.state() != VirtualMachine.State.PASSTHROUGH) {
                findings.add("line " + step.line() + ": " + vm.name() + " is " + vm.state()
                        + "; only a VM in PASSTHROUGH can swap");
                return false;
            }
        }
        List<Switchover> switchovers = new ArrayList<>();
        world.phase(carriers() + " -> " + target(step));
        world.carrierChanging(true);
        for (VirtualMachine vm : vms) {
            try {
                switchovers.add(step.action() == Scenario.Action.EMULATE ? vm.emulate()
                        : vm.passthrough(world.nics().get(step.nic()), step.image(), step.version()));
            } catch (IllegalStateException e) {
                findings.add("line " + step.line() + ": " + e.getMessage());
                return false;
            }
        }
        boolean ended = await(step, "switchover",
                () -> switchovers.stream().allMatch(s -> s.outcome() != Switchover.Outcome.PENDING));
        for (int i = 0; i < vms.size(); i++) {
            report(step, vms.get(i), switchovers.get(i));
        }
        world.carrierChanging(false);
        vms.forEach(counters::mark);
        world.phase(carriers());
        return ended;
    }

    private static String target(Step step) {
        if (step.action() == Scenario.Action.EMULATE) {
            return "emulated";
        }
        String image = step.image() == null ? "passthrough"
                : step.image() + (step.version() == null ? "" : " " + step.version());
        return step.nic() == null ? image : image + " on " + step.nic();
    }

    private void report(Step step, VirtualMachine vm, Switchover s) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("vm", vm.name());
        fields.put("from", s.from());
        fields.put("to", s.to());
        fields.put("outcome", s.outcome().name());
        fields.put("reason", s.reason());
        fields.put("micros", s.completedNanos() < 0 ? null : (s.completedNanos() - s.requestedNanos()) / 1000);
        String what = vm.name() + ": " + s.from() + " -> " + s.to();
        if (s.outcome() == Switchover.Outcome.DONE) {
            listener.event("switchover", fields, what + " in " + fields.get("micros") + " us");
            return;
        }
        failedSwitchovers++;
        String text = what + " " + s.outcome().name().toLowerCase(java.util.Locale.ROOT)
                + (s.reason().isEmpty() ? "" : ": " + s.reason());
        listener.event("switchover", fields, text);
        if (scenario.expect().getOrDefault("failedSwitchovers", 0L) == 0) {
            findings.add("line " + step.line() + ": " + text);
        }
    }

    private boolean await(Step step, String what, java.util.function.BooleanSupplier condition) {
        return ended(step, what, world.await(condition, STEP_LIMIT_NANOS));
    }

    private boolean ended(Step step, String what, boolean met) {
        if (!met) {
            findings.add("line " + step.line() + ": " + what + " did not happen within "
                    + STEP_LIMIT_NANOS / 1_000_000_000L + " s");
        }
        return met;
    }

    /** What carries the VMs' data paths now: one label when all agree. */
    private String carriers() {
        return world.allVms().stream().filter(vm -> vm.state() != VirtualMachine.State.OFF).map(VirtualMachine::carrier)
                .distinct().sorted().collect(Collectors.joining(", "));
    }

    private static String names(List<VirtualMachine> vms) {
        return vms.stream().map(VirtualMachine::name).collect(Collectors.joining(", "));
    }

    private void progress(String event, Step step, String text) {
        listener.event(event, Map.of("line", step.line(), "text", text), text);
    }

    private RunResult result() {
        List<RunResult.PhaseRow> phases = world.phases();
        Map<String, Number> values = new LinkedHashMap<>();
        values.put("framesSent", phases.stream().mapToLong(RunResult.PhaseRow::sent).sum());
        values.put("framesReceived", phases.stream().mapToLong(RunResult.PhaseRow::received).sum());
        values.put("lost", phases.stream().mapToLong(RunResult.PhaseRow::lost).sum());
        values.put("duplicated", phases.stream().mapToLong(RunResult.PhaseRow::duplicated).sum());
        values.put("reordered", phases.stream().mapToLong(RunResult.PhaseRow::reordered).sum());
        values.put("switchovers", world.allVms().stream().flatMap(vm -> vm.switchovers().stream())
                .filter(s -> s.outcome() == Switchover.Outcome.DONE).count());
        values.put("maxGapMicros", phases.stream().mapToDouble(RunResult.PhaseRow::gapMicros).max().orElse(0));
        Leftovers left = world.leftovers();
        values.put("classLoadersCollected", left.classLoadersCollected());
        values.put("violations", world.simulation().violations().count());
        values.put("foreign", phases.stream().mapToLong(RunResult.PhaseRow::foreign).sum());
        values.put("failedSwitchovers", failedSwitchovers);
        values.put("unloaded", left.unloaded());
        values.put("vfsHeld", left.vfsHeld());
        values.put("pagesMapped", left.pagesMapped());
        values.put("reclaimedBuffers", left.reclaimedBuffers());
        values.put("reclaimedWindows", left.reclaimedWindows());
        values.put("maxGapRealMicros", phases.stream().mapToDouble(RunResult.PhaseRow::gapRealMicros).max().orElse(0));
        findings.addAll(world.uncleanFlows());
        scenario.expect().forEach((field, wanted) -> {
            long actual = values.get(field).longValue();
            if (actual != wanted) {
                findings.add(field + " is " + actual + ", expected " + wanted);
            }
        });
        return new RunResult(phases, values, findings, world.simulation().violations().list());
    }
}
