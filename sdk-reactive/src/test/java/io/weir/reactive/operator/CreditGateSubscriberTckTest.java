package io.weir.reactive.operator;

import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import reactor.core.publisher.Flux;

/** The gate as a subscriber of its source. */
public class CreditGateSubscriberTckTest extends SubscriberWhiteboxVerification<Integer> {

    public CreditGateSubscriberTckTest() {
        super(Tck.environment());
    }

    @Override
    public Subscriber<Integer> createSubscriber(WhiteboxSubscriberProbe<Integer> probe) {
        return new FluxCreditGate.GateSubscriber<>(
                new ProbeSubscriber<>(probe), new GateSettings<>(Flux.never(), number -> 4, 1L << 40, blocked -> {}));
    }

    @Override
    public Integer createElement(int element) {
        return element;
    }
}
