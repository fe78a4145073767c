package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.VarInt;
import io.weir.reactive.MessageStats;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerSession;
import io.weir.reactive.Request;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * What a peer can do with messages: it gets no more memory than its windows, and loses the session, with a code that both
 * sides see, while nobody else notices ({@link VirtualGuard}).
 */
class RogueMessagesTest {

    private static final Duration LINGER = Duration.ofMillis(500);
    private static final long MIB = 1024 * 1024;

    private static final NodeLimits SMALL =
            NodeLimits.defaults().withRequestWindowBytes(64 * 1024).withReplyWindowBytes(64 * 1024);

    private final AtomicInteger ran = new AtomicInteger();

    // ---- what is not allowed

    static Stream<Arguments> violations() {
        Frame.Message first = fragment(MessageType.REQUEST, 1, 3, 0, 1_000);
        return Stream.of(
                Arguments.of("a request of id 0", frames(whole(MessageType.REQUEST, 0, 1))),
                Arguments.of("a reply to nothing", frames(whole(MessageType.REPLY, 1, 1))),
                Arguments.of("an error to nothing", frames(whole(MessageType.ERROR, 1, 1))),
                Arguments.of("a cancelled to nothing", frames(whole(MessageType.CANCELLED, 1, 0))),
                Arguments.of("a cancel of nothing", frames(whole(MessageType.CANCEL, 1, 0))),
                Arguments.of(
                        "a cancel with a body",
                        frames(whole(MessageType.REQUEST, 1, 1), whole(MessageType.CANCEL, 1, 1))),
                Arguments.of("another number of packets", frames(first, fragment(MessageType.REQUEST, 1, 4, 1, 1_000))),
                Arguments.of("another type", frames(first, fragment(MessageType.ONE_WAY, 1, 3, 1, 1_000))),
                Arguments.of("another size", frames(first, fragment(MessageType.REQUEST, 1, 3, 1, 999))),
                Arguments.of(
                        "a last part that is too long", frames(first, fragment(MessageType.REQUEST, 1, 3, 2, 1_001))),
                Arguments.of("parts that are too short", frames(fragment(MessageType.REQUEST, 1, 3, 0, 1))),
                Arguments.of("a whole one of an id that has begun", frames(first, whole(MessageType.REQUEST, 1, 1))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void endsASessionOnAMessageThatIsNotAllowed(String what, byte[] plaintext) {
        try (VirtualGuard guard = VirtualGuard.start(spec -> spec.onRequest("m", request -> Mono.never()));
                RoguePeer rogue = guard.rogue().session()) {
            rogue.sendPlaintext(plaintext);
            assertEnded(guard, rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void endsASessionOnMessagesBeyondTheWindow() {
        try (VirtualGuard guard = VirtualGuard.start(spec -> spec.limits(SMALL).onMessage("m", m -> Mono.never()));
                RoguePeer rogue = guard.rogue().session()) {
            for (int id = 1; id <= 3; id++) {
                rogue.send(whole(MessageType.ONE_WAY, id, 30_000));
            }
            assertEnded(guard, rogue, ErrorCode.FLOW_CONTROL);
        }
    }

    @Test
    void refusesAMessageBeforeHello() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().handshake()) {
            rogue.send(whole(MessageType.ONE_WAY, 1, 1));
            assertThat(rogue.awaitEnd()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    // ---- what only repeats

    @Test
    void runsARequestOnceHoweverOftenItComes() {
        try (VirtualGuard guard = VirtualGuard.start(spec -> spec.onRequest("m", this::echo));
                RoguePeer rogue = guard.rogue().session()) {
            Frame.Message request = whole(MessageType.REQUEST, 1, 10);
            rogue.send(request, request, request);
            rogue.send(whole(MessageType.CANCEL, 1, 0), request);
            rogue.send(whole(MessageType.REQUEST, 2, 10));
            List<Long> answered = new ArrayList<>();
            answered.add(rogue.await(Frame.Message.class).replyId());
            answered.add(rogue.await(Frame.Message.class).replyId());
            assertThat(answered).containsExactly(1L, 2L);
            assertThat(ran.get()).isEqualTo(2);
            assertThat(sessionOf(guard, rogue).messageStats().duplicates()).isEqualTo(3);
        }
    }

    @Test
    void absorbsAnswersThatComeTwiceOrTooLate() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            List<String> replies = new ArrayList<>();
            PeerSession session = sessionOf(guard, rogue);
            ask(session, replies);
            long first = rogue.await(Frame.Message.class).replyId();
            rogue.send(whole(MessageType.REPLY, first, 1), whole(MessageType.REPLY, first, 1));
            rogue.send(whole(MessageType.CANCELLED, first, 0));
            guard.time.settle();
            assertThat(replies).hasSize(1);
            Disposable second = ask(session, replies);
            long cancelled = rogue.await(Frame.Message.class).replyId();
            second.dispose();
            guard.time.settle();
            assertThat(rogue.await(Frame.Message.class).messageType()).isEqualTo(MessageType.CANCEL);
            assertThat(session.messageStats().requestsOutstanding()).isEqualTo(1);
            rogue.send(whole(MessageType.REPLY, cancelled, 1));
            guard.time.settle();
            assertThat(replies).hasSize(1);
            assertThat(session.messageStats().requestsOutstanding()).isZero();
            assertAlive(rogue);
        }
    }

    @Test
    void aBadReplyEndsTheSessionAndFailsTheRequest() {
        try (VirtualGuard guard = VirtualGuard.start();
                RoguePeer rogue = guard.rogue().session()) {
            List<String> heard = new ArrayList<>();
            ask(sessionOf(guard, rogue), heard);
            long id = rogue.await(Frame.Message.class).replyId();
            rogue.send(fragment(MessageType.REPLY, id, 3, 0, 1_000), fragment(MessageType.REPLY, id, 2, 1, 1_000));
            assertEnded(guard, rogue, ErrorCode.PROTOCOL_VIOLATION);
            assertThat(heard)
                    .containsExactly(
                            CloseReason.local(ErrorCode.PROTOCOL_VIOLATION).toString());
        }
    }

    @Test
    void aReplyBeyondTheWindowEndsTheSession() {
        try (VirtualGuard guard = VirtualGuard.start(spec -> spec.limits(SMALL));
                RoguePeer rogue = guard.rogue().session()) {
            ask(sessionOf(guard, rogue), new ArrayList<>());
            long id = rogue.await(Frame.Message.class).replyId();
            rogue.send(fragment(MessageType.REPLY, id, 4, 0, 30_000), fragment(MessageType.REPLY, id, 4, 1, 30_000));
            rogue.send(fragment(MessageType.REPLY, id, 4, 2, 30_000));
            assertEnded(guard, rogue, ErrorCode.FLOW_CONTROL);
        }
    }

    // ---- what is held

    @Test
    void answersBusyBeyondTheLimitOfRequests() {
        NodeLimits limits = NodeLimits.defaults().withMaxRequestsInFlight(4);
        try (VirtualGuard guard = VirtualGuard.start(spec -> spec.limits(limits).onRequest("m", this::never));
                RoguePeer rogue = guard.rogue().session()) {
            for (int id = 1; id <= 10; id++) {
                rogue.send(whole(MessageType.REQUEST, id, 1));
            }
            for (int id = 5; id <= 10; id++) {
                Frame.Message busy = rogue.await(Frame.Message.class);
                assertThat(busy.messageType()).isEqualTo(MessageType.ERROR);
                assertThat(busy.replyId()).isEqualTo(id);
                assertThat(codeOf(busy)).isEqualTo(ErrorCode.BUSY);
            }
            assertThat(ran.get()).isEqualTo(4);
        }
    }

    @Test
    void boundsWhatAPeerThatNeverReadsItsRepliesCanAskFor() {
        NodeLimits limits = SMALL.withSessionBudgetBytes(2 * MIB);
        RequestHandler large = request -> {
            ran.incrementAndGet();
            return Mono.just(ByteBuffer.allocate(60_000));
        };
        try (VirtualGuard guard = VirtualGuard.start(spec -> spec.limits(limits).onRequest("m", large));
                RoguePeer rogue = guard.rogue().session()) {
            long before = Heap.used();
            int asked = 64 * 1024 / 17;
            for (int id = 1; id <= asked; id++) {
                rogue.send(whole(MessageType.REQUEST, id, 0));
            }
            assertThat(ran.get()).as("all within the window").isEqualTo(asked);
            assertThat(Heap.used() - before)
                    .as("heap held for %d replies of 60,000 bytes", asked)
                    .isLessThan(8 * MIB);
            guard.assertGoesOn();
            rogue.send(whole(MessageType.REQUEST, asked + 1, 0));
            guard.time.advance(LINGER);
            assertThat(guard.log.closed(rogue.id()))
                    .as("no credit before answers are written")
                    .isEqualTo(CloseReason.local(ErrorCode.FLOW_CONTROL));
        }
    }

    @Test
    void holdsLittleOfRequestsThatAreNeverAnswered() {
        NodeLimits limits = NodeLimits.defaults().withMaxRequestsInFlight(4_096);
        byte[] padding = frames(new Frame.Padding(32 * 1024));
        try (VirtualGuard guard = VirtualGuard.start(spec -> spec.limits(limits).onRequest("m", this::never));
                RoguePeer rogue = guard.rogue().session()) {
            long before = Heap.used();
            for (int id = 1; id <= 4_096; id++) {
                // each in a large record, which nothing may keep
                rogue.sendPlaintext(concat(frames(whole(MessageType.REQUEST, id, 100)), padding));
            }
            assertThat(ran.get()).isEqualTo(4_096);
            assertThat(Heap.used() - before).as("heap held for 4,096 requests").isLessThan(4 * MIB);
            assertAlive(rogue);
        }
    }

    @Test
    void holdsLittleOfOneWayMessagesThatWait() {
        byte[] padding = frames(new Frame.Padding(32 * 1024));
        try (VirtualGuard guard = VirtualGuard.start(spec -> spec.onMessage("m", message -> Mono.never()));
                RoguePeer rogue = guard.rogue().session()) {
            long before = Heap.used();
            for (int id = 1; id <= 8_000; id++) {
                rogue.sendPlaintext(concat(frames(whole(MessageType.ONE_WAY, id, 100)), padding));
            }
            assertThat(sessionOf(guard, rogue).messageStats().messagesWaiting()).isEqualTo(8_000);
            assertThat(Heap.used() - before).as("heap held for 8,000 messages").isLessThan(6 * MIB);
            assertAlive(rogue);
        }
    }

    @Test
    void endsASessionThatBeginsEverMoreMessagesAndCompletesNone() {
        try (VirtualGuard guard = VirtualGuard.start(spec -> spec.onRequest("m", this::never));
                RoguePeer rogue = guard.rogue().session()) {
            long before = Heap.used();
            for (int id = 1; id <= 100_000; id++) {
                rogue.send(fragment(MessageType.REQUEST, id, 1_000, 0, 64));
            }
            guard.time.advance(LINGER);
            assertThat(guard.log.closed(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.PROTOCOL_VIOLATION));
            assertThat(Heap.used() - before).isLessThan(2 * MIB);
            assertThat(ran.get()).isZero();
        }
    }

    @Test
    void holdsNoMoreThanItsWindowOfMessagesThatAreNeverComplete() {
        try (VirtualGuard guard = VirtualGuard.start(spec -> spec.onRequest("m", this::never));
                RoguePeer rogue = guard.rogue().session()) {
            long before = Heap.used();
            int parts = 0;
            for (int packet = 1; packet < 1_000 && parts < 10_000; packet++) {
                for (int id = 1; id <= 60; id++) {
                    if (parts++ < 10_000) {
                        // the first packet never comes, so all of them wait apart
                        rogue.send(fragment(MessageType.REQUEST, id, 60_000, packet, 80));
                    }
                }
            }
            assertThat(Heap.used() - before).as("heap held of 800,000 bytes").isLessThan(4 * MIB);
            assertAlive(rogue);
        }
    }

    @Test
    void forgetsAllOfASessionThatIsLostWithRequestsInBothDirections() {
        try (VirtualGuard guard = VirtualGuard.start(spec -> spec.onRequest("m", this::never));
                RoguePeer rogue = guard.rogue().session()) {
            PeerSession session = sessionOf(guard, rogue);
            List<String> heard = new ArrayList<>();
            for (int id = 1; id <= 100; id++) {
                ask(session, heard);
                rogue.send(whole(MessageType.REQUEST, id, 10), fragment(MessageType.ONE_WAY, 1_000, 3, 0, 64));
            }
            rogue.abort();
            guard.time.settle();
            assertThat(heard)
                    .hasSize(100)
                    .containsOnly(CloseReason.local(ErrorCode.LINK_LOST).toString());
            assertThat(session.messageStats()).isEqualTo(new MessageStats(0, 0, 0, 0, 99));
        }
    }

    // ---- how

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

    private static PeerSession sessionOf(VirtualGuard guard, RoguePeer rogue) {
        return Objects.requireNonNull(guard.node
                .sessions()
                .filter(session -> session.peer().equals(rogue.id()))
                .blockFirst(Duration.ofSeconds(1)));
    }

    private static Frame.Message whole(MessageType type, long id, int bytes) {
        return fragment(type, id, 1, 0, bytes);
    }

    private static Frame.Message fragment(MessageType type, long id, int packets, int packet, int bytes) {
        boolean named = packet == 0 && (type == MessageType.REQUEST || type == MessageType.ONE_WAY);
        return new Frame.Message(
                type, packets, packet, id, named ? "m" : "", Headers.empty(), Bytes.copyOf(new byte[bytes]));
    }

    private static ErrorCode codeOf(Frame.Message error) {
        byte[] body = error.payload().toByteArray();
        return ErrorCode.of(VarInt.read(body, 0, body.length));
    }

    private static void assertEnded(VirtualGuard guard, RoguePeer rogue, ErrorCode code) {
        assertThat(rogue.awaitEnd()).isEqualTo(code);
        guard.time.advance(LINGER);
        assertThat(guard.log.closed(rogue.id())).isEqualTo(CloseReason.local(code));
    }

    private static void assertAlive(RoguePeer rogue) {
        rogue.send(new Frame.Ping(4242));
        while (rogue.await(Frame.Pong.class).token() != 4242) {
            // an answer to an earlier one
        }
    }

    private static byte[] frames(Frame... frames) {
        return RoguePeer.plaintext(frames);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
