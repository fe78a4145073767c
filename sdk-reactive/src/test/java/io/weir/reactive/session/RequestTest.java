package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.CloseReason;
import io.weir.core.error.CodecException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.error.RequestRefusedException;
import io.weir.core.wire.Headers;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerSession;
import io.weir.reactive.Request;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.message.Messages;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Requests and their answers, in memory and in virtual time. */
class RequestTest {

    private static final RequestHandler ECHO = request -> Mono.just(request.payload());

    // ---- replies

    @Test
    void givesTheReplyAndCompletes() {
        try (NodePair pair = NodePair.of(spec -> spec.onRequest(
                "length", RequestHandler.typed(Codec.utf8(), Codec.utf8(), text -> Mono.just("" + text.length()))))) {
            Heard heard = new Heard(pair.session.request("length", "seven..", Codec.utf8(), Codec.utf8()));
            pair.settle();
            assertThat(heard.signals).containsExactly("7", "complete");
            assertNothingLeft(pair);
        }
    }

    @Test
    void answersInBothDirectionsAtOnce() {
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("echo", ECHO), spec -> spec.onRequest("echo", ECHO))) {
            Heard there = new Heard(pair.session.request("echo", "there", Codec.utf8(), Codec.utf8()));
            Heard back = new Heard(pair.serverSession().request("echo", "back", Codec.utf8(), Codec.utf8()));
            pair.settle();
            assertThat(there.signals).containsExactly("there", "complete");
            assertThat(back.signals).containsExactly("back", "complete");
        }
    }

    @Test
    void nothingIsAskedBeforeTheSubscriberAsks() {
        List<String> asked = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("r", request -> {
            asked.add(request.route());
            return Mono.just(request.payload());
        }))) {
            Mono<String> request = pair.session.request("r", "x", Codec.utf8(), Codec.utf8());
            Heard patient = new Heard(request, 0);
            pair.settle();
            assertThat(asked).isEmpty();
            patient.request(1);
            new Heard(request);
            pair.settle();
            assertThat(asked).hasSize(2);
            assertThat(patient.signals).containsExactly("x", "complete");
        }
    }

    @Test
    void theHandlerSeesWhoAsksForWhat() {
        List<Object> seen = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("r", request -> {
            seen.addAll(List.of(
                    request.session().id(),
                    request.peer(),
                    request.id(),
                    request.route(),
                    String.valueOf(request.headers().text("h"))));
            assertThat(request.payload().isReadOnly()).isTrue();
            request.payload().get();
            assertThat(request.payload().remaining()).as("each view is its own").isEqualTo(2);
            return Mono.just(request.payload());
        }))) {
            new Heard(pair.session.request(
                    "r",
                    "xy",
                    Codec.utf8(),
                    Codec.utf8(),
                    RequestOptions.defaults().withHeaders(Headers.of("h", "v"))));
            pair.settle();
            assertThat(seen).containsExactly(pair.serverSession().id(), pair.client.id(), 1L, "r", "v");
        }
    }

    @Test
    void aRequestMayBeKeptAfterItsRecordIsGone() {
        List<Request> kept = new ArrayList<>();
        Sinks.One<ByteBuffer> answer = Sinks.one();
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("keep", request -> {
            kept.add(request);
            return answer.asMono();
        }))) {
            Heard heard = new Heard(pair.session.request("keep", "a", Codec.utf8(), Codec.utf8()));
            for (int i = 0; i < 100; i++) {
                new Heard(pair.session.request("none", "xxxxxxxx", Codec.utf8(), Codec.utf8()));
            }
            pair.settle();
            answer.tryEmitValue(kept.get(0).payload());
            pair.settle();
            assertThat(heard.signals).containsExactly("a", "complete");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 40_000, 1_000_000})
    void carriesPayloadsOfAnySizeBothWays(int size) {
        byte[] payload = new byte[size];
        new Random(size).nextBytes(payload);
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("echo", ECHO))) {
            List<byte[]> replies = new ArrayList<>();
            pair.session.request("echo", payload, Codec.bytes(), Codec.bytes()).subscribe(replies::add);
            pair.settle();
            assertThat(replies).singleElement().isEqualTo(payload);
            assertNothingLeft(pair);
        }
    }

    @Test
    void theFirstOfManyValuesIsTheReplyAndTheRestIsCancelled() {
        List<String> ends = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onRequest(
                "many",
                RequestHandler.typed(
                        Codec.utf8(),
                        Codec.utf8(),
                        any -> Flux.just("first", "second").doFinally(s -> ends.add(s.toString())))))) {
            Heard heard = new Heard(pair.session.request("many", "", Codec.utf8(), Codec.utf8()));
            pair.settle();
            assertThat(heard.signals).containsExactly("first", "complete");
            assertThat(ends).containsExactly("cancel");
        }
    }

    // ---- no reply

    @Test
    void anUnknownRouteIsAnsweredNoHandler() {
        assertMissing(null, CloseReason.remote(ErrorCode.NO_HANDLER));
    }

    @Test
    void anEmptyAnswerIsAnError() {
        assertMissing(request -> Mono.empty(), CloseReason.remote(ErrorCode.EMPTY_REPLY));
        assertMissing(request -> Flux.<ByteBuffer>empty().hide(), CloseReason.remote(ErrorCode.EMPTY_REPLY));
    }

    @Test
    void aFailedHandlerIsAnsweredApplicationErrorWithoutItsText() {
        CloseReason failed = CloseReason.remote(ErrorCode.APPLICATION_ERROR);
        assertMissing(request -> Mono.error(new IllegalStateException("secret")), failed);
        assertMissing(
                request -> Flux.<ByteBuffer>error(new IllegalStateException("secret"))
                        .hide(),
                failed);
        assertMissing(
                request -> {
                    throw new IllegalStateException("secret");
                },
                failed);
        assertMissing(request -> Mono.error(new ReplyMissingException(CloseReason.remote(ErrorCode.BUSY))), failed);
        assertMissing(request -> Mono.error(new ReplyMissingException(CloseReason.local(ErrorCode.BUSY))), failed);
    }

    @Test
    void aHandlerMayChooseTheCodeOfItsAnswer() {
        assertMissing(
                request -> Mono.error(new RequestRefusedException(ErrorCode.BUSY)), CloseReason.remote(ErrorCode.BUSY));
        assertMissing(
                request -> {
                    throw new RequestRefusedException(ErrorCode.PAYLOAD_TOO_LARGE);
                },
                CloseReason.remote(ErrorCode.PAYLOAD_TOO_LARGE));
    }

    @Test
    void aRequestThatTheHandlersCodecCannotReadIsAnsweredSo() {
        assertMissing(
                RequestHandler.typed(Codec.json(Integer.class), Codec.utf8(), number -> Mono.just("")),
                CloseReason.remote(ErrorCode.DECODE_FAILED));
        assertMissing(
                RequestHandler.typed(Codec.utf8(), Codec.utf8(), text -> Mono.just("\uD800")),
                CloseReason.remote(ErrorCode.ENCODE_FAILED));
    }

    private static void assertMissing(@Nullable RequestHandler handler, CloseReason reason) {
        try (NodePair pair = NodePair.of(spec -> handler == null ? spec : spec.onRequest("r", handler))) {
            Heard heard = new Heard(pair.session.request("r", "no number", Codec.utf8(), Codec.utf8()));
            pair.settle();
            assertThat(heard.reason()).isEqualTo(reason);
            assertThat(heard.failure).hasMessageNotContaining("secret");
            assertNothingLeft(pair);
        }
    }

    @Test
    void whatCannotBeEncodedIsNotAsked() {
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("r", ECHO))) {
            Heard heard = new Heard(pair.session.request("r", "\uD800", Codec.utf8(), Codec.utf8()));
            assertThat(heard.failure).isInstanceOf(CodecException.class);
            assertThat(pair.session.messageStats().requestsOutstanding()).isZero();
        }
    }

    @Test
    void aReplyThatCannotBeDecodedFailsTheRequestOnly() {
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("r", ECHO))) {
            Heard bad = new Heard(pair.session.request("r", "no number", Codec.utf8(), Codec.json(Integer.class)));
            Heard good = new Heard(pair.session.request("r", "7", Codec.utf8(), Codec.json(Integer.class)));
            pair.settle();
            assertThat(bad.failure).isInstanceOf(CodecException.class);
            assertThat(good.signals).containsExactly("7", "complete");
        }
    }

    @Test
    void whatIsLargerThanThePeersWindowIsRefusedHere() {
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("r", ECHO))) {
            Heard heard = new Heard(pair.session.request("r", new byte[2_000_000], Codec.bytes(), Codec.bytes()));
            pair.settle();
            assertThat(heard.failure).isInstanceOfSatisfying(PayloadTooLargeException.class, e -> {
                assertThat(e.value()).isEqualTo(2_000_017);
                assertThat(e.max()).isEqualTo(1024 * 1024);
            });
        }
    }

    @Test
    void aReplyThatIsTooLargeIsAnsweredSo() {
        assertMissing(
                request -> Mono.just(ByteBuffer.allocate(2_000_000)), CloseReason.remote(ErrorCode.PAYLOAD_TOO_LARGE));
    }

    @Test
    void tooLongANameIsTheCallersMistake() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            assertThatThrownBy(() -> pair.session.request("x".repeat(256), "", Codec.utf8(), Codec.utf8()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("256")
                    .hasMessageContaining("255");
            assertThatThrownBy(() -> pair.session.request("\uD800", "", Codec.utf8(), Codec.utf8()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> pair.session.send("x".repeat(256), "", Codec.utf8()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aDemandOfNothingIsAnError() {
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("r", ECHO))) {
            Heard heard = new Heard(pair.session.request("r", "", Codec.utf8(), Codec.utf8()), 0);
            heard.upstream().request(0);
            assertThat(heard.failure).isInstanceOf(IllegalArgumentException.class);
            pair.settle();
            assertNothingLeft(pair);
        }
    }

    // ---- giving up

    @Test
    void aTimeoutFailsTheRequestAndCancelsTheHandler() {
        List<String> ends = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec ->
                spec.onRequest("never", request -> Mono.<ByteBuffer>never().doOnCancel(() -> ends.add("cancelled"))))) {
            Heard heard = new Heard(pair.session.request(
                    "never",
                    "",
                    Codec.utf8(),
                    Codec.utf8(),
                    RequestOptions.defaults().withTimeout(Duration.ofMillis(50))));
            pair.advance(Duration.ofMillis(49));
            assertThat(heard.signals).isEmpty();
            assertThat(pair.serverSession().messageStats().requestsInFlight()).isEqualTo(1);
            pair.advance(Duration.ofMillis(1));
            assertThat(heard.reason()).isEqualTo(CloseReason.local(ErrorCode.REQUEST_TIMEOUT));
            pair.settle();
            assertThat(ends).containsExactly("cancelled");
            assertNothingLeft(pair);
        }
    }

    @Test
    void theNodesTimeoutHoldsForThoseWithoutTheirOwn() {
        NodeLimits limits = NodeLimits.defaults().withRequestTimeout(Duration.ofSeconds(3));
        try (NodePair pair =
                NodePair.of(spec -> spec.onRequest("never", request -> Mono.never()), spec -> spec.limits(limits))) {
            Heard heard = new Heard(pair.session.request("never", "", Codec.utf8(), Codec.utf8()));
            pair.advance(Duration.ofMillis(2_999));
            assertThat(heard.signals).isEmpty();
            pair.advance(Duration.ofMillis(1));
            assertThat(heard.reason()).isEqualTo(CloseReason.local(ErrorCode.REQUEST_TIMEOUT));
        }
    }

    @Test
    void aReplyThatComesTooLateIsIgnored() {
        Sinks.One<ByteBuffer> answer = Sinks.one();
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("late", request -> answer.asMono()))) {
            Heard heard = new Heard(pair.session.request("late", "", Codec.utf8(), Codec.utf8()));
            pair.settle();
            heard.cancel(); // its CANCEL and the reply cross
            answer.tryEmitValue(ByteBuffer.allocate(1));
            pair.settle();
            assertThat(heard.signals).isEmpty();
            assertNothingLeft(pair);
        }
    }

    @Test
    void cancellingTellsThePeerWhichCancelsItsHandler() {
        List<String> ends = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec ->
                spec.onRequest("never", request -> Mono.<ByteBuffer>never().doOnCancel(() -> ends.add("cancelled"))))) {
            Heard heard = new Heard(pair.session.request("never", "", Codec.utf8(), Codec.utf8()));
            pair.settle();
            heard.cancel();
            heard.cancel();
            pair.settle();
            assertThat(ends).containsExactly("cancelled");
            assertThat(heard.signals).isEmpty();
            assertNothingLeft(pair);
        }
    }

    @Test
    void whatIsCancelledBeforeItWasWrittenNeverRuns() {
        List<String> asked = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("r", request -> {
            asked.add(request.route());
            return Mono.just(request.payload());
        }))) {
            onLoop(pair.session, () -> new Heard(pair.session.request("r", "", Codec.utf8(), Codec.utf8())).cancel());
            pair.settle();
            assertThat(asked).isEmpty();
            assertNothingLeft(pair);
        }
    }

    // ---- the session's end

    @Test
    void theEndOfTheSessionFailsEveryRequestOnceWithItsReason() {
        List<String> ends = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec ->
                spec.onRequest("never", request -> Mono.<ByteBuffer>never().doOnCancel(() -> ends.add("cancelled"))))) {
            List<Heard> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                all.add(new Heard(pair.session.request("never", "", Codec.utf8(), Codec.utf8())));
            }
            pair.settle();
            pair.serverSession().dispose();
            pair.advance(Duration.ofSeconds(60));
            assertThat(all).allSatisfy(heard -> {
                assertThat(heard.signals).hasSize(1);
                assertThat(heard.reason()).isEqualTo(CloseReason.remote(ErrorCode.NONE));
            });
            assertThat(ends).hasSize(100);
            assertNothingLeft(pair);
        }
    }

    @Test
    void whatWasNotWrittenFailsWithTheSessionToo() {
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("r", ECHO))) {
            List<Heard> heard = new ArrayList<>();
            onLoop(pair.session, () -> {
                heard.add(new Heard(pair.session.request("r", "", Codec.utf8(), Codec.utf8())));
                pair.session.dispose();
            });
            pair.settle();
            assertThat(heard)
                    .singleElement()
                    .satisfies(one -> assertThat(one.reason()).isEqualTo(CloseReason.local(ErrorCode.NONE)));
            assertNothingLeft(pair);
        }
    }

    @Test
    void aSessionThatIsOverFailsRequestsAtOnce() {
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("r", ECHO))) {
            pair.session.dispose();
            Heard heard = new Heard(pair.session.request("r", "", Codec.utf8(), Codec.utf8()));
            pair.settle();
            assertThat(heard.reason()).isEqualTo(CloseReason.local(ErrorCode.GOING_AWAY));
        }
    }

    @Test
    void aSubscriberThatThrowsHarmsNobody() {
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("r", ECHO))) {
            pair.session.request("r", "x", Codec.utf8(), Codec.utf8()).subscribe(new BaseSubscriber<>() {
                @Override
                protected void hookOnNext(String value) {
                    throw new IllegalStateException("boom");
                }

                @Override
                protected void hookOnError(Throwable e) {
                    throw new IllegalStateException("again");
                }
            });
            Heard heard = new Heard(pair.session.request("r", "y", Codec.utf8(), Codec.utf8()));
            pair.settle();
            assertThat(heard.signals).containsExactly("y", "complete");
        }
    }

    /** Within one task of the session's loop, so that nothing is written in between. */
    static void onLoop(PeerSession session, Runnable task) {
        SessionProbe.context(session).execute(task);
    }

    static void assertNothingLeft(NodePair pair) {
        for (Messages messages : List.of(messagesOf(pair.session), messagesOf(pair.serverSession()))) {
            assertThat(messages.stats().requestsOutstanding()).as("outstanding").isZero();
            assertThat(messages.stats().requestsInFlight()).as("in flight").isZero();
            assertThat(messages.stats().messagesWaiting()).as("waiting").isZero();
            assertThat(messages.isIdle()).isTrue();
        }
    }

    private static Messages messagesOf(PeerSession session) {
        return SessionProbe.messages(session);
    }

    /** What a subscriber of a request has heard. */
    static final class Heard extends BaseSubscriber<Object> {
        final List<String> signals = new ArrayList<>();

        @Nullable
        Throwable failure;

        private final long demand;

        Heard(Mono<?> request) {
            this(request, Long.MAX_VALUE);
        }

        Heard(Mono<?> request, long demand) {
            this.demand = demand;
            request.subscribe(this);
        }

        CloseReason reason() {
            assertThat(failure).isInstanceOf(ReplyMissingException.class);
            return ((ReplyMissingException) Objects.requireNonNull(failure)).reason();
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (demand > 0) {
                subscription.request(demand);
            }
        }

        @Override
        protected void hookOnNext(Object value) {
            signals.add(value.toString());
        }

        @Override
        protected void hookOnComplete() {
            signals.add("complete");
        }

        @Override
        protected void hookOnError(Throwable e) {
            failure = e;
            signals.add("error");
        }

        @Override
        protected Subscription upstream() {
            return super.upstream();
        }
    }
}
