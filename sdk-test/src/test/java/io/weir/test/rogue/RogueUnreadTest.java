package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.WeirException;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.VarInt;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Peers that allow everything and read nothing: what is accepted for them is bounded by their victim. */
class RogueUnreadTest {

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final int ELEMENT = 16 * KIB;

    private static final long SESSION = MIB;
    private static final long NODE = 4 * MIB;
    private static final NodeLimits LIMITS =
            NodeLimits.defaults().withSessionSendBudgetBytes(SESSION).withNodeSendBudgetBytes(NODE);

    private static final Hello EVERYTHING = Hello.defaults()
            .withInitialWindow(VarInt.MAX)
            .withRequestWindow(VarInt.MAX)
            .withReplyWindow(VarInt.MAX);

    private final List<PeerStream> streams = new ArrayList<>();

    private Victim victim() {
        return Victim.start(spec -> spec.limits(LIMITS)
                .onStream("push", stream -> {
                    streams.add(stream);
                    return Mono.never();
                })
                .onRequest("m", request -> Mono.just(ByteBuffer.allocate(100 * KIB))));
    }

    /** Offers until it is refused a thousand times in a row; returns how many were accepted. */
    private int offer(Victim victim, PeerStream stream) {
        byte[] element = new byte[ELEMENT];
        int accepted = 0;
        for (int refused = 0; refused < 1_000; refused++) {
            if (stream.trySend(element, Codec.bytes()) == TrySend.OK) {
                accepted++;
                refused = 0;
                assertThat(accepted).isLessThan(20_000);
            }
            if (refused % 100 == 0) {
                victim.settle();
            }
        }
        assertThat(stream.trySend(element, Codec.bytes())).isEqualTo(TrySend.BACKPRESSURE);
        return accepted;
    }

    @Test
    void acceptsNoMoreThanItsBoundForAPeerThatGrantsEverythingAndReadsNothing() {
        try (Victim victim = victim();
                RoguePeer rogue = victim.rogue().session(EVERYTHING)) {
            rogue.send(new CreditFrame.Blocked(0, 12, 3));
            rogue.await(CreditFrame.Window.class);
            for (long handle = 3; handle < 12; handle++) {
                rogue.send(RogueFrames.open(handle, "push"));
            }
            victim.settle();
            assertThat(streams).hasSize(9);

            int accepted = offer(victim, streams.get(0));
            assertThat((long) accepted * ELEMENT)
                    .as("a quarter of the session's, and what the link has taken")
                    .isBetween(SESSION / 4 - ELEMENT, SESSION / 4 + 256 * KIB);
            assertThat(victim.node.unsentBytes()).isBetween(SESSION / 4 - 2 * ELEMENT, SESSION / 4);

            streams.forEach(stream -> offer(victim, stream));
            assertThat(victim.node.unsentBytes())
                    .as("three quarters of the session's")
                    .isBetween(3 * SESSION / 4 - 2 * ELEMENT, 3 * SESSION / 4);

            rogue.abort();
            victim.advance(Duration.ofSeconds(1));
            assertThat(victim.node.unsentBytes()).isZero();
            assertThat(streams.get(0).trySend(new byte[1], Codec.bytes())).isEqualTo(TrySend.NOT_CONNECTED);
        }
    }

    @Test
    void boundsWhatManyPeersThatReadNothingLeaveWithANode() {
        int peers = 12;
        List<RoguePeer> rogues = new ArrayList<>();
        try (Victim victim = victim()) {
            for (int i = 0; i < peers; i++) {
                RoguePeer rogue = victim.rogue().session(EVERYTHING);
                rogues.add(rogue);
                rogue.send(RogueFrames.open(3, "push"), RogueFrames.open(4, "push"));
                victim.settle();
            }
            assertThat(streams).hasSize(2 * peers);

            streams.forEach(stream -> offer(victim, stream));
            assertThat(victim.node.unsentBytes())
                    .as("three quarters of the node's, and one for each session")
                    .isBetween(3 * NODE / 4 - 2 * ELEMENT, 3 * NODE / 4 + peers * (ELEMENT + 128L));
            victim.assertGoesOn();

            rogues.forEach(RoguePeer::close);
            victim.advance(Duration.ofSeconds(2));
            assertThat(victim.node.unsentBytes()).isZero();
        }
    }

    @Test
    void refusesRequestsAndMessagesForAPeerThatReadsNothingAndStillAnswersIt() {
        try (Victim victim = victim();
                RoguePeer rogue = victim.rogue().session(EVERYTHING)) {
            PeerSession session = victim.sessionWith(rogue);
            Map<Object, Integer> ends = new LinkedHashMap<>();
            for (int i = 0; i < 1_000; i++) {
                session.request("r", new byte[8 * KIB], Codec.bytes(), Codec.bytes())
                        .subscribe(value -> {}, e -> count(ends, e));
                session.send("n", new byte[8 * KIB], Codec.bytes())
                        .subscribe(value -> {}, e -> count(ends, e), () -> ends.merge("written", 1, Integer::sum));
            }
            victim.settle();
            assertThat(ends.get(ErrorCode.TOO_MANY_REQUESTS)).isGreaterThan(1_000);
            assertThat(victim.node.unsentBytes()).isBetween(3 * SESSION / 4 - 9 * KIB, 3 * SESSION / 4);

            rogue.send(RogueFrames.message(MessageType.REQUEST, 1, 10));
            victim.settle();
            assertThat(victim.node.unsentBytes()).as("a reply has room").isGreaterThan(3 * SESSION / 4 + 90 * KIB);
            MessageFrame answer = rogue.await(MessageFrame.class);
            while (answer.messageType() != MessageType.REPLY) {
                assertThat(answer.messageType()).isNotEqualTo(MessageType.ERROR);
                answer = rogue.await(MessageFrame.class);
            }
        }
    }

    private static void count(Map<Object, Integer> ends, Throwable e) {
        ends.merge(((WeirException) e).reason().error(), 1, Integer::sum);
    }
}
