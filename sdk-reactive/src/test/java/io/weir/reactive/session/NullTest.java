package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.CodecException;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.error.StreamReset;
import io.weir.core.error.StreamStopped;
import io.weir.core.error.WeirException;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** Null where user code has to give something: a failure that says where, never an element, an end or a wait. */
@SuppressWarnings({"NullAway", "DataFlowIssue"}) // what the compiler could tell is what is tried
class NullTest {

    private static final StreamConfig RELIABLE = StreamConfig.reliable();

    /** The signals that a publisher must not give null with (Reactive Streams 2.13). */
    enum Signal {
        ON_SUBSCRIBE {
            @Override
            <T> void give(Subscriber<? super T> subscriber) {
                subscriber.onSubscribe(null);
            }
        },
        ON_NEXT {
            @Override
            <T> void give(Subscriber<? super T> subscriber) {
                subscriber.onSubscribe(Operators.emptySubscription());
                subscriber.onNext(null);
            }
        },
        ON_ERROR {
            @Override
            <T> void give(Subscriber<? super T> subscriber) {
                subscriber.onSubscribe(Operators.emptySubscription());
                subscriber.onError(null);
            }
        };

        abstract <T> void give(Subscriber<? super T> subscriber);

        /** A publisher that gives it, and what it gets for that. */
        <T> Publisher<T> by(List<Throwable> thrown) {
            return subscriber -> {
                try {
                    give(subscriber);
                } catch (NullPointerException e) {
                    thrown.add(e);
                }
            };
        }
    }

    // ---- streams

