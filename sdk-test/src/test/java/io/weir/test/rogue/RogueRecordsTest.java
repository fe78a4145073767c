package io.weir.test.rogue;

import static io.weir.test.rogue.RogueFrames.plaintext;
import static io.weir.test.rogue.Victim.LINGER;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Hello;
import io.weir.core.wire.SessionFrame;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that are cut, altered, repeated or out of their turn, and what comes behind the last. */
class RogueRecordsTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16})
    void endsASessionOnARecordTooShortToBeOne(int length) {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.write(new byte[] {0, (byte) length});
            victim.assertEnded(rogue, ErrorCode.MALFORMED_FRAME);
        }
    }

    @Test
    void losesAPeerThatAnnouncesARecordAndSendsNone() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.write(new byte[] {(byte) 0xff, (byte) 0xff});
            victim.advance(Duration.ofSeconds(16));
            assertThat(victim.log.lost(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.SILENCE));
        }
    }

    @Test
    void endsASessionOnAFlippedBitInAnyRecord() {
        long seed = 20_261_120;
        Random random = new Random(seed);
        try (Victim victim = Victim.start()) {
            for (int round = 0; round < 40; round++) {
                int healthy = random.nextInt(4);
                try (RoguePeer rogue = victim.rogue().session()) {
                    rogue.send(RogueFrames.open(3, "sink"));
                    for (int i = 0; i < healthy; i++) {
                        rogue.send(RogueFrames.data(3, 10));
                    }
                    byte[] record = rogue.sealed(plaintext(RogueFrames.data(3, random.nextInt(200))));
                    int bit = 16 + random.nextInt(8 * record.length - 16); // behind the length field
                    record[bit / 8] ^= (byte) (1 << bit % 8);
                    rogue.write(record);
                    assertThat(rogue.awaitEnd())
                            .as("seed %d, round %d, bit %d", seed, round, bit)
                            .isEqualTo(ErrorCode.DECRYPTION_FAILED);
                    victim.advance(LINGER);
                    assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.DECRYPTION_FAILED));
                }
            }
        }
    }

    @Test
    void refusesAFlippedBitInTheFirstRecord() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().handshake()) {
            byte[] hello = rogue.sealed(plaintext(Hello.defaults()));
            hello[hello.length - 1] ^= 1;
            rogue.write(hello);
            assertThat(rogue.awaitEnd()).isEqualTo(ErrorCode.DECRYPTION_FAILED);
            victim.advance(LINGER);
            assertThat(victim.log.refused(ErrorCode.DECRYPTION_FAILED)).isNotNull();
        }
    }

    @Test
    void endsASessionOnALengthFieldThatLies() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            byte[] record = rogue.sealed(plaintext(new SessionFrame.Ping(1), new SessionFrame.Ping(2)));
            record[1]--;
            rogue.write(record);
            victim.assertEnded(rogue, ErrorCode.DECRYPTION_FAILED);
        }
    }

    @Test
    void endsASessionOnAReplayedRecord() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            byte[] record = rogue.sealed(plaintext(new SessionFrame.Ping(1)));
            rogue.write(record);
            rogue.write(record);
            victim.assertEnded(rogue, ErrorCode.DECRYPTION_FAILED);
        }
    }

    @Test
    void endsASessionOnRecordsOutOfOrder() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            byte[] first = rogue.sealed(plaintext(new SessionFrame.Ping(1)));
            byte[] second = rogue.sealed(plaintext(new SessionFrame.Ping(2)));
            rogue.write(second);
            rogue.write(first);
            victim.assertEnded(rogue, ErrorCode.DECRYPTION_FAILED);
        }
    }

    @Test
    void takesNothingThatComesBehindEnd() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            byte[] end = rogue.sealed(plaintext(new SessionFrame.End(0)));
            byte[] more = rogue.sealed(plaintext(new SessionFrame.Ping(1)));
            byte[] both = Arrays.copyOf(end, end.length + more.length);
            System.arraycopy(more, 0, both, end.length, more.length);
            rogue.write(both);
            assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.remote(ErrorCode.NONE));
            rogue.awaitClosed();
        }
    }

    @Test
    void endsASessionOnARecordOfTheNextKeyEpochThatIsNotDueYet() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.write(rogue.sealedAs(1L << 20, plaintext(new SessionFrame.Ping(1))));
            victim.assertEnded(rogue, ErrorCode.DECRYPTION_FAILED);
        }
    }

    @Test
    void endsASessionOnARecordWhoseNumberSkipsOne() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.sealed(plaintext(new SessionFrame.Ping(1)));
            rogue.send(new SessionFrame.Ping(2));
            victim.assertEnded(rogue, ErrorCode.DECRYPTION_FAILED);
        }
    }

    @Test
    void endsASessionOnTheVictimsOwnRecordsSentBack() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().handshake()) {
            rogue.send(Hello.defaults());
            rogue.write(rogue.awaitBytes());
            victim.advance(LINGER);
            assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.DECRYPTION_FAILED));
        }
    }
}
