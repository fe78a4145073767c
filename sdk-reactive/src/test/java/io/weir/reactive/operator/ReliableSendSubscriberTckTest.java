package io.weir.reactive.operator;

import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The sender as a subscriber of its source. */
public class ReliableSendSubscriberTckTest extends SubscriberWhiteboxVerification<Integer> {

    public ReliableSendSubscriberTckTest() {
        super(Tck.environment());
    }

    /** An end waits for what is outstanding, so the elements are ones that elicit no feedback. */
    private static final Renewal<Integer> FORGETFUL = new Renewal<>() {
        @Override
        public Integer renew(Integer lost) {
            return lost;
        }

        @Override
        public boolean elicitsFeedback(Integer element) {
            return false;
        }
    };

    @Override
    public Subscriber<Integer> createSubscriber(WhiteboxSubscriberProbe<Integer> probe) {
        return new FluxReliableSend.SendSubscriber<>(
                new MappedProbe(probe),
                new SendSettings<>(Flux.never(), RecoverySettings.defaults(), Schedulers.parallel(), FORGETFUL));
    }

    @Override
    public Integer createElement(int element) {
        return element;
    }

    /** Takes the number off. */
    private static final class MappedProbe implements CoreSubscriber<Numbered<Integer>> {

        private final ProbeSubscriber<Integer> probe;

        MappedProbe(WhiteboxSubscriberProbe<Integer> probe) {
            this.probe = new ProbeSubscriber<>(probe);
        }

        @Override
        public void onSubscribe(Subscription s) {
            probe.onSubscribe(s);
        }

        @Override
        public void onNext(Numbered<Integer> sent) {
            probe.onNext(sent.value());
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
