package io.weir.reactive.routes;

import io.weir.reactive.RouteLoss;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.serial.SerialTasks;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Tells losses to all who listen, one after the other, from whatever loops they come. Thread safe. */
final class LossTeller {

    private static final int KEPT = 256;

    private final Sinks.Many<RouteLoss> sink = Sinks.many().multicast().directBestEffort();
    private final SerialTasks telling = new SerialTasks();

    Flux<RouteLoss> losses() {
        return Barrier.flux(
                sink.asFlux().onBackpressureBuffer(KEPT, loss -> {}, BufferOverflowStrategy.DROP_LATEST),
                Fault::report);
    }

    void tell(RouteLoss loss) {
        telling.run(() -> sink.tryEmitNext(loss));
    }

    void complete() {
        telling.run(sink::tryEmitComplete);
    }
}
