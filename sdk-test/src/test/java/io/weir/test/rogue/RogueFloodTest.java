package io.weir.test.rogue;

import static io.weir.test.rogue.RogueFrames.plaintext;
import static io.weir.test.rogue.Victim.assertAlive;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Hello;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.StreamFrame;
import io.weir.core.wire.VarInt;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerSession;
import io.weir.reactive.SessionState;
import io.weir.reactive.node.Heap;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Floods of what costs next to nothing to send: answers and memory stay small, and the sender is not even ended. */
class RogueFloodTest {

    @Test
    void answersAPingFloodOfAPeerThatNeverReadsWithNextToNothing() {
        int records = 200;
        byte[] flood = plaintext(
                IntStream.range(0, 5_000).mapToObj(SessionFrame.Ping::new).toArray(Frame[]::new));
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            long before = rogue.bytesRead();
            for (int i = 0; i < records; i++) {
                rogue.sendPlaintext(flood);
            }
            victim.assertGoesOn();
            rogue.send(new SessionFrame.Ping(-7));
            int pongs = 0;
            while (rogue.await(SessionFrame.Pong.class).token() != -7) {
                pongs++;
            }
            assertThat(pongs).isLessThanOrEqualTo(records);
            assertThat(rogue.bytesRead() - before).isLessThan(128 * 1024);
        }
    }

    @Test
    void holdsNothingForAPeerThatFloodsAndNeverReads() {
        byte[] flood = plaintext(
                IntStream.range(0, 5_000).mapToObj(SessionFrame.Ping::new).toArray(Frame[]::new));
        try (TcpVictim victim = TcpVictim.start();
                RoguePeer rogue = RoguePeer.dial(victim.address()).session()) {
            long before = Heap.used();
            for (int i = 0; i < 1_000; i++) {
                rogue.sendPlaintext(flood);
            }
            victim.assertGoesOn();
            assertThat(Heap.used() - before).as("heap held for 5,000,000 PINGs").isLessThan(8L << 20);
        }
    }

    @Test
    void answersAStormOfGrantsWithNoMoreThanItSends() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withInitialWindow(1_000))) {
            rogue.send(RogueFrames.open(3, "source"), RogueFrames.open(4, "echo"));
            rogue.heard();
            long read = rogue.bytesRead();
            long written = 0;
            for (int grant = 0; grant < 5_000; grant++) {
                byte[] record = rogue.sealed(plaintext(new CreditFrame.Window(3, 0, 1_001 + grant / 50)));
                written += record.length;
                rogue.write(record);
            }
            List<Frame> heard = rogue.heard();
            assertThat(heard.stream().filter(StreamFrame.Data.class::isInstance).count())
                    .isLessThanOrEqualTo(1);
            assertThat(heard.stream()
                            .filter(CreditFrame.Blocked.class::isInstance)
                            .count())
                    .isLessThanOrEqualTo(101);
            assertThat(rogue.bytesRead() - read).isLessThan(written);
            victim.assertServes(rogue, 4);
        }
    }

    @Test
    void answersAStormOfBlockedWithNoMoreThanAPeerMayHave() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "sink"), RogueFrames.open(4, "echo"));
            rogue.heard();
            long reserved = victim.node.reservedBytes();
            for (int i = 0; i < 2_000; i++) {
                rogue.send(
                        new CreditFrame.Blocked(3, 65_536, 0),
                        new CreditFrame.Blocked(3, i, 0),
                        new CreditFrame.Blocked(0, i, 0),
                        new CreditFrame.Blocked(1, 1L << 40, 0),
                        new CreditFrame.Blocked(2, 1L << 40, 0));
            }
            assertThat(rogue.heard())
                    .as("one for 1 MiB of requests, none for answers that nobody owes, and at most one for each open")
                    .contains(new CreditFrame.Window(1, 0, 1 << 20))
                    .hasSizeLessThanOrEqualTo(1 + 16);
            assertThat(victim.node.reservedBytes() - reserved)
                    .as("a window of requests, 16 opens; those of streams grow for who sends")
                    .isLessThanOrEqualTo((1 << 20) + 16 * 65_536);
            victim.assertServes(rogue, 4);
        }
    }

    /** A BLOCKED that names no limit of ours makes nothing happen; one at the limit gets each grant once. */
    @Test
    void grantsToABlockedPeerOnlyWhatWasConsumed() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "sink"), RogueFrames.data(3, 84));
            rogue.heard();
            for (int i = 0; i < 100; i++) {
                rogue.send(new CreditFrame.Blocked(3, 65_536, 100));
            }
            assertThat(rogue.heard()).containsExactly(new CreditFrame.Window(3, 100, 65_636));
        }
    }

    @Test
    void takesTheSmallestRecordsAndFramesWithoutAnAnswer() {
        byte[] heartbeat = plaintext(new SessionFrame.Heartbeat());
        assertThat(heartbeat).hasSize(1);
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.heard();
            for (int i = 0; i < 20_000; i++) {
                rogue.sendPlaintext(heartbeat);
            }
            rogue.sendPlaintext(new byte[30_000]); // of 30,000 PADDING frames
            assertThat(rogue.heard()).isEmpty();
            assertAlive(rogue);
        }
    }

    @Test
    void holdsWhatAWindowAllowsOfElementsWithoutABytes() {
        int most = 65_536 / 16;
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "stall"), RogueFrames.open(4, "echo"));
            for (int i = 0; i < most; i++) {
                rogue.send(RogueFrames.data(3, 0));
            }
            assertAlive(rogue);
            rogue.send(RogueFrames.data(3, 0));
            assertThat(rogue.await(StreamFrame.Stop.class))
                    .isEqualTo(new StreamFrame.Stop(3, ErrorCode.FLOW_CONTROL.number()));
            victim.assertServes(rogue, 4);
        }
    }

    @Test
    void takesAStreamOneByteAtATime() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "echo"));
            byte[] records = RogueFrames.concat(
                    rogue.sealed(plaintext(RogueFrames.data(3, 7))), rogue.sealed(plaintext(new SessionFrame.Ping(9))));
            for (byte one : records) {
                rogue.write(new byte[] {one});
            }
            assertThat(rogue.await(SessionFrame.Pong.class).token()).isEqualTo(9);
            victim.assertServes(rogue, 3);
        }
    }

    @Test
    void writesLittleForAPeerThatNeverReadsServesItsOtherPeersAndEndsTheSessionInTheEnd() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withInitialWindow(VarInt.MAX))) {
            rogue.send(new CreditFrame.Blocked(0, 13, 3));
            assertThat(rogue.await(CreditFrame.Window.class)).isEqualTo(new CreditFrame.Window(0, 3, 13));
            for (long handle = 3; handle < 13; handle++) {
                rogue.send(RogueFrames.open(handle, "source"));
            }
            PeerSession session = victim.sessionWith(rogue);
            long reserved = victim.node.reservedBytes();
            aliveFor(29, victim, rogue);
            assertThat(victim.bytesUnderWayTo(rogue))
                    .as("two records and a little")
                    .isLessThan(128 * 1024);
            assertThat(session.state()).isEqualTo(SessionState.READY);

            aliveFor(6, victim, rogue);
            assertThat(victim.log.closed(rogue.id()).error()).isEqualTo(ErrorCode.STALLED);
            assertThat(victim.node.reservedBytes()).isLessThan(reserved - 9 * 65_536);
        }
    }

    @Test
    void givesUpStreamsWhoseAnswerAPeerThatNeverReadsKeepsBack() {
        NodeLimits limits = NodeLimits.defaults().withStallLimit(Duration.ofHours(1));
        try (Victim victim = Victim.start(limits);
                RoguePeer rogue = victim.rogue().session(Hello.defaults().withInitialWindow(VarInt.MAX))) {
            rogue.send(new CreditFrame.Blocked(0, 13, 3));
            rogue.await(CreditFrame.Window.class);
            for (long handle = 3; handle < 13; handle++) {
                rogue.send(RogueFrames.open(handle, "source"));
            }
            long reserved = victim.node.reservedBytes();
            aliveFor(60, victim, rogue);
            assertThat(victim.node.reservedBytes())
                    .as("the nine whose answer could not be written are given up in time")
                    .isEqualTo(reserved - 9 * 65_536);
            assertThat(victim.sessionWith(rogue).state()).isEqualTo(SessionState.READY);
        }
    }

    private static void aliveFor(int seconds, Victim victim, RoguePeer rogue) {
        for (int second = 0; second < seconds; second++) {
            rogue.send(new SessionFrame.Heartbeat());
            victim.advance(Duration.ofSeconds(1));
            victim.assertGoesOn();
        }
    }
}
