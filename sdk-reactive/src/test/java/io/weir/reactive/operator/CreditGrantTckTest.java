package io.weir.reactive.operator;

import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** The grant as a publisher, with a gate before it, since it needs a source that keeps to its credit. */
public class CreditGrantTckTest extends PublisherVerification<Integer> {

    private static final CreditWindow WINDOW = CreditWindow.fixed(5 * (16 + 4));

    public CreditGrantTckTest() {
        super(Tck.environment());
    }

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        Flux<Integer> numbers = Flux.range(0, (int) Math.min(Integer.MAX_VALUE, elements));
        return Flux.defer(() -> {
            Sinks.Many<Grant> grants = Sinks.many().unicast().onBackpressureBuffer();
            Sinks.Many<Blocked> blocked = Sinks.many().unicast().onBackpressureBuffer();
            return numbers.transform(CreditGate.of(grants.asFlux(), number -> 4, 0, blocked::tryEmitNext))
                    .transform(CreditGrant.of(WINDOW, number -> 4, blocked.asFlux(), grants::tryEmitNext));
        });
    }

    @Override
    public Publisher<Integer> createFailedPublisher() {
        return Flux.<Integer>error(new IllegalStateException("on purpose"))
                .transform(CreditGrant.of(WINDOW, number -> 4, grant -> {}));
    }
}
