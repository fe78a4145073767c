package io.weir.test.rogue;

import static io.weir.test.rogue.RogueFrames.concat;
import static io.weir.test.rogue.RogueFrames.message;
import static io.weir.test.rogue.RogueFrames.plaintext;
import static io.weir.test.rogue.Victim.LINGER;
import static io.weir.test.rogue.Victim.assertAlive;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.LinkFrame;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.VarInt;
import io.weir.reactive.MessageStats;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerSession;
import io.weir.reactive.Request;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.node.Heap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * What a peer can do with messages: it gets no more memory than its windows, and loses the session, with a code that both
 * sides see, while nobody else notices ({@link Victim}).
 */
class RogueMessagesTest {

    private static final long MIB = 1024 * 1024;

    /** Whatever the heap: a window for messages is smaller at first than it may become. */
    private static final NodeLimits SMALL = NodeLimits.defaults()
            .withNodeBudgetBytes(256L << 20)
            .withRequestWindowBytes(64 * 1024)
            .withReplyWindowBytes(64 * 1024);

    private final AtomicInteger ran = new AtomicInteger();

    /** Of handlers of one-way messages: they go on when their session has ended, and hold what it was promised. */
    private final Sinks.Empty<Void> end = Sinks.empty();

    // ---- what is not allowed

