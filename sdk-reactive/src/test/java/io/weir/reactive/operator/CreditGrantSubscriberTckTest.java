package io.weir.reactive.operator;

import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The grant as a subscriber of its source. */
public class CreditGrantSubscriberTckTest extends SubscriberWhiteboxVerification<Integer> {

    public CreditGrantSubscriberTckTest() {
        super(Tck.environment());
    }

    @Override
    public Subscriber<Integer> createSubscriber(WhiteboxSubscriberProbe<Integer> probe) {
        GrantSettings<Integer> settings =
                new GrantSettings<>(CreditWindow.defaults(), number -> 4, Flux.never(), grant -> {});
        return new FluxCreditGrant.GrantSubscriber<>(new ProbeSubscriber<>(probe), settings, Schedulers.parallel());
    }

    @Override
    public Integer createElement(int element) {
        return element;
    }
}
