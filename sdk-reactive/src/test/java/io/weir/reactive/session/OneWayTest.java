package io.weir.reactive.session;

import static io.weir.reactive.session.RequestTest.assertNothingLeft;
import static io.weir.reactive.session.RequestTest.onLoop;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.CodecException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.MessageNotSentException;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.reactive.Message;
import io.weir.reactive.MessageHandler;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.dispatch.SessionDispatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One-way messages, in memory and in virtual time. */
class OneWayTest {

    /** Of which a session may have 12 of its own for one-way messages, and a quarter of the eight. */
    private static final NodeLimits FEW_HANDLED = NodeLimits.defaults().withMaxHandled(8);

    private static final int MOST_HANDLED = SessionDispatch.OWN - SessionDispatch.KEPT + 2;

    private static final NodeLimits SMALL_WINDOW = NodeLimits.defaults().withRequestWindowBytes(64 * 1024);

    private final List<String> taken = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();

    private final MessageHandler collect = message -> Mono.fromRunnable(() -> taken.add(message.decode(Codec.utf8())));

    @Test
    void reachesItsHandlerInOrderAndCompletesWhenWritten() {
        try (NodePair pair = NodePair.of(spec -> spec.onMessage("m", collect))) {
            for (int i = 0; i < 1_000; i++) {
                send(pair.session, "m", "" + i);
            }
            pair.settle();
            assertThat(taken)
                    .isEqualTo(
                            IntStream.range(0, 1_000).mapToObj(String::valueOf).toList());
            assertThat(sent).hasSize(1_000).containsOnly("sent");
            assertNothingLeft(pair);
        }
    }

    @Test
    void largeMessagesComeWhole() {
        try (NodePair pair = NodePair.of(spec -> spec.onMessage("m", collect))) {
            String large = "x".repeat(900_000);
            send(pair.session, "m", large);
            send(pair.session, "m", "small");
            pair.settle();
            assertThat(taken).containsExactlyInAnyOrder(large, "small");
            assertNothingLeft(pair);
        }
    }

    @Test
    void nothingIsSentBeforeSubscriptionAndOnceForEach() {
        try (NodePair pair = NodePair.of(spec -> spec.onMessage("m", collect))) {
            Mono<Void> message = pair.session.send("m", "x", Codec.utf8());
            pair.settle();
            assertThat(taken).isEmpty();
            message.subscribe();
            message.subscribe();
            pair.settle();
            assertThat(taken).containsExactly("x", "x");
        }
    }

