package io.weir.test.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.StreamReset;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.codec.Codec;
import io.weir.test.TestNodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;

/** Publishers that emit when they like, as a timer does, whether they are asked or not. */
final class UnaskedPublisherTest {

    private final List<Long> received = new ArrayList<>();
    private final AtomicReference<Throwable> receiveError = new AtomicReference<>();
    private final AtomicReference<Throwable> sendError = new AtomicReference<>();

    private final TestNodes nodes = TestNodes.pair(
            a -> a,
            b -> b.onStream(
                    "ticks",
                    stream -> stream.receive(Codec.utf8())
                            .map(Long::valueOf)
                            .doOnNext(received::add)
                            .doOnError(receiveError::set)
                            .then()));

    @AfterEach
    void close() {
        nodes.close();
    }

    private void send(Flux<Long> ticks) {
        nodes.session()
                .openStream("ticks", StreamConfig.reliable())
                .send(ticks.map(String::valueOf), Codec.utf8())
                .subscribe(null, sendError::set);
        nodes.settle();
    }

    private Flux<Long> everyMilli() {
        return Flux.interval(Duration.ofMillis(1), nodes.time());
    }

    /** As a loop does that has other work: everything that others ask of it waits. */
    private void holdTheLoop(Duration duration) {
        nodes.network().freeze("a", duration);
        nodes.advance(duration);
    }

    @Test
    void aTimerWhoseLoopIsLateByTenTicksLosesNone() {
        send(everyMilli());
        nodes.advance(Duration.ofMillis(1));
        assertThat(received).as("one element was written").hasSize(1);

        for (int i = 0; i < 20; i++) {
            holdTheLoop(Duration.ofMillis(10));
            nodes.advance(Duration.ofMillis(3));
        }

        assertThat(sendError).hasNullValue();
        assertThat(received)
                .hasSizeGreaterThan(250)
                .isEqualTo(LongStream.range(0, received.size()).boxed().toList());
    }

    @Test
    void aTimerThatHadToWaitTooLongFailsWithWhatToDo() {
        send(everyMilli());
        nodes.advance(Duration.ofMillis(1));

        holdTheLoop(Duration.ofMillis(40));
        nodes.advance(Duration.ofMillis(10));

        assertThat(sendError.get())
                .hasMessageContainingAll(
                        "\"ticks\"", nodes.node("b").id().toString(), "onBackpressureBuffer", "onBackpressureLatest")
                .matches(Exceptions::isOverflow)
                .cause()
                .hasMessageContaining("tick");
        assertThat(receiveError.get()).isInstanceOf(StreamReset.class);
    }

    @Test
    void aTimerWithAPolicyOfItsOwnOutlivesAnyWait() {
        send(everyMilli().onBackpressureBuffer(1_000));
        nodes.advance(Duration.ofMillis(1));

        holdTheLoop(Duration.ofMillis(400));
        nodes.advance(Duration.ofMillis(10));

        assertThat(sendError).hasNullValue();
        assertThat(received).hasSizeGreaterThan(400);
    }

    @Test
    void aPublisherThatIgnoresDemandFailsInTheSameWay() {
        send(Flux.from(subscriber -> {
            subscriber.onSubscribe(new org.reactivestreams.Subscription() {
                @Override
                public void request(long n) {}

                @Override
                public void cancel() {}
            });
            for (long i = 0; i < 100_000 && sendError.get() == null; i++) {
                subscriber.onNext(i);
            }
        }));

        assertThat(sendError.get())
                .hasMessageContainingAll("\"ticks\"", "onBackpressureBuffer")
                .matches(Exceptions::isOverflow);
    }
}
