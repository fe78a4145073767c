package io.weir.test.rogue;

import static io.weir.test.rogue.RogueFrames.plaintext;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.SessionFrame.End;
import io.weir.core.wire.SessionFrame.Heartbeat;
import io.weir.core.wire.SessionFrame.Ping;
import io.weir.core.wire.SessionFrame.Pong;
import io.weir.core.wire.VarInt;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.node.Heap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Genuine packets of a peer, in numbers: what they make a node say and hold. */
class RogueStormsTest {

    private static final int STORM = 5_000;

    /** Each gap is told at once, with up to 32 of those before it; to the address that is proved. */
    @Test
    void answersPacketsWithGapsBetweenThemWithFewTimesTheirBytes() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            rogue.send(rogue.feedback());
            long said = rogue.bytesSaid();
            long heard = rogue.bytesHeard();
            long before = Heap.used();
            for (int i = 0; i < STORM; i++) {
                rogue.send(rogue.sealedAs(rogue.nextNumber() + 1, plaintext(new Heartbeat())));
            }
            assertThat(Heap.used() - before).as("heap for the gaps").isLessThan(1 << 20);
            assertThat(rogue.bytesHeard() - heard).isLessThan(6 * (rogue.bytesSaid() - said));
            rogue.heard();
            rogue.send(rogue.feedback());
            victim.assertAlive(rogue);
        }
    }

    @Test
    void answersAPingFloodOnceForEachPacketAtTheMost() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            long pongs = 0;
            for (int i = 0; i < STORM / 10; i++) {
                rogue.send(new Ping(1), new Ping(2), new Ping(3), new Ping(i));
                pongs += rogue.heard().stream().filter(Pong.class::isInstance).count();
                rogue.send(rogue.feedback());
            }
            assertThat(pongs).isBetween(1L, STORM / 10L);
            assertThat(rogue.bytesHeard()).isLessThan(2 * rogue.bytesSaid());
            victim.assertAlive(rogue);
        }
    }

    @Test
    void answersAPingFloodOfAPeerThatNeverAcknowledgesWithNextToNothing() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            for (int i = 0; i < STORM; i++) {
                rogue.send(new Ping(i));
            }
            victim.soon();
            assertThat(rogue.heard().stream().filter(Pong.class::isInstance).count())
                    .isLessThan(1_000);
            rogue.send(rogue.feedback());
            victim.assertAlive(rogue);
        }
    }

    @Test
    void takesTheFirstHelloWhateverLaterOnesSay() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            for (int i = 0; i < 1_000; i++) {
                rogue.send(Hello.defaults().withOpenLimit(VarInt.MAX).withSilenceLimitMillis(1));
            }
            rogue.send(rogue.feedback());
            victim.advance(Duration.ofSeconds(2));
            long beats =
                    rogue.heard().stream().filter(Heartbeat.class::isInstance).count();
            assertThat(beats)
                    .as("for a limit of 1 ms there would be one each 10 ms")
                    .isLessThan(5);
            victim.assertAlive(rogue);
        }
    }

    @Test
    void takesNothingBehindEndHoweverOftenItComes() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            byte[] late = rogue.sealed(plaintext(new Ping(77)));
            for (int i = 0; i < 100; i++) {
                rogue.send(new End(0));
                rogue.send(RogueFrames.open(3 + i, "echo"));
            }
            rogue.send(late);
            victim.soon();
            assertThat(victim.log.closed(rogue.id()).error()).isEqualTo(ErrorCode.NONE);
            assertThat(rogue.heard()).noneMatch(Pong.class::isInstance);
            assertThat(victim.sessions()).isOne();
        }
    }

    @Test
    void holdsRequestsThatComeInPartsWithinTheirWindow() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            long before = Heap.used();
            ErrorCode end = ErrorCode.NONE;
            for (int id = 1; id < 20_000 && end == ErrorCode.NONE; id++) {
                rogue.send(RogueFrames.message(MessageType.REQUEST, id, 100, 99, 64));
                if (id % 64 == 0) {
                    victim.soon();
                    end = ended(rogue);
                    rogue.send(rogue.feedback());
                }
            }
            assertThat(Heap.used() - before).as("heap").isLessThan(2 << 20);
            assertThat(end).isIn(ErrorCode.FLOW_CONTROL, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    private static ErrorCode ended(RogueDatagramPeer rogue) {
        return rogue.heard().stream()
                .filter(End.class::isInstance)
                .map(end -> ErrorCode.of(((End) end).code()))
                .findFirst()
                .orElse(ErrorCode.NONE);
    }

    @Test
    void refusesSessionsOfOneAddressAboveItsShare() {
        try (DatagramVictim victim = DatagramVictim.start(NodeLimits.defaults().withMaxSessionsPerAddress(2))) {
            List<RogueDatagramPeer> rogues = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                RogueDatagramPeer rogue = victim.rogue("crowd", 5_000 + i).handshake();
                rogues.add(rogue);
                rogue.send(Hello.defaults());
                victim.soon();
                if (i >= 2) {
                    assertThat(rogue.awaitEnd()).isEqualTo(ErrorCode.TOO_MANY_SESSIONS_PER_ADDRESS);
                } else {
                    assertThat(rogue.await(Hello.class)).isNotNull();
                }
            }
            assertThat(victim.sessions()).isEqualTo(3);
            rogues.forEach(RogueDatagramPeer::close);
        }
    }
}
