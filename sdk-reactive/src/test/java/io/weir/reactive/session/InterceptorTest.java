package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.RequestRefusedException;
import io.weir.core.error.StreamReset;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.core.wire.Headers;
import io.weir.reactive.HandlerError;
import io.weir.reactive.Interaction;
import io.weir.reactive.Interaction.Kind;
import io.weir.reactive.Interceptor;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.RequestTest.Heard;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/** What interceptors see and change, on both sides of everything that two nodes can do with each other. */
class InterceptorTest {

    private final List<String> seen = new ArrayList<>();
    private final List<String> atHandler = new ArrayList<>();
    private final List<HandlerError> handlerErrors = new ArrayList<>();
    private final List<Sinks.Empty<Void>> ends = new ArrayList<>();

    /** Notes what passes and how it ends. */
    private Interceptor noting(String who) {
        return what -> {
            seen.add(who + " " + (what.byPeer() ? "handles " : "begins ") + what.kind() + " " + what.name());
            return what.doOnEnd(end -> seen.add(who + " " + end.outcome()
                    + (end.error() == null ? "" : " " + end.error().getClass().getSimpleName())));
        };
    }

    /** Takes a word from the context into the headers, and out of them again. */
    private static Interceptor carrying() {
        return what -> {
            if (!what.byPeer()) {
                return what.withHeaders(
                        what.headers().with("word", what.context().<String>get("word")));
            }
            String word = what.headers().text("word");
            return word == null ? what : what.withContext(what.context().put("word", word));
        };
    }

    private Mono<Void> note(String kind, Headers headers) {
        return Mono.deferContextual(context -> {
            atHandler.add(
                    kind + " headers " + headers.text("word") + ", context " + context.getOrDefault("word", "none"));
            Sinks.Empty<Void> end = Sinks.empty();
            ends.add(end);
            return end.asMono();
        });
    }

    private PeerNodeSpec handling(PeerNodeSpec spec) {
        return spec.onHandlerError(handlerErrors::add)
                .onRequest(
                        "r",
                        request -> note("request", request.headers())
                                .then(Mono.fromSupplier(() -> ByteBuffer.allocate(1))))
                .onMessage("m", message -> note("message", message.headers()))
                .onStream(
                        "s",
                        stream -> note("stream", stream.headers())
                                .then(stream.send(stream.receive(Codec.utf8()), Codec.utf8())));
    }

    /** What a side can begin. */
    private static Flux<?> begin(Kind kind, PeerSession session) {
        return switch (kind) {
            case REQUEST ->
                session.request("r", "", Codec.utf8(), Codec.bytes()).flux();
            case MESSAGE -> session.send("m", "", Codec.utf8()).flux();
            case SUBSCRIPTION -> session.subscribe("s", Codec.utf8());
            case EXCHANGE -> session.exchange("s", Mono.just("x"), Codec.utf8(), Codec.utf8());
            case STREAM -> {
                PeerStream stream = open(session);
                yield stream.receive(Codec.utf8())
                        .mergeWith(stream.send(Mono.just("x"), Codec.utf8()).then(Mono.empty()));
            }
        };
    }

    private static PeerStream open(PeerSession session) {
        return session.openStream(StreamId.of("s"), StreamOpen.named("s"), StreamConfig.reliable());
    }

    private static String nameOf(Kind kind) {
        return kind == Kind.REQUEST ? "r" : kind == Kind.MESSAGE ? "m" : "s";
    }

    private void endHandlers(NodePair pair) {
        ends.forEach(end -> end.tryEmitEmpty());
        pair.settle();
    }

    // ---- headers and context

