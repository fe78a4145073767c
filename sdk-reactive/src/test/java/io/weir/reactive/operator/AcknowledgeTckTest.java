package io.weir.reactive.operator;

import java.util.List;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The acknowledger as a publisher; each element comes twice. */
public class AcknowledgeTckTest extends PublisherVerification<Integer> {

    public AcknowledgeTckTest() {
        super(Tck.environment());
    }

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        return Flux.range(0, (int) Math.min(Integer.MAX_VALUE, elements))
                .concatMapIterable(i -> List.of(new Numbered<>(i, i), new Numbered<>(i, i)))
                .transform(Reliability.acknowledge(feedback -> {}, Schedulers.parallel()));
    }

    @Override
    public Publisher<Integer> createFailedPublisher() {
        return Flux.<Numbered<Integer>>error(new IllegalStateException("on purpose"))
                .transform(Reliability.acknowledge(feedback -> {}, Schedulers.parallel()));
    }
}
