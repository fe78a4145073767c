package io.weir.test.rogue;

import static io.weir.test.rogue.RogueFrames.plaintext;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.Drop;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.LinkFrame.Padding;
import io.weir.core.wire.PacketRange;
import io.weir.core.wire.SessionFrame.End;
import io.weir.core.wire.SessionFrame.Heartbeat;
import io.weir.core.wire.SessionFrame.Ping;
import io.weir.core.wire.SessionFrame.Pong;
import io.weir.core.wire.StreamFrame.Data;
import io.weir.core.wire.VarInt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that are cut, altered, repeated, out of order, from elsewhere or of somebody who acknowledges what was never sent. */
class RoguePacketsTest {

    private final Random random = new Random(20_261_130);

    @Test
    void dropsAPacketCutOffAtEveryLength() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            byte[] packet = rogue.sealed(plaintext(new Ping(1)));
            for (int length = 0; length < packet.length; length++) {
                rogue.send(Arrays.copyOf(packet, length));
            }
            rogue.send(Arrays.copyOf(packet, packet.length + 1));
            assertThat(victim.dropped()).isEqualTo(packet.length + 1);
            assertThat(rogue.heard()).noneMatch(Pong.class::isInstance);
            rogue.send(packet);
            victim.soon();
            assertThat(rogue.await(Pong.class).token()).isEqualTo(1);
        }
    }

    @Test
    void dropsAPacketWithAnyBitFlipped() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            byte[] packet = rogue.sealed(plaintext(new Ping(1)));
            for (int bit = 0; bit < 8 * packet.length; bit++) {
                rogue.send(RogueDatagrams.flipped(packet, bit));
            }
            assertThat(victim.dropped()).isEqualTo(8L * packet.length);
            assertThat(rogue.heard()).noneMatch(Pong.class::isInstance);
            rogue.send(packet);
            victim.soon();
            assertThat(rogue.await(Pong.class).token()).isEqualTo(1);
        }
    }

    @Test
    void dropsPacketsBelowTheWindowOfNumbers() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            byte[] old = rogue.sealed(plaintext(new Ping(1)));
            byte[] known = rogue.sealed(plaintext(new Ping(2)));
            rogue.send(rogue.sealedAs(rogue.nextNumber() + 8_190, plaintext(new Ping(3))));
            rogue.heard();
            rogue.send(old);
            assertThat(victim.dropped(Drop.REPLAYED)).isOne();
            rogue.send(known);
            victim.soon();
            assertThat(rogue.await(Pong.class).token()).isEqualTo(2);
        }
    }

    @Test
    void opensNothingFarAheadOfWhatItKnows() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            for (long number : new long[] {1L << 21, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
                rogue.send(RogueDatagrams.packet(rogue.nodeIndex(), number, new byte[100]));
            }
            assertThat(victim.dropped(Drop.NOT_AUTHENTIC)).isEqualTo(5);
            victim.assertAlive(rogue);
        }
    }

    @Test
    void takesNoBytesThatDoNotAuthenticateForASignOfLife() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            byte[] packet = rogue.sealed(plaintext(new Heartbeat()));
            rogue.send(packet);
            for (int i = 0; i < 17; i++) {
                victim.advance(Duration.ofSeconds(1));
                rogue.send(packet);
                rogue.send(RogueDatagrams.packet(rogue.nodeIndex(), 1_000 + i, new byte[100]));
            }
            assertThat(victim.log.lost(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.SILENCE));
        }
    }

    // ---- FEEDBACK

    @Test
    void endsASessionThatAcknowledgesWhatWasNeverSent() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.feedback(0, 1_000_000));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    /** An optimistic peer acknowledges more than it has, so that the node sends faster; but some numbers are never used. */
    @Test
    void endsASessionThatAcknowledgesANumberThatWasLeftOut() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "source"));
            rogue.send(new CreditFrame.Window(3, 0, 10_000_000));
            for (int i = 0; i < 2_000 && !hasEnded(rogue); i++) {
                if (rogue.highestHeard() >= 0) {
                    rogue.send(RogueFrames.feedback(0, rogue.highestHeard()));
                }
                victim.advance(Duration.ofMillis(1));
            }
            victim.advance(Duration.ofSeconds(1));
            CloseReason reason = victim.log.closed(rogue.id());
            assertThat(reason).isEqualTo(CloseReason.local(ErrorCode.PROTOCOL_VIOLATION));
            assertThat(reason.detail()).isEqualTo("it acknowledges what was never sent");
            assertThat(rogue.highestHeard()).as("packets that went well").isGreaterThan(60);
        }
    }

    private static boolean hasEnded(RogueDatagramPeer rogue) {
        return rogue.heard().stream().anyMatch(frame -> frame instanceof End);
    }

    @Test
    void takesTheMostAbsurdFeedbackThatIsNotALie() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            PacketRange zero = new PacketRange(0, 0);
            rogue.send(new Feedback(List.of(zero), VarInt.MAX, VarInt.MAX, VarInt.MAX, VarInt.MAX));
            rogue.send(new Feedback(List.of(zero), VarInt.MAX, 0, 0, 0));
            for (int i = 0; i < 1_000; i++) {
                rogue.send(new Feedback(List.of(zero), 0, i, i, i));
            }
            victim.assertAlive(rogue);
        }
    }

    @Test
    void endsASessionOnFourThousandRangesOfWhichMostWereNeverSent() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            List<PacketRange> ranges = new ArrayList<>();
            for (long number = VarInt.MAX; ranges.size() < Feedback.MAX_RANGES; number -= 2) {
                ranges.add(new PacketRange(number, number));
            }
            rogue.send(new Feedback(ranges, 0, 0, 0, 0));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void endsASessionOnFeedbackBehindOtherFrames() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            rogue.send(new Ping(1), RogueFrames.feedback(0, 0));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void endsASessionOnFeedbackThatIsCutOff() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            rogue.sendPlaintext(RogueFrames.raw(0x0B, 0, 0, 0, 4_000));
            victim.assertEnded(rogue, ErrorCode.MALFORMED_FRAME);
        }
    }

    @Test
    void answersAStormOfNothingButFeedbackWithNothing() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            rogue.send(rogue.feedback());
            victim.advance(Duration.ofSeconds(1));
            rogue.heard();
            long before = rogue.bytesHeard();
            for (int i = 0; i < 10_000; i++) {
                rogue.send(RogueFrames.feedback(0, 0));
                rogue.send(new Padding(1));
            }
            victim.advance(Duration.ofMillis(100));
            assertThat(rogue.bytesHeard() - before).isZero();
            victim.assertAlive(rogue);
        }
    }

    @Test
    void sendsLittleToAPeerThatNeverAcknowledgesAndEndsTheSessionInTheEnd() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "source"));
            rogue.send(new CreditFrame.Window(3, 0, 10_000_000));
            aliveFor(29, victim, rogue);
            // the first window, and two packets each five seconds
            assertThat(rogue.bytesHeard()).isBetween(10_000L, 96 * 1024L);
            assertThat(victim.sessions()).as("it does give signs of life").isEqualTo(2);

            aliveFor(7, victim, rogue);
            assertThat(victim.sessions()).isEqualTo(1);
            assertThat(victim.log.closed(rogue.id()).error()).isEqualTo(ErrorCode.STALLED);
        }
    }

    private static void aliveFor(int seconds, DatagramVictim victim, RogueDatagramPeer rogue) {
        for (int i = 0; i < seconds; i++) {
            rogue.send(new Heartbeat());
            victim.advance(Duration.ofSeconds(1));
        }
    }

    // ---- from elsewhere

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "friend"})
    void sendsNoDataToAnAddressThatOnlyPacketsNameAndThreeTimesTheirBytesAtTheMost(String there) {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session();
                RogueDatagramPeer bystander = victim.rogue(there + "-beside", 9)) {
            rogue.send(RogueFrames.open(3, "source"));
            byte[] packet = rogue.sealed(plaintext(new Ping(1)));
            rogue.forge(packet, bystander.host(), 9);
            rogue.send(new CreditFrame.Window(3, 0, 10_000_000));
            victim.advance(Duration.ofSeconds(10));
            assertThat(bystander.bytesHeard()).isLessThanOrEqualTo(3L * packet.length);
            assertThat(rogue.heard()).anyMatch(Data.class::isInstance);
        }
    }

    @Test
    void challengesEachOfManyFalseAddressesWithNoMoreThanThreeTimesWhatCame() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session();
                RogueDatagramPeer bystander = victim.rogue("bystander", 9)) {
            long forged = 0;
            for (int i = 0; i < 1_000; i++) {
                byte[] packet = rogue.sealed(plaintext(new Ping(i)));
                forged += packet.length;
                rogue.forge(packet, bystander.host(), 9);
                rogue.send(new Heartbeat());
            }
            victim.advance(Duration.ofSeconds(10));
            assertThat(bystander.bytesHeard()).isLessThanOrEqualTo(3 * forged);
            rogue.heard();
            rogue.send(rogue.feedback());
            victim.assertAlive(rogue);
        }
    }

    @Test
    void takesNoPongForAProofOfAnAddressThatItDidNotComeFrom() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session();
                RogueDatagramPeer bystander = victim.rogue("bystander", 9)) {
            rogue.forge(rogue.sealed(plaintext(new Ping(1), new Padding(1_000))), bystander.host(), 9);
            for (long token = 0; token < 100; token++) {
                rogue.forge(rogue.sealed(plaintext(new Pong(token))), bystander.host(), 9);
            }
            long before = bystander.bytesHeard();
            rogue.send(RogueFrames.open(3, "source"));
            rogue.send(new CreditFrame.Window(3, 0, 10_000_000));
            victim.advance(Duration.ofSeconds(1));
            assertThat(bystander.bytesHeard() - before).isLessThan(3 * 1_300);
            assertThat(rogue.heard()).anyMatch(Data.class::isInstance);
        }
    }

    @Test
    void endsASessionOnAnyBytesThatAnAuthenticatedPeerSealsByACodeOfItsOwn() {
        try (DatagramVictim victim = DatagramVictim.start()) {
            for (int round = 0; round < 200; round++) {
                try (RogueDatagramPeer rogue = victim.rogue().session()) {
                    for (int i = 0; i < 20; i++) {
                        byte[] bytes = new byte[1 + random.nextInt(200)];
                        random.nextBytes(bytes);
                        rogue.sendPlaintext(bytes);
                    }
                    victim.advance(Duration.ofSeconds(2));
                    assertThat(victim.log.closed(rogue.id()).error())
                            .as("round %d", round)
                            .isNotEqualTo(ErrorCode.INTERNAL);
                }
            }
        }
    }
}
