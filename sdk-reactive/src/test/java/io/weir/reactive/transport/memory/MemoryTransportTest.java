package io.weir.reactive.transport.memory;

import reactor.core.scheduler.Schedulers;

/** The contract in memory, on a scheduler with several threads. */
final class MemoryTransportTest extends MemoryContractTest {
    MemoryTransportTest() {
        super(Schedulers.newParallel("memory", 3, true));
    }
}
