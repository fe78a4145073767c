package io.weir.reactive.operator;

import java.util.List;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;

/** Order as a publisher; elements come in turned pairs, and each twice. */
public class ReliableOrderTckTest extends PublisherVerification<Integer> {

    public ReliableOrderTckTest() {
        super(Tck.environment());
    }

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        int count = (int) Math.min(Integer.MAX_VALUE - 1, elements);
        return Flux.range(0, count)
                .concatMapIterable(i -> {
                    int turned = i % 2 == 0 && i + 1 < count ? i + 1 : i % 2 == 0 ? i : i - 1;
                    return List.of(turned, turned);
                })
                .transform(Reliability.order(i -> i, 8, gap -> {}));
    }

    @Override
    public Publisher<Integer> createFailedPublisher() {
        return Flux.<Integer>error(new IllegalStateException("on purpose"))
                .transform(Reliability.order(i -> i, 8, gap -> {}));
    }
}
