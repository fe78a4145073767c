package io.weir.reactive.operator;

import java.time.Duration;
import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import reactor.core.scheduler.Schedulers;

/** The loss detector as a subscriber of its source. */
public class LossDetectorSubscriberTckTest extends SubscriberWhiteboxVerification<Integer> {

    public LossDetectorSubscriberTckTest() {
        super(Tck.environment());
    }

    @Override
    public Subscriber<Integer> createSubscriber(WhiteboxSubscriberProbe<Integer> probe) {
        return new FluxLossDetector.DetectorSubscriber<>(
                new ProbeSubscriber<>(probe), Duration.ofHours(1).toNanos(), new Alarm(Schedulers.parallel()));
    }

    @Override
    public Integer createElement(int element) {
        return element;
    }
}