    @ParameterizedTest
    @EnumSource
    void carryAWordFromOneContextToTheOther(Kind kind) {
        try (NodePair pair =
                NodePair.of(spec -> handling(spec.intercept(carrying())), spec -> spec.intercept(carrying()))) {
            begin(kind, pair.session)
                    .contextWrite(Context.of("word", "hello"))
                    .subscribe(value -> {}, e -> atHandler.add(e.toString()));
            pair.settle();
            String what = kind == Kind.EXCHANGE || kind == Kind.SUBSCRIPTION
                    ? "stream"
                    : kind.name().toLowerCase(Locale.ROOT);
            assertThat(atHandler).containsExactly(what + " headers hello, context hello");
            endHandlers(pair);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUEST", "MESSAGE", "STREAM"})
    void showTheHandlerOtherHeadersThanThePeerSent(Kind kind) {
        Interceptor renaming =
                what -> what.withHeaders(Headers.of("word", what.headers().text("word") + ", rewritten"));
        try (NodePair pair =
                NodePair.of(spec -> handling(spec.intercept(renaming)), spec -> spec.intercept(carrying()))) {
            begin(kind, pair.session).contextWrite(Context.of("word", "hello")).subscribe();
            pair.settle();
            assertThat(atHandler).singleElement().asString().contains("headers hello, rewritten, context none");
            endHandlers(pair);
        }
    }

    @Test
    void seeAndKeepTheHeadersThatTheCallerGave() {
        Interceptor adding = what ->
                what.withHeaders(what.headers().with("word", what.headers().text("given") + "!"));
        try (NodePair pair = NodePair.of(this::handling, spec -> spec.intercept(adding))) {
            RequestOptions options = RequestOptions.defaults().withHeaders(Headers.of("given", "mine"));
            pair.session.request("r", "", Codec.utf8(), Codec.bytes(), options).subscribe();
            pair.settle();
            assertThat(atHandler).containsExactly("request headers mine!, context none");
            endHandlers(pair);
        }
    }

    @Test
    void giveTheValuesOfAnExchangeTheirContext() {
        List<String> words = new ArrayList<>();
        Interceptor writing = what -> what.withContext(what.context().put("word", "written"));
        Mono<String> values = Mono.deferContextual(context -> {
            words.add(context.get("word"));
            return Mono.just("x");
        });
        try (NodePair pair = NodePair.of(this::handling, spec -> spec.intercept(writing))) {
            pair.session.exchange("s", values, Codec.utf8(), Codec.utf8()).subscribe();
            pair.settle();
            endHandlers(pair);
            assertThat(words).containsExactly("written");
        }
    }

    // ---- order and ends

    @ParameterizedTest
    @EnumSource
    void areAskedInOrderAndHearTheEndInReverse(Kind kind) {
        try (NodePair pair = NodePair.of(
                this::handling, spec -> spec.intercept(noting("first")).intercept(noting("second")))) {
            begin(kind, pair.session).subscribe();
            pair.settle();
            endHandlers(pair);
            String what = " begins " + kind + " " + nameOf(kind);
            assertThat(seen).containsExactly("first" + what, "second" + what, "second SUCCESS", "first SUCCESS");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUEST", "MESSAGE", "STREAM"})
    void seeTheEndOfHandlers(Kind kind) {
        try (NodePair pair = NodePair.of(spec -> handling(spec.intercept(noting("there"))))) {
            begin(kind, pair.session).subscribe();
            pair.settle();
            String what = "there handles " + kind + " " + nameOf(kind);
            assertThat(seen).containsExactly(what);
            endHandlers(pair);
            assertThat(seen).containsExactly(what, "there SUCCESS");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUEST", "MESSAGE", "STREAM"})
    void seeTheFailureOfHandlers(Kind kind) {
        try (NodePair pair = NodePair.of(spec -> handling(spec.intercept(noting("there"))))) {
            begin(kind, pair.session).subscribe(value -> {}, e -> {});
            pair.settle();
            ends.forEach(end -> end.tryEmitError(new IllegalStateException("boom")));
            pair.settle();
            assertThat(seen).last().isEqualTo("there FAILURE IllegalStateException");
        }
    }

    @Test
    void seeAnEmptyReplyAsAFailure() {
        try (NodePair pair = NodePair.of(
                spec -> spec.intercept(noting("there")).onRequest("r", request -> Mono.empty()),
                spec -> spec.intercept(noting("here")))) {
            begin(Kind.REQUEST, pair.session).subscribe(value -> {}, e -> {});
            pair.settle();
            assertThat(seen).contains("there FAILURE RequestRefusedException", "here FAILURE ReplyMissingException");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUEST", "EXCHANGE", "STREAM"})
    void seeThatItWasGivenUp(Kind kind) {
        try (NodePair pair = NodePair.of(
                spec -> handling(spec.intercept(noting("there"))), spec -> spec.intercept(noting("here")))) {
            Disposable given = begin(kind, pair.session).subscribe();
            pair.settle();
            given.dispose();
            pair.settle();
            assertThat(seen).contains("here CANCELLED").doesNotContain("here SUCCESS");
            if (kind == Kind.REQUEST) {
                assertThat(seen).last().isEqualTo("there CANCELLED");
            }
            endHandlers(pair);
            assertThat(seen)
                    .filteredOn(line -> line.startsWith("here"))
                    .as("one end")
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void seeThatTheSessionWasLost(Kind kind) {
        try (NodePair pair = NodePair.of(this::handling, spec -> spec.intercept(noting("here")))) {
            pair.session.dispose();
            pair.settle();
            begin(kind, pair.session).subscribe(value -> {}, e -> {});
            pair.settle();
            assertThat(seen).hasSize(2);
            assertThat(seen.get(1)).startsWith("here FAILURE");
        }
    }

    @Test
    void seeAStreamThatWasGivenUpBeforeThePeerHeardOfIt() {
        NodeLimits one = NodeLimits.defaults().withMaxStreams(1);
        try (NodePair pair = NodePair.of(spec -> handling(spec.limits(one)), spec -> spec.intercept(noting("here")))) {
            open(pair.session).receive(Codec.utf8()).subscribe();
            pair.settle();
            PeerStream waiting = pair.session.openStream("waits", StreamConfig.reliable());
            Disposable use = waiting.receive(Codec.utf8()).subscribe();
            pair.settle();
            use.dispose();
            pair.settle();
            assertThat(seen).containsExactly("here begins STREAM s", "here begins STREAM waits", "here CANCELLED");
        }
    }

    @Test
    void seeAStreamOnceHoweverManyHandlesAndUsesItHas() {
        try (NodePair pair = NodePair.of(this::handling, spec -> spec.intercept(noting("here")))) {
            PeerStream stream = open(pair.session);
            assertThat(seen).as("nothing is used").isEmpty();
            stream.receive(Codec.utf8()).subscribe();
            stream.send(Mono.just("x"), Codec.utf8()).subscribe();
            open(pair.session).receive(Codec.utf8()).subscribe(value -> {}, e -> {});
            pair.settle();
            endHandlers(pair);
            assertThat(seen).containsExactly("here begins STREAM s", "here SUCCESS");
        }
    }

    // ---- user code that fails

    @ParameterizedTest
    @EnumSource
    void whatOneThrowsIsWhatTheSubscriberHears(Kind kind) {
        Interceptor throwing = what -> {
            throw new IllegalStateException("boom");
        };
        try (NodePair pair = NodePair.of(
                this::handling, spec -> spec.intercept(noting("first")).intercept(throwing))) {
            List<Throwable> failures = new ArrayList<>();
            begin(kind, pair.session).subscribe(value -> {}, failures::add);
            pair.settle();
            assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
            assertThat(seen)
                    .startsWith("first begins " + kind + " " + nameOf(kind), "first FAILURE IllegalStateException");
            assertThat(atHandler).isEmpty();
            assertThat(pair.session.isDisposed()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nullAndAnInteractionOfItsOwnAreFailures(Kind kind) {
        Interaction[] other = new Interaction[1];
        Interceptor keeping = what -> {
            Interaction before = other[0];
            other[0] = what;
            return before;
        };
        try (NodePair pair = NodePair.of(this::handling, spec -> spec.intercept(keeping))) {
            List<Throwable> failures = new ArrayList<>();
            begin(kind, pair.session).subscribe(value -> {}, failures::add);
            begin(kind, pair.session).subscribe(value -> {}, failures::add);
            pair.settle();
            assertThat(failures.get(0)).isInstanceOf(NullPointerException.class);
            assertThat(failures.get(failures.size() - 1)).isInstanceOf(IllegalArgumentException.class);
            assertThat(atHandler).isEmpty();
        }
    }

    @Test
    void oneThatThrowsForAHandlerIsTheHandlersFailureAndChoosesTheCode() {
        Interceptor guard = what -> {
            if (what.byPeer() && what.kind() == Kind.REQUEST) {
                throw new RequestRefusedException(ErrorCode.NOT_ADMITTED);
            }
            if (what.byPeer()) {
                throw new IllegalStateException("boom");
            }
            return what;
        };
        try (NodePair pair = NodePair.of(spec -> handling(spec.intercept(guard)))) {
            Heard asked = new Heard(pair.session.request("r", "", Codec.utf8(), Codec.utf8()));
            List<Throwable> failures = new ArrayList<>();
            begin(Kind.EXCHANGE, pair.session).subscribe(value -> {}, failures::add);
            begin(Kind.MESSAGE, pair.session).subscribe();
            pair.settle();
            assertThat(asked.reason()).isEqualTo(CloseReason.remote(ErrorCode.NOT_ADMITTED));
            assertThat(failures)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            StreamReset.class,
                            e -> assertThat(e.reason()).isEqualTo(CloseReason.remote(ErrorCode.APPLICATION_ERROR)));
            assertThat(handlerErrors)
                    .extracting(HandlerError::kind)
                    .containsExactlyInAnyOrder(HandlerError.Kind.STREAM, HandlerError.Kind.MESSAGE);
            assertThat(atHandler).isEmpty();
            RequestTest.assertNothingLeft(pair);
        }
    }

    @Test
    void trySendThrowsWhatOneThrows() {
        Interceptor throwing = what -> {
            throw new IllegalStateException("boom");
        };
        try (NodePair pair = NodePair.of(this::handling, spec -> spec.intercept(throwing))) {
            PeerStream stream = open(pair.session);
            assertThatThrownBy(() -> stream.trySend("x", Codec.utf8())).hasMessage("boom");
        }
    }

    @Test
    void whatTheEndThrowsHarmsNobody() {
        Interceptor rude = what -> what.doOnEnd(end -> {
            throw new IllegalStateException("boom");
        });
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(e -> {
            if ("boom".equals(e.getMessage())) { // nodes of other tests may still be ending
                dropped.add(e);
            }
        });
        try (NodePair pair = NodePair.of(
                spec -> handling(spec.intercept(rude)),
                spec -> spec.intercept(noting("here")).intercept(rude))) {
            Heard heard = new Heard(pair.session.request("r", "", Codec.utf8(), Codec.bytes()));
            pair.settle();
            endHandlers(pair);
            assertThat(heard.signals).hasSize(2).endsWith("complete");
            assertThat(seen).endsWith("here SUCCESS");
            assertThat(dropped).hasSize(2);
        } finally {
            Hooks.resetOnErrorDropped();
        }
    }
}
