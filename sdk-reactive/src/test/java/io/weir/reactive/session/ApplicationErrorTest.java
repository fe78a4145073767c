package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ApplicationException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.error.StreamReset;
import io.weir.core.error.StreamStopped;
import io.weir.core.peer.Backoff;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.HandlerError;
import io.weir.reactive.Interaction;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.operator.PeerRetry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Errors that the application makes to be heard by the peer, of requests and streams, in memory and in virtual time. */
class ApplicationErrorTest {

    private static final Codec<String> TEXT = Codec.utf8();
    private static final byte[] PAYLOAD = bytes(900);

    private final List<HandlerError> failed = new ArrayList<>();

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static ApplicationException error() {
        return new ApplicationException(42, "no such quote", PAYLOAD, true);
    }

    // ---- requests

    static Stream<RequestHandler> handlers() {
        return Stream.of(
                request -> Mono.error(error()),
                request -> {
                    throw error();
                },
                RequestHandler.typed(TEXT, TEXT, text -> Mono.error(error())),
                ((RequestHandler) request -> Mono.error(error())).on(Schedulers.immediate()));
    }

    @ParameterizedTest
    @MethodSource("handlers")
    void theRequesterFailsWithWhatTheHandlerFailedWith(RequestHandler handler) {
        try (NodePair pair =
                NodePair.of(spec -> spec.onRequest("price", handler).onHandlerError(failed::add))) {
            Heard<String> heard = new Heard<>(pair.session.request("price", "ACME", TEXT, TEXT));
            pair.settle();
            assertSaid(heard.failure);
            assertThat(heard.failure)
                    .hasMessageContaining("request \"price\"")
                    .hasMessageContaining(pair.server.id().toString())
                    .hasMessageEndingWith("no such quote");
            assertThat(failed).as("it has not failed: it has said something").isEmpty();
        }
    }

    @Test
    void onlyWhatTheHandlerMadeCrosses() {
        RequestHandler foreign = request ->
                request.session().request("inner", "x", TEXT, Codec.buffers()).map(reply -> reply);
        try (NodePair pair = NodePair.of(
                spec -> spec.onRequest("outer", foreign)
                        .onRequest("plain", request -> Mono.error(new IllegalStateException("secret")))
                        .onHandlerError(failed::add),
                spec -> spec.onRequest("inner", request -> Mono.error(error())))) {
            Heard<String> outer = new Heard<>(pair.session.request("outer", "x", TEXT, TEXT));
            Heard<String> plain = new Heard<>(pair.session.request("plain", "x", TEXT, TEXT));
            pair.settle();
            for (Heard<String> heard : List.of(outer, plain)) {
                assertThat(heard.failure)
                        .isInstanceOfSatisfying(
                                ReplyMissingException.class,
                                e -> assertThat(e.reason().code()).isEqualTo(ErrorCode.APPLICATION_ERROR.number()));
                assertThat(heard.failure).hasMessageNotContaining("secret").hasMessageNotContaining("no such quote");
            }
            assertThat(failed).hasSize(2);
            assertSaid(failed.get(0).error());
        }
    }

    @Test
    void interceptorsAndObserversSeeIt() {
        List<Interaction.End> ends = new ArrayList<>();
        List<NodeObserver.RequestDone> done = new ArrayList<>();
        NodeObserver observer = new NodeObserver() {
            @Override
            public void onAsked(PeerSession session, RequestDone request) {
                done.add(request);
            }

            @Override
            public void onAnswered(PeerSession session, RequestDone request) {
                done.add(request);
            }
        };
        try (NodePair pair = NodePair.of(
                spec -> spec.onRequest("price", request -> Mono.error(error()))
                        .intercept(interaction -> interaction.doOnEnd(ends::add))
                        .observer(observer),
                spec -> spec.intercept(interaction -> interaction.doOnEnd(ends::add))
                        .observer(observer))) {
            new Heard<>(pair.session.request("price", "ACME", TEXT, TEXT));
            pair.settle();
        }
        assertThat(ends).hasSize(2).allSatisfy(end -> {
            assertThat(end.outcome()).isEqualTo(Interaction.Outcome.FAILURE);
            assertThat(end.error()).isInstanceOf(ApplicationException.class);
        });
        assertThat(done).hasSize(2).allSatisfy(request -> {
            assertThat(request.outcome()).isEqualTo(ErrorCode.APPLICATION_ERROR);
            assertThat(request.code()).isEqualTo(0x1_002A);
        });
    }

