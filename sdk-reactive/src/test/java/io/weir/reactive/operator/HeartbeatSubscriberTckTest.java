package io.weir.reactive.operator;

import java.time.Duration;
import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import reactor.core.scheduler.Schedulers;

/** The heartbeat emitter as a subscriber of its source. */
public class HeartbeatSubscriberTckTest extends SubscriberWhiteboxVerification<Integer> {

    public HeartbeatSubscriberTckTest() {
        super(Tck.environment());
    }

    @Override
    public Subscriber<Integer> createSubscriber(WhiteboxSubscriberProbe<Integer> probe) {
        return new FluxHeartbeat.HeartbeatSubscriber<>(
                new ProbeSubscriber<>(probe),
                Duration.ofHours(1).toNanos(),
                () -> -1,
                new Alarm(Schedulers.parallel()));
    }

    @Override
    public Integer createElement(int element) {
        return element;
    }
}
