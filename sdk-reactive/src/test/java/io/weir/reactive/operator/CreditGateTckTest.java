package io.weir.reactive.operator;

import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** The gate as a publisher, with a window of three elements that each element passed moves on. */
public class CreditGateTckTest extends PublisherVerification<Integer> {

    private static final int COST = 16 + 4;
    private static final int WINDOW = 3 * COST;

    public CreditGateTckTest() {
        super(Tck.environment());
    }

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        Flux<Integer> numbers = Flux.range(0, (int) Math.min(Integer.MAX_VALUE, elements));
        return Flux.defer(() -> {
            Sinks.Many<Grant> grants = Sinks.many().unicast().onBackpressureBuffer();
            long[] consumed = {0};
            return numbers.transform(CreditGate.of(grants.asFlux(), number -> 4, WINDOW))
                    .doOnNext(number -> {
                        consumed[0] += COST;
                        grants.tryEmitNext(new Grant(consumed[0], consumed[0] + WINDOW));
                    });
        });
    }

    @Override
    public Publisher<Integer> createFailedPublisher() {
        return Flux.<Integer>error(new IllegalStateException("on purpose"))
                .transform(CreditGate.of(Flux.never(), number -> 4, WINDOW));
    }
}