    @Test
    void isTriedAgainIfItSaysSo() {
        AtomicInteger calls = new AtomicInteger();
        RequestHandler handler = request -> {
            int call = calls.incrementAndGet();
            return call < 3
                    ? Mono.error(new ApplicationException(1, "not yet", new byte[0], call == 1))
                    : Mono.just(request.payload());
        };
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("r", handler))) {
            ConnectionPolicy policy = ConnectionPolicy.defaults()
                    .withBackoff(new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(1)));
            Heard<String> heard = new Heard<>(pair.session
                    .request("r", "x", TEXT, TEXT)
                    .retryWhen(PeerRetry.of(policy).on(pair.time)));
            pair.advance(Duration.ofSeconds(5));
            assertThat(calls).as("the second is final").hasValue(2);
            assertThat(heard.failure).isInstanceOf(ApplicationException.class);
        }
    }

    // ---- streams

    @Test
    void theReceiverFailsBehindTheElements() {
        StreamHandler handler = stream -> stream.send(hundred().concatWith(Mono.error(error())), TEXT);
        try (NodePair pair =
                NodePair.of(spec -> spec.onStream("quotes", handler).onHandlerError(failed::add))) {
            for (StreamConfig config : List.of(StreamConfig.reliable(), StreamConfig.fireAndForget())) {
                Heard<String> heard =
                        new Heard<>(pair.session.openStream("quotes", config).receive(TEXT), 0);
                for (int i = 0; i < 100; i++) {
                    pair.settle();
                    assertThat(heard.failure).isNull();
                    heard.request(1);
                }
                pair.settle();
                assertThat(heard.elements).hasSize(100);
                assertSaid(heard.failure);
                assertThat(heard.failure).hasMessageContaining("\"quotes\"");
            }
            assertThat(failed).isEmpty();
        }
    }

    private static Flux<String> hundred() {
        return Flux.fromStream(() -> IntStream.range(0, 100).mapToObj(String::valueOf));
    }

    /** Of a handler that has sent nothing there is no half to end behind; it is opened for that. */
    @Test
    void aHandlerThatSentNothingIsHeardToo() {
        StreamHandler handler = stream -> Mono.error(error());
        try (NodePair pair =
                NodePair.of(spec -> spec.onStream("quotes", handler).onHandlerError(failed::add))) {
            PeerStream stream = pair.session.openStream("quotes", StreamConfig.reliable());
            Heard<String> heard = new Heard<>(stream.receive(TEXT));
            Heard<Void> sent = new Heard<>(stream.send(Flux.never(), TEXT));
            pair.settle();
            assertSaid(heard.failure);
            assertThat(sent.failure)
                    .isInstanceOfSatisfying(
                            StreamStopped.class,
                            e -> assertThat(e.reason().code())
                                    .as("STOP says that it failed, and no more")
                                    .isEqualTo(ErrorCode.APPLICATION_ERROR.number()));
            assertThat(failed).isEmpty();
        }
    }

    @Test
    void anExchangeFailsWithIt() {
        StreamHandler handler = stream -> stream.send(
                stream.receive(TEXT).concatMap(text -> text.equals("b") ? Mono.error(error()) : Mono.just(text)), TEXT);
        try (NodePair pair = NodePair.of(spec -> spec.onStream("echo", handler))) {
            Heard<String> heard = new Heard<>(pair.session.exchange("echo", Flux.just("a", "b", "c"), TEXT, TEXT));
            pair.settle();
            assertThat(heard.elements).containsExactly("a");
            assertSaid(heard.failure);
        }
    }

    @Test
    void thePeersHandlerHearsWhyTheValuesFailed() {
        List<Throwable> there = new ArrayList<>();
        StreamHandler handler =
                stream -> stream.receive(TEXT).doOnError(there::add).then().onErrorComplete();
        try (NodePair pair = NodePair.of(spec -> spec.onStream("sink", handler))) {
            new Heard<>(pair.session.openStream("sink", StreamConfig.reliable()).send(Flux.error(error()), TEXT));
            pair.settle();
            assertThat(there).hasSize(1);
            assertSaid(there.get(0));
        }
    }

    @Test
    void isHeardBehindTheQueueOfASessionThatIsGone() {
        StreamHandler handler = stream -> stream.send(Flux.just("a", "b").concatWith(Mono.error(error())), TEXT);
        try (NodePair pair = NodePair.of(spec -> spec.onStream("quotes", handler))) {
            Heard<String> heard = new Heard<>(
                    pair.session.openStream("quotes", StreamConfig.reliable()).receive(TEXT), 1);
            pair.settle();
            pair.server.dispose();
            pair.settle();
            assertThat(heard.failure).isNull();
            heard.request(1);
            pair.settle();
            assertThat(heard.elements).containsExactly("a", "b");
            assertSaid(heard.failure);
        }
    }

    /** A window that text and payload exceed: the number crosses without them. */
    @Test
    void aWindowTooSmallForItGetsTheNumber() {
        StreamHandler handler = stream -> stream.send(Flux.error(error()), TEXT);
        try (NodePair pair = NodePair.of(spec -> spec.onStream("quotes", handler))) {
            StreamConfig small = StreamConfig.reliable().withFixedWindow(PAYLOAD.length);
            Heard<String> heard =
                    new Heard<>(pair.session.openStream("quotes", small).receive(TEXT));
            pair.settle();
            assertThat(heard.failure).isInstanceOfSatisfying(ApplicationException.class, e -> {
                assertThat(e.code()).isEqualTo(42);
                assertThat(e.text()).isEmpty();
                assertThat(e.payload().remaining()).isZero();
                assertThat(e.reason().retryable()).isTrue();
            });
        }
    }

    @Test
    void whatAPublisherOnlyPassesOnDoesNotCross() {
        StreamHandler relay =
                stream -> stream.send(stream.session().exchange("inner", Flux.<String>empty(), TEXT, TEXT), TEXT);
        try (NodePair pair = NodePair.of(
                spec -> spec.onStream("outer", relay),
                spec -> spec.onStream("inner", stream -> stream.send(Flux.error(error()), TEXT)))) {
            Heard<String> heard = new Heard<>(
                    pair.session.openStream("outer", StreamConfig.reliable()).receive(TEXT));
            pair.settle();
            assertThat(heard.failure)
                    .isInstanceOfSatisfying(
                            StreamReset.class,
                            e -> assertThat(e.reason().code()).isEqualTo(ErrorCode.APPLICATION_ERROR.number()));
        }
    }

    private static void assertSaid(@Nullable Throwable failure) {
        assertThat(failure).isInstanceOfSatisfying(ApplicationException.class, e -> {
            assertThat(e.code()).isEqualTo(42);
            assertThat(e.text()).isEqualTo("no such quote");
            assertThat(e.payload()).isEqualTo(ByteBuffer.wrap(PAYLOAD));
            assertThat(e.reason().retryable()).isTrue();
            assertThat(e.reason().origin()).isEqualTo(Origin.REMOTE);
        });
    }

    private static final class Heard<T> extends BaseSubscriber<T> {
        final List<T> elements = new ArrayList<>();

        @Nullable
        Throwable failure;

        private final long first;

        Heard(Mono<T> source) {
            this(source.flux());
        }

        Heard(Flux<T> source) {
            this(source, Long.MAX_VALUE);
        }

        Heard(Flux<T> source, long first) {
            this.first = first;
            source.subscribe(this);
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (first > 0) {
                request(first);
            }
        }

        @Override
        protected void hookOnNext(T value) {
            elements.add(value);
        }

        @Override
        protected void hookOnError(Throwable e) {
            failure = e;
        }
    }
}
