package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.WeirException;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.reactive.HandlerError;
import io.weir.reactive.Interaction.Kind;
import io.weir.reactive.MessageHandler;
import io.weir.reactive.PeerCalls;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** {@link PeerNodeSpec#context}: entries of the Reactor context, from who asks here to the handler there. */
class CarriedContextTest {

    private static final String TENANT = "tenant";
    private static final Codec<String> TEXT = Codec.utf8();
    private static final Headers MINE = Headers.of("mine", "too");

    private final List<String> seen = new ArrayList<>();
    private final List<HandlerError> handlerErrors = new ArrayList<>();

    private static Headers toHeaders(ContextView context, Headers headers) {
        return context.<String>getOrEmpty(TENANT)
                .map(id -> headers.with(TENANT, id))
                .orElse(headers);
    }

    private static Context toContext(Headers headers, Context context) {
        String id = headers.text(TENANT);
        return id == null ? context : context.put(TENANT, id);
    }

    private static PeerNodeSpec carrying(PeerNodeSpec spec) {
        return spec.context(CarriedContextTest::toHeaders, CarriedContextTest::toContext);
    }

    private Mono<String> note(Headers headers) {
        return Mono.deferContextual(context -> {
            seen.add(context.getOrDefault(TENANT, "none") + " " + headers.names());
            return Mono.just("done");
        });
    }

    /** Handlers of everything, of which the work goes on where {@code elsewhere} moves it. */
    private PeerNodeSpec handling(PeerNodeSpec spec, BiFunction<Mono<String>, String, Mono<String>> elsewhere) {
        RequestHandler request =
                RequestHandler.typed(TEXT, TEXT, (asked, value) -> elsewhere.apply(note(asked.headers()), value));
        MessageHandler message = MessageHandler.typed(
                TEXT,
                (said, value) -> elsewhere.apply(note(said.headers()), value).then());
        StreamHandler stream = opened -> opened.send(elsewhere.apply(note(opened.headers()), opened.name()), TEXT);
        return spec.onHandlerError(handlerErrors::add)
                .onRequest("r", request)
                .onMessage("m", message)
                .onStream("s", stream);
    }

    private PeerNodeSpec handling(PeerNodeSpec spec) {
        return handling(spec, (work, value) -> work);
    }

    /** What a side can begin, with headers of its own. */
    private static Flux<?> begin(Kind kind, PeerSession session) {
        PeerCalls calls = session;
        StreamOpen open = StreamOpen.named("s").withHeaders(MINE);
        StreamConfig config = StreamConfig.reliable();
        return switch (kind) {
            case REQUEST ->
                calls.request("r", "", TEXT, TEXT, RequestOptions.defaults().withHeaders(MINE))
                        .flux();
            case MESSAGE -> calls.send("m", MINE, "", TEXT).flux();
            case SUBSCRIPTION -> calls.subscribe(open, config, TEXT);
            case EXCHANGE -> calls.exchange(open, config, Flux.just("x"), TEXT, TEXT);
            case STREAM ->
                session.openStream(io.weir.core.stream.StreamId.unique(), open, config)
                        .receive(TEXT);
        };
    }

    // ---- there and back

    @ParameterizedTest
    @EnumSource
    void reachesTheHandlerOfThePeer(Kind kind) {
        try (NodePair pair = NodePair.of(spec -> handling(carrying(spec)), CarriedContextTest::carrying)) {
            new Hearing(begin(kind, pair.session).contextWrite(Context.of(TENANT, "t-1")));
            pair.settle();
            assertThat(seen).containsExactly("t-1 [mine, tenant]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void reachesTheHandlerOfWhoDialledToo(Kind kind) {
        try (NodePair pair = NodePair.of(CarriedContextTest::carrying, spec -> handling(carrying(spec)))) {
            new Hearing(begin(kind, pair.serverSession()).contextWrite(Context.of(TENANT, "t-1")));
            pair.settle();
            assertThat(seen).containsExactly("t-1 [mine, tenant]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesAlongWhereverThePublishersAreMoved(Kind kind) {
        List<Scheduler> elsewhere = new ArrayList<>();
        try (NodePair pair = NodePair.of(
                spec -> handling(
                        carrying(spec),
                        (work, value) ->
                                Mono.just(value).publishOn(elsewhere.get(0)).then(work)),
                CarriedContextTest::carrying)) {
            elsewhere.add(pair.time);
            Hearing heard = new Hearing(begin(kind, pair.session)
                    .publishOn(pair.time)
                    .subscribeOn(pair.time)
                    .contextWrite(Context.of(TENANT, "t-1")));
            pair.settle();
            assertThat(seen).containsExactly("t-1 [mine, tenant]");
            assertThat(heard.failure).isNull();
        }
    }

    @Test
    void goesOnToWhomTheHandlerAsks() {
        try (NodePair pair = NodePair.of(
                spec -> carrying(spec)
                        .onRequest(
                                "via",
                                RequestHandler.typed(
                                        TEXT,
                                        TEXT,
                                        (asked, value) -> asked.session().request("r", value, TEXT, TEXT))),
                spec -> handling(carrying(spec)))) {
            Hearing heard =
                    new Hearing(pair.session.request("via", "x", TEXT, TEXT).contextWrite(Context.of(TENANT, "t-1")));
            pair.settle();
            assertThat(heard.signals).containsExactly("done", "complete");
            assertThat(seen).containsExactly("t-1 [tenant]");
        }
    }

    @Test
    void eachSubscriberHasItsOwn() {
        try (NodePair pair = NodePair.of(spec -> handling(carrying(spec)), CarriedContextTest::carrying)) {
            Mono<String> request = pair.session.request("r", "x", TEXT, TEXT);
            new Hearing(request.contextWrite(Context.of(TENANT, "a")));
            new Hearing(request.contextWrite(Context.of(TENANT, "b")));
            new Hearing(request);
            pair.settle();
            assertThat(seen).containsExactly("a [tenant]", "b [tenant]", "none []");
        }
    }

    @Test
    void theFunctionsAreAskedOnlyWhereThereIsSomething() {
        PeerNodeSpec base = Weir.node();
        BiFunction<ContextView, Headers, Headers> noContext = (context, headers) -> {
            throw new AssertionError("asked for a context of " + context.size());
        };
        BiFunction<Headers, Context, Context> noHeaders = (headers, context) -> {
            throw new AssertionError("asked for headers of " + headers.size());
        };
        assertThat(base.context(noContext, noHeaders)).isNotSameAs(base);
        try (NodePair pair = NodePair.of(
                spec -> handling(spec.context(noContext, noHeaders)), spec -> spec.context(noContext, noHeaders))) {
            Hearing heard = new Hearing(pair.session.request("r", "x", TEXT, TEXT));
            pair.settle();
            assertThat(heard.signals).containsExactly("done", "complete");
        }
    }

    // ---- bad functions

    @ParameterizedTest
    @EnumSource
    void whatToHeadersThrowsEndsTheCallOfWhoAsked(Kind kind) {
        try (NodePair pair = NodePair.of(
                spec -> handling(carrying(spec)),
                spec -> spec.context(
                        (context, headers) -> {
                            throw new IllegalStateException("boom");
                        },
                        (headers, context) -> context))) {
            Hearing heard = new Hearing(begin(kind, pair.session).contextWrite(Context.of(TENANT, "t-1")));
            pair.settle();
            assertThat(heard.failure).isInstanceOf(IllegalStateException.class).hasMessage("boom");
            assertThat(seen).isEmpty();
        }
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void nullForHeadersEndsIt() {
        try (NodePair pair = NodePair.of(
                this::handling, spec -> spec.context((context, headers) -> null, (headers, context) -> context))) {
            Hearing heard = new Hearing(begin(Kind.REQUEST, pair.session).contextWrite(Context.of(TENANT, "t-1")));
            pair.settle();
            assertThat(heard.failure)
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("the function toHeaders returned null, must be headers");
        }
    }

    @ParameterizedTest
    @EnumSource
    void headersBeyondTheLimitEndItAndSayWhichEntryIsHowLong(Kind kind) {
        try (NodePair pair = NodePair.of(spec -> handling(carrying(spec)), CarriedContextTest::carrying)) {
            Hearing heard = new Hearing(begin(kind, pair.session).contextWrite(Context.of(TENANT, "x".repeat(5_000))));
            pair.settle();
            assertThat(heard.failure)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("headers are 5019 bytes as encoded, must be 1 to 4096; "
                            + "the longest is \"tenant\" with 5009");
            assertThat(seen).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"false, boom", "true, 'the function toContext returned null, must be a context'"})
    @SuppressWarnings("NullAway") // on purpose
    void whatToContextThrowsIsTheHandlersFailure(boolean givesNull, String message) {
        BiFunction<Headers, Context, Context> broken = (headers, context) -> {
            if (givesNull) {
                return null;
            }
            throw new IllegalStateException("boom");
        };
        try (NodePair pair = NodePair.of(
                spec -> handling(spec.context((context, headers) -> headers, broken)), CarriedContextTest::carrying)) {
            Hearing asked = new Hearing(begin(Kind.REQUEST, pair.session));
            Hearing subscribed = new Hearing(begin(Kind.SUBSCRIPTION, pair.session));
            new Hearing(begin(Kind.MESSAGE, pair.session));
            pair.settle();
            for (Hearing each : List.of(asked, subscribed)) {
                assertThat(((WeirException) Objects.requireNonNull(each.failure)).reason())
                        .isEqualTo(CloseReason.remote(ErrorCode.APPLICATION_ERROR));
                assertThat(each.failure).hasMessageNotContaining(message);
            }
            assertThat(handlerErrors)
                    .extracting(HandlerError::kind)
                    .containsExactlyInAnyOrder(
                            HandlerError.Kind.REQUEST, HandlerError.Kind.STREAM, HandlerError.Kind.MESSAGE);
            assertThat(handlerErrors)
                    .allSatisfy(each -> assertThat(each.error()).hasMessage(message));
            assertThat(seen).isEmpty();
        }
    }

    @Test
    void bothFunctionsAreNeeded() {
        assertThatNullPointerException()
                .isThrownBy(() -> Weir.node().context(null, CarriedContextTest::toContext))
                .withMessage("toHeaders");
        assertThatThrownBy(() -> Weir.node().context(CarriedContextTest::toHeaders, null))
                .hasMessage("toContext");
    }
}
