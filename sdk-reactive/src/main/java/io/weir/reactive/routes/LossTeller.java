package io.weir.reactive.routes;

import io.weir.reactive.RouteLoss;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.fault.Fault;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Tells losses to all who listen, one after the other, from whatever loops they come. Thread safe. */
final class LossTeller {

    private static final int KEPT = 256;

    private final Sinks.Many<RouteLoss> sink = Sinks.many().multicast().directBestEffort();
    private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();
    private final AtomicInteger telling = new AtomicInteger();

    Flux<RouteLoss> losses() {
        return Barrier.flux(
                sink.asFlux().onBackpressureBuffer(KEPT, loss -> {}, BufferOverflowStrategy.DROP_LATEST),
                Fault::report);
    }

    void tell(RouteLoss loss) {
        serially(() -> sink.tryEmitNext(loss));
    }

    void complete() {
        serially(sink::tryEmitComplete);
    }

    /** Whoever finds nobody telling tells everything. */
    private void serially(Runnable task) {
        work.add(task);
        if (telling.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            Runnable next;
            while ((next = work.poll()) != null) {
                next.run();
            }
            missed = telling.addAndGet(-missed);
        } while (missed != 0);
    }
}
