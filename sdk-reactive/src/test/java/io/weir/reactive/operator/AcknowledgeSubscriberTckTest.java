package io.weir.reactive.operator;

import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import reactor.core.CoreSubscriber;
import reactor.core.scheduler.Schedulers;

/** The acknowledger as a subscriber of its source. */
public class AcknowledgeSubscriberTckTest extends SubscriberWhiteboxVerification<Numbered<Integer>> {

    public AcknowledgeSubscriberTckTest() {
        super(Tck.environment());
    }

    @Override
    public Subscriber<Numbered<Integer>> createSubscriber(WhiteboxSubscriberProbe<Numbered<Integer>> probe) {
        return new FluxAcknowledge.AcknowledgeSubscriber<>(
                new Renumbering(probe),
                new AcknowledgeSettings<>(feedback -> {}, Schedulers.parallel(), element -> true),
                new Alarm(Schedulers.parallel()));
    }

    @Override
    public Numbered<Integer> createElement(int element) {
        return new Numbered<>(element, element);
    }

    /** Puts the number back, which is that of the element. */
    private static final class Renumbering implements CoreSubscriber<Integer> {

        private final ProbeSubscriber<Numbered<Integer>> probe;

        Renumbering(WhiteboxSubscriberProbe<Numbered<Integer>> probe) {
            this.probe = new ProbeSubscriber<>(probe);
        }

        @Override
        public void onSubscribe(Subscription s) {
            probe.onSubscribe(s);
        }

        @Override
        public void onNext(Integer value) {
            probe.onNext(new Numbered<>(value, value));
        }

        @Override
        public void onError(Throwable e) {
            probe.onError(e);
        }

        @Override
        public void onComplete() {
            probe.onComplete();
        }
    }
}