    static Stream<Arguments> violations() {
        MessageFrame first = message(MessageType.REQUEST, 1, 3, 0, 1_000);
        return Stream.of(
                Arguments.of("a request of id 0", plaintext(message(MessageType.REQUEST, 0, 1))),
                Arguments.of("a reply to nothing", plaintext(message(MessageType.REPLY, 1, 1))),
                Arguments.of("an error to nothing", plaintext(message(MessageType.ERROR, 1, 1))),
                Arguments.of("a cancelled to nothing", plaintext(message(MessageType.CANCELLED, 1, 0))),
                Arguments.of("a cancel of nothing", plaintext(message(MessageType.CANCEL, 1, 0))),
                Arguments.of(
                        "another number of packets", plaintext(first, message(MessageType.REQUEST, 1, 4, 1, 1_000))),
                Arguments.of("another type", plaintext(first, message(MessageType.ONE_WAY, 1, 3, 1, 1_000))),
                Arguments.of("another size", plaintext(first, message(MessageType.REQUEST, 1, 3, 1, 999))),
                Arguments.of(
                        "a last part that is too long", plaintext(first, message(MessageType.REQUEST, 1, 3, 2, 1_001))),
                Arguments.of("parts that are too short", plaintext(message(MessageType.REQUEST, 1, 3, 0, 1))),
                Arguments.of(
                        "a whole one of an id that has begun", plaintext(first, message(MessageType.REQUEST, 1, 1))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void endsASessionOnAMessageThatIsNotAllowed(String what, byte[] plaintext) {
        try (Victim victim = Victim.start(spec -> spec.onRequest("m", request -> Mono.never()));
                RoguePeer rogue = victim.rogue().session()) {
            rogue.sendPlaintext(plaintext);
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void endsASessionOnMessagesBeyondTheWindow() {
        try (Victim victim = Victim.start(spec -> spec.limits(SMALL).onMessage("m", m -> end.asMono()));
                RoguePeer rogue = victim.rogue().session()) {
            for (int id = 1; id <= 3; id++) {
                rogue.send(message(MessageType.ONE_WAY, id, 30_000));
            }
            victim.assertEnded(rogue, ErrorCode.FLOW_CONTROL);
            end.tryEmitEmpty();
        }
    }

    @Test
    void refusesAMessageBeforeHello() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().handshake()) {
            rogue.send(message(MessageType.ONE_WAY, 1, 1));
            assertThat(rogue.awaitEnd()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    // ---- what only repeats

    @Test
    void runsARequestOnceHoweverOftenItComes() {
        try (Victim victim = Victim.start(spec -> spec.onRequest("m", this::echo));
                RoguePeer rogue = victim.rogue().session()) {
            MessageFrame request = message(MessageType.REQUEST, 1, 10);
            rogue.send(request, request, request);
            rogue.send(message(MessageType.CANCEL, 1, 0), request);
            rogue.send(message(MessageType.REQUEST, 2, 10));
            List<Long> answered = new ArrayList<>();
            answered.add(rogue.await(MessageFrame.class).replyId());
            answered.add(rogue.await(MessageFrame.class).replyId());
            assertThat(answered).containsExactly(1L, 2L);
            assertThat(ran.get()).isEqualTo(2);
            assertThat(victim.sessionWith(rogue).messageStats().duplicates()).isEqualTo(3);
        }
    }

    /** Each is answered once; nothing of it is kept, and what was not sent of it is not waited for. */
    @Test
    void keepsNothingOfRequestsThatAPeerBeginsAndCancelsInALoop() {
        try (Victim victim = Victim.start(spec -> spec.onRequest("m", this::never));
                RoguePeer rogue = victim.rogue().session()) {
            int answered = 0;
            for (int id = 1; id <= 2_000; id++) {
                rogue.send(message(MessageType.REQUEST, id, 3, 0, 64), message(MessageType.CANCEL, id, 0));
                if (id % 20 == 0) {
                    answered += (int) rogue.heard().stream()
                            .filter(frame ->
                                    frame instanceof MessageFrame m && m.messageType() == MessageType.CANCELLED)
                            .count();
                }
            }
            assertThat(answered).isEqualTo(2_000);
            assertThat(ran.get()).isZero();
            assertThat(victim.sessionWith(rogue).messageStats()).isEqualTo(new MessageStats(0, 0, 0, 0, 0, 0, 0, 0));
            assertAlive(rogue);
        }
    }

    @Test
    void absorbsAnswersThatComeTwiceOrTooLate() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            List<String> replies = new ArrayList<>();
            PeerSession session = victim.sessionWith(rogue);
            ask(session, replies);
            long first = rogue.await(MessageFrame.class).replyId();
            rogue.send(message(MessageType.REPLY, first, 1), message(MessageType.REPLY, first, 1));
            rogue.send(message(MessageType.CANCELLED, first, 0));
            victim.settle();
            assertThat(replies).hasSize(1);
            Disposable second = ask(session, replies);
            long cancelled = rogue.await(MessageFrame.class).replyId();
            second.dispose();
            victim.settle();
            assertThat(rogue.await(MessageFrame.class).messageType()).isEqualTo(MessageType.CANCEL);
            assertThat(session.messageStats().requestsOutstanding()).isEqualTo(1);
            rogue.send(message(MessageType.REPLY, cancelled, 1));
            victim.settle();
            assertThat(replies).hasSize(1);
            assertThat(session.messageStats().requestsOutstanding()).isZero();
            assertAlive(rogue);
        }
    }

    @Test
    void aBadReplyEndsTheSessionAndFailsTheRequest() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            List<String> heard = new ArrayList<>();
            ask(victim.sessionWith(rogue), heard);
            long id = rogue.await(MessageFrame.class).replyId();
            rogue.send(message(MessageType.REPLY, id, 3, 0, 1_000), message(MessageType.REPLY, id, 2, 1, 1_000));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
            assertThat(heard)
                    .singleElement()
                    .satisfies(reason -> assertThat(reason)
                            .startsWith(CloseReason.local(ErrorCode.PROTOCOL_VIOLATION)
                                    .toString())
                            .contains("MESSAGE REPLY, id " + id));
        }
    }

    @Test
    void aReplyBeyondTheWindowEndsTheSession() {
        try (Victim victim = Victim.start(SMALL);
                RoguePeer rogue = victim.rogue().session()) {
            ask(victim.sessionWith(rogue), new ArrayList<>());
            long id = rogue.await(MessageFrame.class).replyId();
            rogue.send(message(MessageType.REPLY, id, 4, 0, 30_000), message(MessageType.REPLY, id, 4, 1, 30_000));
            rogue.send(message(MessageType.REPLY, id, 4, 2, 30_000));
            victim.assertEnded(rogue, ErrorCode.FLOW_CONTROL);
        }
    }

    // ---- what is held

    @Test
    void answersBusyBeyondTheLimitOfRequests() {
        NodeLimits limits = NodeLimits.defaults().withMaxHandled(1);
        int most = NodeLimits.HANDLED_OF_ITS_OWN + 1;
        try (Victim victim = Victim.start(spec -> spec.limits(limits).onRequest("m", this::never));
                RoguePeer rogue = victim.rogue().session()) {
            for (int id = 1; id <= 30; id++) {
                rogue.send(message(MessageType.REQUEST, id, 1));
            }
            for (int id = most + 1; id <= 30; id++) {
                MessageFrame busy = rogue.await(MessageFrame.class);
                assertThat(busy.messageType()).isEqualTo(MessageType.ERROR);
                assertThat(busy.replyId()).isEqualTo(id);
                assertThat(codeOf(busy)).isEqualTo(ErrorCode.BUSY);
            }
            assertThat(ran.get()).isEqualTo(most);
        }
    }

    @Test
    void boundsWhatAPeerThatNeverReadsItsRepliesCanAskFor() {
        NodeLimits limits = SMALL.withSessionSendBudgetBytes(2 * MIB);
        RequestHandler large = request -> {
            ran.incrementAndGet();
            return Mono.just(ByteBuffer.allocate(60_000));
        };
        try (Victim victim = Victim.start(spec -> spec.limits(limits).onRequest("m", large));
                RoguePeer rogue = victim.rogue().session()) {
            askForTheWholeWindow(rogue);
            long before = Heap.used();
            int asked = 64 * 1024 / 17;
            for (int id = 1; id <= asked; id++) {
                rogue.send(message(MessageType.REQUEST, id, 0));
            }
            assertThat(ran.get()).as("all within the window").isEqualTo(asked);
            assertThat(Heap.used() - before)
                    .as("heap held for %d replies of 60,000 bytes", asked)
                    .isLessThan(8 * MIB);
            victim.assertGoesOn();
            rogue.send(message(MessageType.REQUEST, asked + 1, 0));
            victim.advance(LINGER);
            assertThat(victim.log.closed(rogue.id()))
                    .as("no credit before answers are written")
                    .isEqualTo(CloseReason.local(ErrorCode.FLOW_CONTROL));
        }
    }

    @Test
    void holdsLittleOfRequestsThatAreNeverAnswered() {
        NodeLimits limits = NodeLimits.defaults();
        byte[] padding = plaintext(new LinkFrame.Padding(32 * 1024));
        try (Victim victim = Victim.start(spec -> spec.limits(limits).onRequest("m", this::never));
                RoguePeer rogue = victim.rogue().session()) {
            askForTheWholeWindow(rogue);
            long before = Heap.used();
            for (int id = 1; id <= 4_096; id++) {
                // each in a large record, which nothing may keep
                rogue.sendPlaintext(concat(plaintext(message(MessageType.REQUEST, id, 100)), padding));
            }
            assertThat(ran.get()).isEqualTo(4_096);
            assertThat(Heap.used() - before).as("heap held for 4,096 requests").isLessThan(4 * MIB);
            assertAlive(rogue);
        }
    }

    @Test
    void holdsLittleOfOneWayMessagesThatWait() {
        byte[] padding = plaintext(new LinkFrame.Padding(32 * 1024));
        try (Victim victim = Victim.start(spec -> spec.onMessage("m", message -> end.asMono()));
                RoguePeer rogue = victim.rogue().session()) {
            askForTheWholeWindow(rogue);
            long before = Heap.used();
            for (int id = 1; id <= 8_000; id++) {
                rogue.sendPlaintext(concat(plaintext(message(MessageType.ONE_WAY, id, 100)), padding));
            }
            assertThat(victim.sessionWith(rogue).messageStats().messagesWaiting())
                    .isEqualTo(8_000);
            assertThat(Heap.used() - before).as("heap held for 8,000 messages").isLessThan(6 * MIB);
            assertAlive(rogue);
            end.tryEmitEmpty();
        }
    }

    /** The smallest messages there are, from many peers within their credit: an object for each would take 12 times as much. */
    @Test
    void handlersThatNeverEndHoldNoMoreThanThePeersCredit() {
        NodeLimits limits = NodeLimits.defaults()
                .withSessionBudgetBytes(2 * MIB)
                .withNodeBudgetBytes(8 * MIB)
                .withMaxHandled(320);
        try (Victim victim = Victim.start(spec -> spec.limits(limits)
                .onRequest("m", this::never)
                .onMessage("m", message -> end.asMono().doOnSubscribe(s -> ran.incrementAndGet())))) {
            List<RoguePeer> rogues = new ArrayList<>();
            List<Integer> allowed = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                RoguePeer rogue = victim.rogue().session();
                rogue.send(new CreditFrame.Blocked(CreditFrame.REQUESTS_HANDLE, 1L << 40, 0));
                rogues.add(rogue);
                allowed.add((int) rogue.await(CreditFrame.Window.class).limit() / 17);
            }
            long before = Heap.used();
            int sent = 0;
            for (int i = 0; i < 20; i++) {
                MessageType type = i % 4 == 0 ? MessageType.REQUEST : MessageType.ONE_WAY;
                int count = type == MessageType.REQUEST ? Math.min(4_096, allowed.get(i)) : allowed.get(i);
                sendSmallest(rogues.get(i), type, count);
                sent += count;
            }
            assertThat(17L * sent).as("a good part of what the node promises").isGreaterThan(2 * MIB);
            assertThat(ran.get()).as("handled").isBetween(300, 320 + 20 * 16);
            assertThat(Heap.used() - before)
                    .as("heap held for %d messages of 17 bytes", sent)
                    .isLessThan(2 * 17L * sent);
            rogues.forEach(RoguePeer::close);
            end.tryEmitEmpty();
        }
    }

    private static void sendSmallest(RoguePeer rogue, MessageType type, int count) {
        int each = 1_000;
        for (int first = 1; first <= count; first += each) {
            Frame[] frames = new Frame[Math.min(each, count - first + 1)];
            for (int i = 0; i < frames.length; i++) {
                frames[i] = message(type, first + i, 0);
            }
            rogue.sendPlaintext(plaintext(frames));
        }
    }

    @Test
    void endsASessionThatBeginsEverMoreMessagesAndCompletesNone() {
        try (Victim victim = Victim.start(spec -> spec.onRequest("m", this::never));
                RoguePeer rogue = victim.rogue().session()) {
            long before = Heap.used();
            for (int id = 1; id <= 100_000; id++) {
                rogue.send(message(MessageType.REQUEST, id, 1_000, 0, 64));
            }
            victim.advance(LINGER);
            assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.PROTOCOL_VIOLATION));
            assertThat(Heap.used() - before).isLessThan(2 * MIB);
            assertThat(ran.get()).isZero();
        }
    }

    @Test
    void holdsNoMoreThanItsWindowOfMessagesThatAreNeverComplete() {
        try (Victim victim = Victim.start(spec -> spec.onRequest("m", this::never));
                RoguePeer rogue = victim.rogue().session()) {
            askForTheWholeWindow(rogue);
            long before = Heap.used();
            int parts = 0;
            for (int packet = 1; packet < 1_000 && parts < 10_000; packet++) {
                for (int id = 1; id <= 60; id++) {
                    if (parts++ < 10_000) {
                        // the first packet never comes, so all of them wait apart
                        rogue.send(message(MessageType.REQUEST, id, 60_000, packet, 80));
                    }
                }
            }
            assertThat(Heap.used() - before).as("heap held of 800,000 bytes").isLessThan(4 * MIB);
            assertAlive(rogue);
        }
    }

    @Test
    void forgetsAllOfASessionThatIsLostWithRequestsInBothDirections() {
        try (Victim victim = Victim.start(spec -> spec.onRequest("m", this::never));
                RoguePeer rogue = victim.rogue().session()) {
            PeerSession session = victim.sessionWith(rogue);
            List<String> heard = new ArrayList<>();
            for (int id = 1; id <= 100; id++) {
                ask(session, heard);
                rogue.send(message(MessageType.REQUEST, id, 10), message(MessageType.ONE_WAY, 1_000, 3, 0, 64));
            }
            rogue.abort();
            victim.settle();
            assertThat(heard)
                    .hasSize(100)
                    .allSatisfy(reason -> assertThat(reason)
                            .startsWith(CloseReason.local(ErrorCode.LINK_LOST).toString()));
            assertThat(session.messageStats()).isEqualTo(new MessageStats(0, 0, 0, 0, 99, 0, 100, 100));
        }
    }

    // ---- how

    private static void askForTheWholeWindow(RoguePeer rogue) {
        rogue.send(new CreditFrame.Blocked(CreditFrame.REQUESTS_HANDLE, 1L << 40, 0));
        assertThat(rogue.await(CreditFrame.Window.class).handle()).isEqualTo(CreditFrame.REQUESTS_HANDLE);
    }

    private Mono<ByteBuffer> echo(Request request) {
        ran.incrementAndGet();
        return Mono.just(request.payload());
    }

    private Mono<ByteBuffer> never(Request request) {
        ran.incrementAndGet();
        return Mono.never();
    }

    private static Disposable ask(PeerSession session, List<String> heard) {
        return session.request("m", new byte[1], Codec.bytes(), Codec.bytes())
                .subscribe(
                        reply -> heard.add(reply.length + " bytes"),
                        e -> heard.add(((ReplyMissingException) e).reason().toString()));
    }

    private static ErrorCode codeOf(MessageFrame error) {
        byte[] body = error.payload().toByteArray();
        return ErrorCode.of(VarInt.read(body, 0, body.length));
    }
}
