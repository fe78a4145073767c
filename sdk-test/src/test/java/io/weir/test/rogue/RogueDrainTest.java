package io.weir.test.rogue;

import static io.weir.test.rogue.Victim.LINGER;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.StreamFrame;
import io.weir.core.wire.VarInt;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerSession;
import io.weir.reactive.SessionState;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/** Peers that say GOAWAY, or hear it, and do not mean it. */
class RogueDrainTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    // ---- GOAWAY of the peer

    @Test
    void goesOnWithAPeerThatSaysItTwice() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "echo"), goaway(0, 0, 60_000));
            rogue.send(goaway(0, 0, 30_000));
            assertThat(victim.sessionWith(rogue).state()).isEqualTo(SessionState.DRAINING);
            rogue.send(RogueFrames.data(3, 10));
            assertThat(rogue.await(StreamFrame.Data.class).payload().length()).isEqualTo(10);
            rogue.send(new SessionFrame.End(0));
            victim.advance(LINGER);
            assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.remote(ErrorCode.NONE));
        }
    }

    @Test
    void servesAPeerThatOpensStreamsAfterSayingIt() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(goaway(0, 0, 60_000));
            rogue.send(RogueFrames.open(3, "echo"), RogueFrames.data(3, 10)); // asked for before, on an honest peer
            assertThat(rogue.await(StreamFrame.Data.class).payload().length()).isEqualTo(10);
            rogue.fin();
            assertThat(victim.log.lost(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.LINK_LOST));
        }
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                Arguments.of("a handle that was never opened", new SessionFrame.Goaway[] {goaway(3, 0, 0)}),
                Arguments.of("the highest handle there is", new SessionFrame.Goaway[] {goaway(VarInt.MAX, 0, 0)}),
                Arguments.of("a handle of messages", new SessionFrame.Goaway[] {goaway(2, 0, 0)}),
                Arguments.of("a message that was never sent", new SessionFrame.Goaway[] {goaway(0, 1, 0)}),
                Arguments.of("the highest message there is", new SessionFrame.Goaway[] {goaway(0, VarInt.MAX, 0)}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void endsASessionWhosePeerHasTakenWhatNobodySent(String what, SessionFrame.Goaway[] frames) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(frames);
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void endsASessionWhosePeerTakesMoreTheSecondTime() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            PeerSession session = victim.sessionWith(rogue);
            session.openStream("a", StreamConfig.reliable())
                    .send(Mono.never(), Codec.utf8())
                    .subscribe(v -> {}, e -> {});
            session.send("m", "", Codec.utf8()).subscribe();
            victim.settle();
            rogue.send(goaway(3, 1, 60_000));
            rogue.send(goaway(0, 1, 60_000));
            assertThat(session.state()).isEqualTo(SessionState.DRAINING);
            rogue.send(goaway(3, 1, 60_000));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void endsASessionWhosePeerTakesMoreMessagesTheSecondTime() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            victim.sessionWith(rogue).send("m", "", Codec.utf8()).subscribe();
            victim.settle();
            rogue.send(goaway(0, 0, 60_000), goaway(0, 1, 60_000));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void refusesAPeerThatSaysItBeforeHello() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().handshake()) {
            rogue.send(goaway(0, 0, 0));
            assertThat(rogue.awaitEnd()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            victim.advance(LINGER);
            assertThat(victim.log.refused(ErrorCode.PROTOCOL_VIOLATION)).isNotNull();
        }
    }

    /** It would otherwise hold a session that is of no use to anybody for as long as it likes. */
    @Test
    void endsASessionWhosePeerLetsItsOwnDeadlinePass() {
        NodeLimits limits = NodeLimits.defaults().withSilenceLimit(Duration.ofSeconds(5));
        try (Victim victim = Victim.start(limits);
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "stall"), goaway(0, 0, 2_000));
            for (int i = 0; i < 6; i++) {
                victim.advance(Duration.ofSeconds(1));
                rogue.send(new SessionFrame.Heartbeat());
            }
            assertThat(victim.sessionWith(rogue).state()).isEqualTo(SessionState.DRAINING);
            victim.advance(Duration.ofSeconds(1));
            victim.assertEnded(rogue, ErrorCode.DRAIN_TIMEOUT);
            assertThat(victim.log.soFar(PeerEvent.DrainCutOff.class))
                    .singleElement()
                    .satisfies(e -> assertThat(e.streams()).isEqualTo(1));
        }
    }

    @Test
    void takesADeadlineOfAnyLength() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(goaway(0, 0, VarInt.MAX));
            assertThat(victim.sessionWith(rogue).state()).isEqualTo(SessionState.DRAINING);
            rogue.send(new SessionFrame.End(0));
            victim.advance(LINGER);
            assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.remote(ErrorCode.NONE));
        }
    }

    @Test
    void absorbsAStormOfTheSameGoaway() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "echo"), goaway(0, 0, 60_000));
            rogue.heard();
            int timers = victim.network.timers(Victim.HOST);
            for (int i = 0; i < 5_000; i++) {
                rogue.send(goaway(0, 0, 60_000 - i), goaway(0, 0, 60_000));
            }
            assertThat(rogue.heard()).isEmpty();
            assertThat(victim.network.timers(Victim.HOST)).isEqualTo(timers);
            victim.assertServes(rogue, 3);
        }
    }

    /** Each costs a look at every stream and request of this side, and no honest peer has reason for more than a few. */
    @Test
    void endsASessionWhosePeerTakesBackOneMessageAtATime() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            for (int i = 0; i < 40; i++) {
                victim.sessionWith(rogue).send("m", "", Codec.utf8()).subscribe();
            }
            victim.settle();
            for (int taken = 40; taken > 24; taken--) {
                rogue.send(goaway(0, taken, 60_000));
            }
            assertThat(victim.sessionWith(rogue).state()).isEqualTo(SessionState.DRAINING);
            rogue.send(goaway(0, 24, 60_000));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    // ---- GOAWAY of the node

    @Test
    void refusesEveryOpenOfAPeerThatHeardIt() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "echo"));
            List<String> drained = new ArrayList<>();
            victim.sessionWith(rogue)
                    .drain(MINUTE)
                    .subscribe(v -> {}, e -> drained.add("failed"), () -> drained.add("done"));
            victim.settle();
            assertThat(rogue.await(SessionFrame.Goaway.class)).isEqualTo(new SessionFrame.Goaway(3, 0, 60_000, 0));
            for (long handle = 4; handle < 104; handle++) {
                rogue.send(RogueFrames.open(handle, "echo"), RogueFrames.data(handle, 10));
                StreamFrame.Stop refusal = rogue.await(StreamFrame.Stop.class);
                assertThat(refusal).isEqualTo(new StreamFrame.Stop(handle, true, ErrorCode.GOING_AWAY.number()));
                rogue.send(new StreamFrame.Reset(handle, 0));
            }
            rogue.send(RogueFrames.data(3, 5));
            assertThat(rogue.await(StreamFrame.Data.class).payload().length()).isEqualTo(5);
            assertThat(drained).isEmpty();

            rogue.send(new StreamFrame.Close(3, 16 + 5, 1, 0));
            StreamFrame.Close closed = rogue.await(StreamFrame.Close.class);
            rogue.send(new CreditFrame.Window(closed.handle(), 16 + 5, 1 << 16));
            victim.assertEnded(rogue, ErrorCode.NONE);
            assertThat(drained).containsExactly("done");
        }
    }

    @Test
    void isNotKeptBeyondItsDeadlineByAPeerThatOpensOn() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "stall"));
            victim.sessionWith(rogue).drain(Duration.ofSeconds(3)).subscribe(v -> {}, e -> {});
            for (int second = 0; second < 3; second++) {
                rogue.send(RogueFrames.open(4 + second, "stall"));
                victim.advance(Duration.ofSeconds(1));
            }
            victim.assertEnded(rogue, ErrorCode.DRAIN_TIMEOUT);
        }
    }

    // ---- how

    private static SessionFrame.Goaway goaway(long lastHandle, long lastMessageId, long deadlineMillis) {
        return new SessionFrame.Goaway(lastHandle, lastMessageId, deadlineMillis, 0);
    }
}
