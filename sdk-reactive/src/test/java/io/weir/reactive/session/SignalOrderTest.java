package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerStream;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.Establisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;

/** Signals of a subscriber come one after the other (Reactive Streams 1.3), also where it ends from within one of them. */
class SignalOrderTest {

    private static final StreamConfig RELIABLE = StreamConfig.reliable();

    @Test
    void tellsTheEndOfAStreamDisposedOfInsideOnNextAfterIt() {
        try (NodePair pair = sending(Flux.just("a", "b", "c"))) {
            PeerStream stream = pair.session.openStream("x", RELIABLE);
            Witness<String> witness = new Witness<>(Long.MAX_VALUE, stream::dispose);
            stream.receive(Codec.utf8()).subscribe(witness);
            pair.settle();
            assertThat(witness.heard).containsExactly("onNext", "returned", "onError");
        }
    }

    @Test
    void tellsTheEndOfASessionDisposedOfInsideOnNextAfterIt() {
        try (NodePair pair = sending(Flux.just("a"))) {
            Witness<String> witness = new Witness<>(Long.MAX_VALUE, pair.session::dispose);
            pair.session.openStream("x", RELIABLE).receive(Codec.utf8()).subscribe(witness);
            pair.settle();
            assertThat(witness.heard).containsExactly("onNext", "returned", "onError");
        }
    }

    @Test
    void tellsTheEndOfAStreamWhoseElementsWereQueuedAfterOnNext() {
        try (NodePair pair = sending(Flux.just("a", "b", "c"))) {
            PeerStream stream = pair.session.openStream("x", RELIABLE);
            Witness<String> witness = new Witness<>(0, stream::dispose);
            stream.receive(Codec.utf8()).subscribe(witness);
            pair.settle();
            witness.subscription.request(2);
            pair.settle();
            assertThat(witness.heard).containsExactly("onNext", "returned", "onError");
        }
    }

    @Test
    void tellsTheLossOfASessionAfterOnNextAndWhatIsQueuedBeforeIt() {
        try (NodePair pair = sending(Flux.just("a", "b"))) {
            Witness<String> witness = new Witness<>(0, pair.session::dispose);
            pair.session.openStream("x", RELIABLE).receive(Codec.utf8()).subscribe(witness);
            pair.settle();
            witness.subscription.request(2);
            pair.settle();
            // the peer had completed the half, so nothing is missing
            assertThat(witness.heard).containsExactly("onNext", "returned", "onNext", "returned", "onComplete");
        }
    }

    @Test
    void tellsNothingMoreWhereOnNextCancelsBeforeItDisposes() {
        try (NodePair pair = sending(Flux.just("a", "b"))) {
            PeerStream stream = pair.session.openStream("x", RELIABLE);
            Witness<String> witness = new Witness<>(Long.MAX_VALUE, () -> {});
            witness.inside = () -> {
                witness.subscription.cancel();
                stream.dispose();
            };
            stream.receive(Codec.utf8()).subscribe(witness);
            pair.settle();
            assertThat(witness.heard).containsExactly("onNext", "returned");
        }
    }

    @Test
    void tellsTheFailureOfWhatAnExchangeSendsAfterOnNext() {
        try (NodePair pair = NodePair.of(spec ->
                spec.onStream("x", stream -> stream.send(stream.receive(Codec.utf8()), Codec.utf8())))) {
            Sinks.Many<String> values = Sinks.many().unicast().onBackpressureBuffer();
            values.tryEmitNext("a");
            Witness<String> witness =
                    new Witness<>(Long.MAX_VALUE, () -> values.tryEmitError(new IllegalStateException("test")));
            pair.session
                    .exchange("x", values.asFlux(), Codec.utf8(), Codec.utf8())
                    .subscribe(witness);
            pair.settle();
            assertThat(witness.heard).containsExactly("onNext", "returned", "onError");
        }
    }

    @Test
    void tellsTheEndOfAnAnsweredRequestAfterOnNext() {
        try (NodePair pair = NodePair.of(
                spec -> spec.onRequest("echo", RequestHandler.typed(Codec.utf8(), Codec.utf8(), Mono::just)))) {
            assertEndsAfter(
                    pair,
                    pair.session.request("echo", "a", Codec.utf8(), Codec.utf8()),
                    "onNext",
                    "returned",
                    "onComplete");
        }
    }

    @Test
    void tellsTheEndOfWhatIsObservedAfterOnNext() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Witness<Object> streams = new Witness<>(Long.MAX_VALUE, pair.serverSession()::dispose);
            pair.serverSession().streams().subscribe(streams);
            pair.session.openStream("x", RELIABLE).receive(Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.settle();
            assertThat(streams.heard).containsExactly("onNext", "returned", "onComplete");
        }
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Witness<Object> messages = new Witness<>(Long.MAX_VALUE, pair.serverSession()::dispose);
            pair.serverSession().messages().subscribe(messages);
            pair.session.send("x", "a", Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.settle();
            assertThat(messages.heard).containsExactly("onNext", "returned", "onComplete");
        }
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Witness<Object> replies = new Witness<>(Long.MAX_VALUE, pair.session::dispose);
            pair.session.replies().subscribe(replies);
            pair.session.request("x", "a", Codec.utf8(), Codec.utf8()).subscribe(v -> {}, e -> {});
            pair.settle();
            assertThat(replies.heard).containsExactly("onNext", "returned", "onComplete");
        }
    }

    @Test
    void tellsWhatHappensAtANodeOneAfterTheOther() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            Witness<Object> sessions = new Witness<>(Long.MAX_VALUE, pair.client::dispose);
            Witness<Object> events = new Witness<>(Long.MAX_VALUE, () -> {});
            pair.client.events().subscribe(events);
            pair.client.sessions().subscribe(sessions);
            pair.settle();
            pair.advance(Duration.ofNanos(Establisher.LINGER_NANOS));
            assertThat(sessions.heard).containsExactly("onNext", "returned", "onComplete");
            assertThat(events.heard)
                    .containsExactly("onNext", "returned", "onNext", "returned", "onComplete"); // Ready, Closed
        }
    }

    private static NodePair sending(Flux<String> elements) {
        return NodePair.of(spec -> spec.onStream("x", stream -> stream.send(elements, Codec.utf8())));
    }

    private static void assertEndsAfter(NodePair pair, Publisher<?> publisher, String... signals) {
        Witness<Object> witness = new Witness<>(Long.MAX_VALUE, pair.session::dispose);
        Flux.from(publisher).cast(Object.class).subscribe(witness);
        pair.settle();
        assertThat(witness.heard).containsExactly(signals);
    }

    /** Says when each signal came, and when onNext returned, inside which it does something, once. */
    private static final class Witness<T> implements CoreSubscriber<T> {
        final List<String> heard = new ArrayList<>();
        private final long demand;
        private Runnable inside;
        private Subscription subscription = Operators.emptySubscription();

        Witness(long demand, Runnable inside) {
            this.demand = demand;
            this.inside = inside;
        }

        @Override
        public void onSubscribe(Subscription s) {
            subscription = s;
            if (demand > 0) {
                s.request(demand);
            }
        }

        @Override
        public void onNext(T value) {
            heard.add("onNext");
            Runnable once = inside;
            inside = () -> {};
            once.run();
            heard.add("returned");
        }

        @Override
        public void onError(Throwable e) {
            heard.add("onError");
        }

        @Override
        public void onComplete() {
            heard.add("onComplete");
        }
    }
}