    @ParameterizedTest
    @EnumSource
    void aPublisherThatSignalsNullLosesItsHalfAndIsTold(Signal signal) {
        List<Throwable> thrown = new ArrayList<>();
        AtomicReference<@Nullable Throwable> sent = new AtomicReference<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                "x",
                stream -> stream.send(signal.<String>by(thrown), Codec.utf8()).doOnError(sent::set)))) {
            assertThat(failure(pair, pair.session.openStream("x", RELIABLE).receive(Codec.utf8())))
                    .isInstanceOfSatisfying(StreamReset.class, code("APPLICATION_ERROR"));
        }
        assertThat(thrown).singleElement().asString().contains("null").contains("2.13");
        assertThat(sent.get()).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aCodecThatDecodesToNullStopsTheHalf() {
        AtomicReference<@Nullable Throwable> sent = new AtomicReference<>();
        try (NodePair pair = sending(sent)) {
            Codec<String> codec = Codec.of(v -> ByteBuffer.allocate(0), payload -> null);
            assertThat(failure(pair, pair.session.openStream("x", RELIABLE).receive(codec)))
                    .isInstanceOfSatisfying(CodecException.class, code("DECODE_FAILED"))
                    .hasStackTraceContaining("decode returned null");
            assertThat(sent.get()).isInstanceOfSatisfying(StreamStopped.class, code("DECODE_FAILED"));
        }
    }

    @Test
    void aCodecThatEncodesToNullResetsTheHalf() {
        assertEncodeFails(Codec.of(v -> null, payload -> ""), "encode returned null");
    }

    @Test
    void aSizeThatCannotBeResetsTheHalf() {
        assertEncodeFails(
                new Codec<>() {
                    @Override
                    public int sizeOf(String value) {
                        return -5;
                    }

                    @Override
                    public ByteBuffer encode(String value) {
                        return ByteBuffer.allocate(0);
                    }

                    @Override
                    public String decode(ByteBuffer payload) {
                        return "";
                    }
                },
                "sizeOf gave -5, must be 0 or more, or -1");
    }

    private static void assertEncodeFails(Codec<String> codec, String why) {
        AtomicReference<@Nullable Throwable> sent = new AtomicReference<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream(
                        "x", stream -> stream.send(Flux.just("a"), codec).doOnError(sent::set))
                .onRequest("x", RequestHandler.typed(Codec.utf8(), codec, Mono::just)))) {
            assertThat(failure(pair, pair.session.openStream("x", RELIABLE).receive(Codec.utf8())))
                    .isInstanceOfSatisfying(StreamReset.class, code("ENCODE_FAILED"));
            assertThat(sent.get())
                    .isInstanceOfSatisfying(CodecException.class, code("ENCODE_FAILED"))
                    .hasStackTraceContaining(why);
            assertThat(failure(pair, pair.session.request("x", "a", Codec.utf8(), Codec.utf8())))
                    .isInstanceOfSatisfying(ReplyMissingException.class, code("ENCODE_FAILED"));
            assertThat(failure(pair, pair.session.request("x", "a", codec, Codec.utf8())))
                    .isInstanceOfSatisfying(CodecException.class, code("ENCODE_FAILED"))
                    .hasStackTraceContaining(why);
            assertThat(failure(pair, pair.session.send("x", "a", codec)))
                    .isInstanceOfSatisfying(CodecException.class, code("ENCODE_FAILED"));
        }
    }

    @Test
    void aStreamHandlerThatReturnsNullHasFailed() {
        try (NodePair pair = NodePair.of(spec -> spec.onStream("x", stream -> null))) {
            assertThat(failure(pair, pair.session.openStream("x", RELIABLE).receive(Codec.utf8())))
                    .isInstanceOfSatisfying(StreamReset.class, code("APPLICATION_ERROR"));
        }
    }

    @Test
    void sendToldToAskForNothingFails() {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        try (NodePair pair = NodePair.of(spec ->
                spec.onStream("x", stream -> stream.receive(Codec.utf8()).then()))) {
            pair.session
                    .openStream("x", RELIABLE)
                    .send(Flux.<String>never(), Codec.utf8())
                    .subscribe(asking(0, failure));
            pair.settle();
            assertThat(failure.get())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("3.9");
        }
    }

    @Test
    void valuesAreAskedForAtOnce() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            assertThatThrownBy(() -> pair.session.openStream("x", RELIABLE).trySend(null, Codec.utf8()))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("value");
            assertThatThrownBy(() -> pair.client.peers().follow((Publisher<Set<PeerAddress>>) null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("discovered");
        }
    }

    // ---- messages

    @ParameterizedTest
    @EnumSource
    void aRequestHandlersPublisherThatSignalsNullHasFailed(Signal signal) {
        List<Throwable> thrown = new ArrayList<>();
        assertAnswered(request -> signal.by(thrown), "APPLICATION_ERROR");
        assertThat(thrown).singleElement().asString().contains("null").contains("2.13");
    }

    @Test
    void aRequestHandlerThatReturnsNullHasFailed() {
        assertAnswered(request -> null, "APPLICATION_ERROR");
        assertAnswered(RequestHandler.typed(Codec.utf8(), Codec.utf8(), value -> null), "APPLICATION_ERROR");
        assertAnswered(
                RequestHandler.typed(
                        Codec.<String>of(v -> ByteBuffer.allocate(0), payload -> null),
                        Codec.utf8(),
                        value -> Mono.just("a")),
                "DECODE_FAILED");
    }

    private static void assertAnswered(RequestHandler handler, String code) {
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("x", handler))) {
            assertThat(failure(pair, pair.session.request("x", "a", Codec.utf8(), Codec.utf8())))
                    .isInstanceOfSatisfying(ReplyMissingException.class, code(code));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMessageHandlersPublisherThatSignalsNullGivesItsPlaceBack(Signal signal) {
        List<Throwable> thrown = new ArrayList<>();
        assertHandled(spec -> spec.onMessage("x", message -> signal.by(thrown)));
        assertThat(thrown).isNotEmpty();
    }

    @Test
    void aMessageHandlerThatReturnsNullGivesItsPlaceBack() {
        assertHandled(spec -> spec.onMessage("x", message -> null));
    }

    private static void assertHandled(UnaryOperator<PeerNodeSpec> handler) {
        try (NodePair pair = NodePair.of(handler)) {
            pair.session.send("x", "a", Codec.utf8()).subscribe();
            pair.settle();
            assertThat(pair.serverSession().messageStats().messagesWaiting()).isZero();
        }
    }

    // ---- what they have in common

    private static NodePair sending(AtomicReference<@Nullable Throwable> sent) {
        return NodePair.of(spec -> spec.onStream(
                "x",
                stream -> stream.send(Flux.just("a").concatWith(Flux.never()), Codec.utf8())
                        .doOnError(sent::set)));
    }

    private static @Nullable Throwable failure(NodePair pair, Publisher<?> publisher) {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        List<Object> elements = new ArrayList<>();
        Flux.from(publisher).subscribe(elements::add, failure::set);
        pair.settle();
        assertThat(elements).isEmpty();
        return failure.get();
    }

    private static <E extends WeirException> Consumer<E> code(String name) {
        return e -> assertThat(e.reason().error().name()).isEqualTo(name);
    }

    private static Subscriber<Object> asking(long n, AtomicReference<@Nullable Throwable> failure) {
        return new Subscriber<>() {
            @Override
            public void onSubscribe(Subscription s) {
                s.request(n);
            }

            @Override
            public void onNext(Object value) {}

            @Override
            public void onError(Throwable e) {
                failure.set(e);
            }

            @Override
            public void onComplete() {}
        };
    }
}
