package io.weir.reactive.session.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.fault.Fault;
import io.weir.reactive.transport.SessionLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.scheduler.VirtualTimeScheduler;

class BroadcastTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SessionLoop loop = SessionLoop.on(time);
    private final Broadcast<String> broadcast = new Broadcast<>(loop, 4, 10, String::length, Fault::report);

    @AfterEach
    void dispose() {
        time.dispose();
    }

    @Test
    void tellsEverySubscriberWhatComesAfterItAndThenTheEnd() {
        Probe early = subscribed(Long.MAX_VALUE);
        emit("a");
        Probe late = subscribed(Long.MAX_VALUE);
        emit("b");
        complete();
        assertThat(early.heard).containsExactly("a", "b", "complete");
        assertThat(late.heard).containsExactly("b", "complete");
    }

    @Test
    void keepsForASlowSubscriberOnlySoManyAndTellsWhatWasLeftOut() {
        Probe fast = subscribed(Long.MAX_VALUE);
        Probe slow = subscribed(0);
        int leftOut = 0;
        for (String s : List.of("a", "b", "c", "d", "e", "f")) {
            leftOut += emit(s);
        }
        assertThat(leftOut).isEqualTo(2);
        slow.request(2);
        time.advanceTime();
        assertThat(emit("g")).isZero();
        slow.request(100);
        complete();
        assertThat(fast.heard).containsExactly("a", "b", "c", "d", "e", "f", "g", "complete");
        assertThat(slow.heard).containsExactly("a", "b", "c", "d", "g", "complete");
    }

    @Test
    void keepsForASlowSubscriberOnlySoManyBytesButOneElementAlways() {
        Probe slow = subscribed(0);
        assertThat(emit("0123456789abcdef")).isZero();
        assertThat(emit("x")).isEqualTo(1);
        slow.request(1);
        time.advanceTime();
        assertThat(emit("01234") + emit("56789")).isZero();
        assertThat(emit("x")).isEqualTo(1);
        slow.request(9);
        time.advanceTime();
        assertThat(slow.heard).containsExactly("0123456789abcdef", "01234", "56789");
    }

    @Test
    void aSubscriberThatCancelsHearsNoMoreAndIsForgotten() {
        Probe probe = subscribed(Long.MAX_VALUE);
        emit("a");
        probe.cancel();
        time.advanceTime();
        assertThat(broadcast.hasObservers()).isFalse();
        assertThat(emit("b")).isZero();
        assertThat(probe.heard).containsExactly("a");
    }

    @Test
    void aSubscriberThatThrowsIsForgottenAndHarmsNobody() {
        BaseSubscriber<String> bad = new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(String value) {
                throw new IllegalStateException("boom");
            }

            @Override
            protected void hookOnError(Throwable throwable) {}
        };
        broadcast.subscribe(bad);
        Probe good = subscribed(Long.MAX_VALUE);
        emit("a");
        emit("b");
        assertThat(good.heard).containsExactly("a", "b");
    }

    @Test
    void aDemandOfNothingIsAnError() {
        Probe probe = subscribed(0);
        probe.upstream().request(0);
        time.advanceTime();
        assertThat(probe.heard).containsExactly("error IllegalArgumentException");
        assertThat(broadcast.hasObservers()).isFalse();
    }

    @Test
    void whoComesAfterTheEndHearsTheEnd() {
        complete();
        assertThat(subscribed(Long.MAX_VALUE).heard).containsExactly("complete");
    }

    private Probe subscribed(long demand) {
        Probe probe = new Probe(demand);
        broadcast.subscribe(probe);
        time.advanceTime();
        return probe;
    }

    private int emit(String value) {
        int[] leftOut = new int[1];
        loop.execute(() -> leftOut[0] = broadcast.emit(value));
        time.advanceTime();
        return leftOut[0];
    }

    private void complete() {
        loop.execute(broadcast::complete);
        time.advanceTime();
    }

    private static final class Probe extends BaseSubscriber<String> {
        private final List<String> heard = new ArrayList<>();
        private final long demand;

        Probe(long demand) {
            this.demand = demand;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (demand > 0) {
                subscription.request(demand);
            }
        }

        @Override
        protected void hookOnNext(String value) {
            heard.add(value);
        }

        @Override
        protected void hookOnComplete() {
            heard.add("complete");
        }

        @Override
        protected void hookOnError(Throwable e) {
            heard.add("error " + e.getClass().getSimpleName());
        }

        @Override
        protected Subscription upstream() {
            return super.upstream();
        }
    }
}
