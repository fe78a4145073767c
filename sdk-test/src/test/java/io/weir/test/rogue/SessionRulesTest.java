package io.weir.test.rogue;

import static io.weir.test.rogue.RogueFrames.plaintext;
import static io.weir.test.rogue.Victim.LINGER;
import static io.weir.test.rogue.Victim.assertAlive;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Hello;
import io.weir.core.wire.LinkFrame;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.PacketRange;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.StreamFrame;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent.ConnectionLost;
import io.weir.reactive.SessionState;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What the protocol page says of a session before, between and behind its streams, held by a peer that only has the page. */
class SessionRulesTest {

    // ---- sections 1 and 2: what a responder tells in the clear

    static Stream<Arguments> failures() {
        byte[] opening = RoguePeer.opening();
        byte[] padded = opening.clone();
        padded[7] = 1;
        byte[] tooLong = opening.clone();
        tooLong[8] = (byte) 0xff;
        return Stream.of(
                Arguments.of("other bytes", ErrorCode.NOT_WEIR, new byte[] {'H', 'T', 'T', 'P'}),
                Arguments.of("a preamble that is none", ErrorCode.NOT_WEIR, padded),
                Arguments.of("a message of no possible length", ErrorCode.HANDSHAKE_FAILED, tooLong));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void saysNothingOfAHandshakeThatFailed(String what, ErrorCode code, byte[] said) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue()) {
            rogue.write(said);
            victim.advance(LINGER);
            assertThat(rogue.awaitClosed()).isEmpty();
            assertThat(victim.log.refused(code)).isNotNull();
        }
    }

    @Test
    void saysNothingOfAMessage3ThatIsNotAuthentic() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue()) {
            byte[] opening = RoguePeer.opening();
            rogue.write(opening);
            rogue.awaitBytes(); // message 2
            rogue.write(RogueFrames.concat(new byte[] {0, (byte) 160}, new byte[160]));
            victim.advance(LINGER);
            assertThat(rogue.awaitClosed()).isEmpty();
            assertThat(victim.log.refused(ErrorCode.HANDSHAKE_FAILED)).isNotNull();
        }
    }

    // ---- section 2: HELLO

    @Test
    void takesPaddingAndIgnorableFramesBeforeHello() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().handshake()) {
            rogue.send(new LinkFrame.Padding(9), new LinkFrame.Unknown(0x40, Bytes.copyOf(new byte[3])));
            rogue.send(Hello.defaults());
            assertThat(rogue.next()).isInstanceOf(Hello.class);
            assertAlive(rogue);
        }
    }

    @Test
    void takesAnEndBeforeHello() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().handshake()) {
            rogue.send(new SessionFrame.End(ErrorCode.GOING_AWAY.number()));
            assertThat(rogue.next()).isNull();
            assertThat(victim.log.refused(ErrorCode.GOING_AWAY)).isEqualTo(CloseReason.remote(ErrorCode.GOING_AWAY));
        }
    }

    static Stream<Arguments> framesOfStreamsAndMessages() {
        return Stream.of(
                Arguments.of("OPEN", RogueFrames.open(3, "sink")),
                Arguments.of("WINDOW of opens", new CreditFrame.Window(0, 0, 9)),
                Arguments.of("WINDOW of requests", new CreditFrame.Window(1, 0, 9)),
                Arguments.of("WINDOW of a stream", new CreditFrame.Window(3, 0, 9)),
                Arguments.of("BLOCKED of opens", new CreditFrame.Blocked(0, 9, 3)),
                Arguments.of("BLOCKED of replies", new CreditFrame.Blocked(2, 9, 0)),
                Arguments.of("CLOSE", new StreamFrame.Close(3, 0, 0, 0)),
                Arguments.of("RESET", new StreamFrame.Reset(3, 0)),
                Arguments.of("STOP", new StreamFrame.Stop(3, 0)),
                Arguments.of("DATA", RogueFrames.data(3, 1)),
                Arguments.of("MESSAGE", RogueFrames.message(MessageType.ONE_WAY, 1, 1)),
                Arguments.of("FEEDBACK", new LinkFrame.Feedback(List.of(new PacketRange(0, 1)), 0, 0, 0, 0)),
                Arguments.of("GOAWAY", new SessionFrame.Goaway(0, 0, 1_000, 0)));
    }

    static Stream<Arguments> allButHelloAndEnd() {
        return Stream.concat(
                Stream.of(
                        Arguments.of("PING", new SessionFrame.Ping(1)),
                        Arguments.of("PONG", new SessionFrame.Pong(1)),
                        Arguments.of("HEARTBEAT", new SessionFrame.Heartbeat())),
                framesOfStreamsAndMessages());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("allButHelloAndEnd")
    void endsASessionOnAnythingElseBeforeHello(String what, Frame frame) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().handshake()) {
            rogue.send(frame);
            assertThat(rogue.next()).isEqualTo(new SessionFrame.End(ErrorCode.PROTOCOL_VIOLATION.number()));
            victim.advance(LINGER);
            assertThat(victim.log.refused(ErrorCode.PROTOCOL_VIOLATION)).isNotNull();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("framesOfStreamsAndMessages")
    void endsASessionOnAFrameOfAStreamOrMessageBetweenTheHellos(String what, Frame frame) {
        try (Victim victim = deciding();
                RoguePeer rogue = victim.rogue().handshake()) {
            rogue.send(Hello.defaults());
            rogue.send(frame);
            assertThat(rogue.next()).isEqualTo(new SessionFrame.End(ErrorCode.PROTOCOL_VIOLATION.number()));
            victim.advance(LINGER);
            assertThat(victim.log.refused(ErrorCode.PROTOCOL_VIOLATION)).isNotNull();
        }
    }

    @Test
    void takesSignsOfLifeBetweenTheHellosAndSaysNothing() {
        try (Victim victim = deciding();
                RoguePeer rogue = victim.rogue().handshake()) {
            rogue.send(Hello.defaults());
            rogue.send(new SessionFrame.Ping(1), new SessionFrame.Pong(2), new SessionFrame.Heartbeat());
            victim.advance(Duration.ofSeconds(1));
            assertThat(rogue.heard()).isEmpty();
        }
    }

    /** Its admission takes its time, so that its HELLO does. */
    private static Victim deciding() {
        return Victim.start(spec -> spec.admission(
                candidate -> TcpVictim.FRIENDS.contains(candidate.peer()) ? Mono.just(true) : Mono.never()));
    }

    // ---- HELLO's silence limit

    @Test
    void statesItsOwnSilenceLimit() {
        try (Victim victim = withSilenceLimit(700);
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withSilenceLimitMillis(400_000))) {
            assertThat(rogue.hello().silenceLimitMillis()).isEqualTo(700);
            victim.advance(Duration.ofMillis(699));
            assertThat(victim.log.soFar(ConnectionLost.class)).isEmpty();
            victim.advance(Duration.ofMillis(2));
            assertThat(victim.log.lost(rogue.id()).error()).isEqualTo(ErrorCode.SILENCE);
        }
    }

    /** A third of what the peer bears, and no more often than every 10 ms. */
    @ParameterizedTest
    @ValueSource(longs = {1, 15, 30, 300, 3_000})
    void speaksThreeTimesInTheSilenceThatItsPeerBears(long limitMillis) {
        long everyMillis = Math.max(10, limitMillis / 3);
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withSilenceLimitMillis(limitMillis))) {
            rogue.heard();
            int beats = 0;
            for (int i = 0; i < 10; i++) {
                victim.advance(Duration.ofMillis(everyMillis));
                beats += rogue.heard().size();
                rogue.send(new SessionFrame.Heartbeat());
            }
            assertThat(beats).isBetween(9, 10);
        }
    }

    @Test
    void takesAnyRecordForASignOfLife() {
        try (Victim victim = withSilenceLimit(300);
                RoguePeer rogue = victim.rogue().session()) {
            for (int i = 0; i < 20; i++) {
                victim.advance(Duration.ofMillis(200));
                rogue.sendPlaintext(plaintext(new LinkFrame.Padding(1)));
            }
            assertThat(victim.sessionWith(rogue).state()).isEqualTo(SessionState.READY);
        }
    }

    private static Victim withSilenceLimit(long millis) {
        return Victim.start(NodeLimits.defaults().withSilenceLimit(Duration.ofMillis(millis)));
    }

    // ---- END

    @Test
    void answersAnEndWithTheEndOfTheLink() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.heard();
            rogue.send(new SessionFrame.End(ErrorCode.NODE_CLOSED.number()));
            assertThat(rogue.next()).isNull();
            assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.remote(ErrorCode.NODE_CLOSED));
        }
    }

    @Test
    void saysNothingBehindItsEnd() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "source"), new SessionFrame.Ping(7));
            victim.sessionWith(rogue).dispose();
            rogue.send(new SessionFrame.Ping(8), RogueFrames.open(4, "echo"));
            victim.advance(LINGER);
            List<Frame> heard = rogue.heard();
            assertThat(heard).last().isEqualTo(new SessionFrame.End(ErrorCode.NONE.number()));
            assertThat(heard).doesNotContain(new SessionFrame.Pong(8));
            assertThat(heard).filteredOn(SessionFrame.End.class::isInstance).hasSize(1);
            assertThat(rogue.next()).isNull();
        }
    }

    @Test
    void takesNothingBehindAnEndInTheSameRecord() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            byte[] end = plaintext(new SessionFrame.End(0));
            byte[] garbage = {0x0F, 0x0F};
            byte[] all = Arrays.copyOf(end, end.length + garbage.length);
            System.arraycopy(garbage, 0, all, end.length, garbage.length);
            rogue.sendPlaintext(all);
            assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.remote(ErrorCode.NONE));
        }
    }
}
