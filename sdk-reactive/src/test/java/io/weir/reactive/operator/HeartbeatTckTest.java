package io.weir.reactive.operator;

import java.time.Duration;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The heartbeat emitter as a publisher; its time never comes here. */
public class HeartbeatTckTest extends PublisherVerification<Integer> {

    public HeartbeatTckTest() {
        super(Tck.environment());
    }

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        return Flux.range(0, (int) Math.min(Integer.MAX_VALUE, elements))
                .transform(Heartbeats.emit(Duration.ofHours(1), () -> -1, Schedulers.parallel()));
    }

    @Override
    public Publisher<Integer> createFailedPublisher() {
        return Flux.<Integer>error(new IllegalStateException("on purpose"))
                .transform(Heartbeats.emit(Duration.ofHours(1), () -> -1, Schedulers.parallel()));
    }
}