    @Test
    void theHandlerSeesWhoSaysWhat() {
        List<Message> seen = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onMessage("m", message -> {
            seen.add(message);
            return Mono.empty();
        }))) {
            send(pair.session, "m", "x");
            pair.settle();
            Message message = seen.get(0);
            assertThat(message.name()).isEqualTo("m");
            assertThat(message.headers().isEmpty()).isTrue();
            assertThat(message.peer()).isEqualTo(pair.client.id());
            assertThat(message.session()).isSameAs(pair.serverSession());
            assertThat(message.payload().isReadOnly()).isTrue();
            message.payload().get();
            assertThat(message.payload().remaining()).as("each view is its own").isEqualTo(1);
        }
    }

    @Test
    void aHandlerThatFailsOrThrowsLosesItsMessageOnly() {
        try (NodePair pair = NodePair.of(spec -> spec.onMessage("m", message -> {
            String text = message.decode(Codec.utf8());
            taken.add(text);
            if (text.equals("throw")) {
                throw new IllegalStateException("boom");
            }
            return text.equals("fail") ? Mono.error(new IllegalStateException("boom")) : Mono.empty();
        }))) {
            send(pair.session, "m", "throw");
            send(pair.session, "m", "fail");
            send(pair.session, "m", "last");
            pair.settle();
            assertThat(taken).containsExactly("throw", "fail", "last");
            assertNothingLeft(pair);
        }
    }

    @Test
    void aSlowHandlerSlowsItsSenderAndNothingIsDropped() {
        Sinks.Many<Integer> gate = Sinks.many().replay().all();
        int count = 1_000;
        try (NodePair pair = NodePair.of(spec -> spec.limits(SMALL_WINDOW).onMessage("m", message -> {
            taken.add(message.decode(Codec.utf8()).substring(0, 4));
            return gate.asFlux().then();
        }))) {
            for (int i = 0; i < count; i++) {
                send(pair.session, "m", String.format("%04d", i) + "x".repeat(1_000));
            }
            pair.settle();
            assertThat(sent.size()).as("within the window").isBetween(60, 64);
            assertThat(pair.serverSession().messageStats().messagesWaiting()).isEqualTo(sent.size());
            gate.tryEmitComplete();
            pair.settle();
            assertThat(taken)
                    .isEqualTo(IntStream.range(0, count)
                            .mapToObj(i -> String.format("%04d", i))
                            .toList());
            assertNothingLeft(pair);
        }
    }

    @Test
    void onlySoManyAreHandledAtOnce() {
        List<Sinks.Empty<Void>> running = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.limits(FEW_HANDLED).onMessage("m", message -> {
            Sinks.Empty<Void> done = Sinks.empty();
            running.add(done);
            return done.asMono();
        }))) {
            for (int i = 0; i < MOST_HANDLED + 10; i++) {
                send(pair.session, "m", "");
            }
            pair.settle();
            assertThat(running).hasSize(MOST_HANDLED);
            running.get(3).tryEmitEmpty();
            pair.settle();
            assertThat(running).hasSize(MOST_HANDLED + 1);
        }
    }

    @Test
    void theEndOfTheSessionLetsWhatRunsFinishAndForgetsWhatWaits() {
        List<String> ends = new ArrayList<>();
        Sinks.Empty<Void> done = Sinks.empty();
        try (NodePair pair = NodePair.of(spec -> spec.limits(FEW_HANDLED)
                .onMessage("m", message -> done.asMono().doFinally(signal -> ends.add(signal.toString()))))) {
            for (int i = 0; i < MOST_HANDLED + 10; i++) {
                send(pair.session, "m", "");
            }
            pair.settle();
            pair.session.dispose();
            pair.settle();
            assertThat(ends).isEmpty();
            done.tryEmitEmpty();
            pair.settle();
            assertThat(ends).hasSize(MOST_HANDLED).containsOnly("onComplete");
            assertThat(pair.serverSession().messageStats().messagesWaiting()).isZero();
        }
    }

    // ---- those without a handler

    @Test
    void whatNobodyTakesIsDroppedAndCounted() {
        try (NodePair pair = NodePair.of(spec -> spec.limits(SMALL_WINDOW))) {
            for (int i = 0; i < 1_000; i++) {
                send(pair.session, "unknown", "x".repeat(1_000));
            }
            pair.settle();
            assertThat(sent).as("credit comes back").hasSize(1_000);
            assertThat(pair.serverSession().messageStats().messagesDropped()).isEqualTo(1_000);
            assertNothingLeft(pair);
        }
    }

    @Test
    void observersSeeWhatNoHandlerTakes() {
        try (NodePair pair = NodePair.of(spec -> spec.onMessage("m", collect))) {
            List<String> first = observe(pair.serverSession().messages());
            send(pair.session, "other", "a");
            List<String> second = observe(pair.serverSession().messages());
            send(pair.session, "other", "b");
            send(pair.session, "m", "handled");
            pair.settle();
            pair.session.dispose();
            pair.settle();
            assertThat(first).containsExactly("a", "b", "complete");
            assertThat(second).containsExactly("b", "complete");
            assertThat(taken).containsExactly("handled");
            assertThat(pair.serverSession().messageStats().messagesDropped()).isZero();
        }
    }

    @Test
    void aSlowObserverMissesSomeAndSlowsNobody() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            List<String> fast = observe(pair.serverSession().messages());
            List<String> slow = new ArrayList<>();
            BaseSubscriber<Message> subscriber = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    // asks later
                }

                @Override
                protected void hookOnNext(Message message) {
                    slow.add(message.decode(Codec.utf8()));
                }
            };
            pair.serverSession().messages().subscribe(subscriber);
            for (int i = 0; i < 1_000; i++) {
                send(pair.session, "other", "" + i);
            }
            pair.settle();
            subscriber.request(Long.MAX_VALUE);
            pair.settle();
            assertThat(fast).hasSize(1_000);
            assertThat(slow)
                    .isEqualTo(IntStream.range(0, 256).mapToObj(String::valueOf).toList());
        }
    }

    // ---- not sent

    @Test
    void tellsWhyAMessageIsNotSent() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            send(pair.session, "m", "\uD800");
            send(pair.session, "m", "x".repeat(2_000_000));
            onLoop(pair.session, () -> {
                send(pair.session, "m", "not written yet");
                pair.session.dispose();
                send(pair.session, "m", "too late");
            });
            pair.settle();
            assertThat(sent)
                    .containsExactly(
                            CodecException.class.getSimpleName(),
                            PayloadTooLargeException.class.getSimpleName(),
                            MessageNotSentException.class.getSimpleName(),
                            MessageNotSentException.class.getSimpleName());
        }
    }

    @Test
    void moreThanMayWaitIsRefused() {
        NodeLimits little = NodeLimits.defaults().withSessionSendBudgetBytes(1024 * 1024);
        List<CloseReason> refused = new ArrayList<>();
        try (NodePair pair = NodePair.of(
                spec -> spec.limits(SMALL_WINDOW).onMessage("m", message -> Mono.never()),
                spec -> spec.limits(little))) {
            for (int i = 0; i < 100; i++) {
                pair.session
                        .send("m", "x".repeat(50_000), Codec.utf8())
                        .subscribe(
                                null, e -> refused.add(((MessageNotSentException) e).reason()), () -> sent.add("sent"));
            }
            pair.settle();
            assertThat(sent).hasSize(1);
            assertThat(refused).hasSize(100 - 1 - 15).containsOnly(CloseReason.local(ErrorCode.TOO_MANY_REQUESTS));
        }
    }

    private void send(PeerSession session, String name, String text) {
        session.send(name, text, Codec.utf8())
                .subscribe(null, e -> sent.add(e.getClass().getSimpleName()), () -> sent.add("sent"));
    }

    private static List<String> observe(Flux<Message> messages) {
        List<String> heard = new ArrayList<>();
        messages.subscribe(
                m -> heard.add(m.decode(Codec.utf8())), e -> heard.add("error"), () -> heard.add("complete"));
        return heard;
    }
}
