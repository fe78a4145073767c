package io.weir.reactive.transport.memory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The contract in memory, in virtual time: everything happens in the test's own thread. */
final class VirtualTimeMemoryTransportTest extends MemoryContractTest {
    VirtualTimeMemoryTransportTest() {
        super(VirtualTimeScheduler.create());
    }

    @Override
    protected void after(Duration delay, Runnable action) {
        VirtualTimeScheduler time = (VirtualTimeScheduler) scheduler();
        time.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
        time.advanceTimeBy(delay);
    }
}
