package io.weir.reactive.operator;

import java.time.Duration;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The heartbeat emitter over a source that says nothing: every element is a beat, of the timer's thread. */
public class BeatsTckTest extends PublisherVerification<Integer> {

    public BeatsTckTest() {
        super(Tck.environment());
    }

    /** A hundred times the same, which takes 13 s where each element takes 10 ms; the race tests do more. */
    @Override
    public boolean skipStochasticTests() {
        return true;
    }

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        Flux<Integer> beats = Flux.<Integer>never()
                .transform(Heartbeats.emit(Duration.ofMillis(10), () -> -1, Schedulers.parallel()));
        return elements == Long.MAX_VALUE ? beats : beats.take(elements);
    }

    @Override
    public Publisher<Integer> createFailedPublisher() {
        return Flux.<Integer>error(new IllegalStateException("on purpose"))
                .transform(Heartbeats.emit(Duration.ofMillis(10), () -> -1, Schedulers.parallel()));
    }
}
