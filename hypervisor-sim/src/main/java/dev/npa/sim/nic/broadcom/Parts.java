package dev.npa.sim.nic.broadcom;

/** The parts of a path that register windows lead to. */
record Parts(Path path, EmbeddedSwitch fabric, Igu igu, StatusBlocks blocks, EventRing[] events, RxEngine receive,
        Guard guard, QueueRamrods queues, SlowPath slowPath, Channel channel, PathRegisters registers) {

    /** Puts a path together. */
    static Parts of(Path path) {
        SwitchTables tables = new SwitchTables();
        Igu igu = new Igu(path);
        StatusBlocks blocks = new StatusBlocks(path, igu);
        EventRing[] events = new EventRing[path.pfs];
        for (int pf = 0; pf < path.pfs; pf++) {
            events[pf] = new EventRing(path, igu, pf);
        }
        EmbeddedSwitch fabric = new EmbeddedSwitch(path, tables);
        RxEngine receive = new RxEngine(path, fabric, blocks);
        Guard guard = new Guard(path, tables, blocks, igu, events, receive);
        QueueRamrods queues = new QueueRamrods(path, tables, blocks, receive, guard);
        RuleRamrods rules = new RuleRamrods(path, tables, events, receive);
        SlowPath slowPath = new SlowPath(path, events, queues, rules, new StatQuery(path));
        return new Parts(path, fabric, igu, blocks, events, receive, guard, queues, slowPath,
                new Channel(path, events, guard), new PathRegisters());
    }

    /** Permanent address of a PF, from the manufacturer's range 00:10:18. */
    long permanentAddress(int pf) {
        return 0x0010_1800_0000L | (path.name.hashCode() * 8L + pf) & 0xFF_FFFFL;
    }
}
