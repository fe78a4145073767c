package io.weir.test.network;

import io.weir.reactive.transport.memory.MemoryMedium;
import reactor.core.scheduler.Scheduler;

/** The in-memory links' view of a simulated network. */
record SimulatedMedium(SimulatedNetwork network) implements MemoryMedium {

    @Override
    public Scheduler scheduler(String host) {
        return network.host(host).scheduler();
    }

    @Override
    public String address(String host) {
        return network.host(host).address();
    }

    @Override
    public Path path(End dialling, End accepting) {
        return network.path(dialling, accepting);
    }
}
