package io.weir.reactive.operator;

import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;

/** Order as a subscriber of its source; elements are their own positions and only increase. */
public class ReliableOrderSubscriberTckTest extends SubscriberWhiteboxVerification<Integer> {

    public ReliableOrderSubscriberTckTest() {
        super(Tck.environment());
    }

    @Override
    public Subscriber<Integer> createSubscriber(WhiteboxSubscriberProbe<Integer> probe) {
        return new FluxOrder.OrderSubscriber<>(
                new ProbeSubscriber<>(probe), new OrderSettings<Integer>(i -> i, 0, gap -> {}));
    }

    @Override
    public Integer createElement(int element) {
        return element;
    }
}
