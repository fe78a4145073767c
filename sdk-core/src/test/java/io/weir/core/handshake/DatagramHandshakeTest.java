package io.weir.core.handshake;

import static io.weir.core.handshake.DatagramPair.ALICE_INDEX;
import static io.weir.core.handshake.DatagramPair.SECOND;
import static io.weir.core.handshake.HandshakePair.ALICE;
import static io.weir.core.handshake.HandshakePair.BOB;
import static io.weir.core.handshake.HandshakePair.NETWORK;
import static io.weir.core.handshake.HandshakePair.alice;
import static io.weir.core.handshake.HandshakePair.bob;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.datagram.Drop;
import io.weir.core.datagram.PacketHeader;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DatagramHandshakeTest {

    @ParameterizedTest
    @CsvSource({"AESGCM,false", "AESGCM,true", "CHACHAPOLY,false", "CHACHAPOLY,true"})
    void bothSidesLearnWhoTheOtherIsAndPacketsPass(CipherSuite suite, boolean psk) {
        DatagramPair pair = new DatagramPair(
                        alice().withSuite(suite).withNetworkKey(psk ? NETWORK : null),
                        bob().withNetworkKey(psk ? NETWORK : null),
                        ResponderLimits.defaults())
                .run();

        assertThat(pair.atAlice().peer()).isEqualTo(BOB.peerId());
        assertThat(pair.atBob().established().peer()).isEqualTo(ALICE.peerId());
        assertThat(pair.atAlice().suite()).isEqualTo(suite);
        assertThat(pair.atAlice().handshakeHash())
                .isEqualTo(pair.atBob().established().handshakeHash());
        assertThat(pair.atBob().address()).isEqualTo(DatagramPair.AT_ALICE);
        assertThat(pair.packetsPass(0)).isTrue();
        assertThat(pair.bob.halfOpen()).isZero();
    }

    @Test
    void datagramsHaveTheLayoutOfTheSpecification() {
        DatagramPair pair = DatagramPair.wary();
        byte[] init = pair.sentByAlice(0);
        byte[] retry = pair.answerTo(init, 0);
        pair.toAlice(retry, 0);
        byte[] second = pair.sentByAlice(0);
        byte[] response = pair.answerTo(second, 0);
        pair.toAlice(response, 0);
        byte[] finish = pair.sentByAlice(0);

        byte[] prologue = {1, 1, 0, 0, 0, 0x0A, 0x11, (byte) 0xCE};
        assertThat(init).hasSize(1_200).startsWith(prologue);
        assertThat(init[8]).isZero();
        assertThat(Arrays.copyOfRange(init, 9 + 32, 1_200)).containsOnly(0);
        assertThat(retry).hasSize(5 + 24).startsWith(2, 0, 0x0A, 0x11, 0xCE);
        assertThat(second).hasSize(1_200).startsWith(prologue);
        assertThat(second[8]).isEqualTo((byte) 24);
        assertThat(Arrays.copyOfRange(second, 9, 33)).isEqualTo(Arrays.copyOfRange(retry, 5, 29));
        assertThat(Arrays.copyOfRange(second, 33, 65)).isEqualTo(Arrays.copyOfRange(init, 9, 41));
        assertThat(response).hasSize(10 + 192).startsWith(3, 0, 0x0A, 0x11, 0xCE);
        assertThat(ByteBuffer.wrap(response).getInt(5)).isEqualTo(pair.alice.peerIndex());
        assertThat(finish).hasSize(6 + 160);
        assertThat(finish[0]).isEqualTo((byte) 4);
        assertThat(PacketHeader.receiverIndex(finish)).isEqualTo(pair.alice.peerIndex());
        assertThat(new byte[] {response[9], finish[5]}).containsOnly(0);
    }

    @Test
    void sendsTheSameInitAgainAfterOneSecondAndThenTwiceAsLongEachTime() {
        DatagramPair pair = DatagramPair.plain();
        byte[] first = pair.sentByAlice(0);
        long due = 0;
        for (long wait : new long[] {1, 2, 4, 8, 8}) {
            due += wait * SECOND;
            assertThat(pair.alice.deadlineNanos()).isEqualTo(due);
            assertThat(pair.alice.poll(due - 1)).isNull();
            assertThat(pair.sentByAlice(due)).isEqualTo(first);
        }
    }

    @Test
    void answersARepeatedInitWithTheSameBytesAndKeepsOneHandshakeForIt() {
        DatagramPair pair = DatagramPair.plain();
        byte[] init = pair.sentByAlice(0);
        byte[] response = pair.answerTo(init, 0);
        int draws = pair.draws;

        for (int i = 0; i < 100; i++) {
            assertThat(pair.answerTo(init, i)).isEqualTo(response);
        }

        assertThat(pair.bob.halfOpen()).isEqualTo(1);
        assertThat(pair.draws).as("no key was drawn").isEqualTo(draws);
    }

    @Test
    void bothSidesKnowTheRoundTripWhereNothingWasSentAgain() {
        DatagramPair pair = DatagramPair.plain();
        pair.toAlice(pair.answerTo(pair.sentByAlice(0), SECOND / 20), SECOND / 10);
        pair.arrival = pair.finish(pair.sentByAlice(SECOND / 10), 3 * SECOND / 20);

        assertThat(pair.alice.roundTripNanos()).isEqualTo(SECOND / 10);
        assertThat(pair.atBob().roundTripNanos()).isEqualTo(SECOND / 10);
    }

    /** Karn's rule: nobody knows which of two was answered, nor how long the first was waited for. */
    @Test
    void neitherSideKnowsTheRoundTripWhereItsDatagramWentOutTwice() {
        DatagramPair pair = DatagramPair.plain();
        pair.answerTo(pair.sentByAlice(0), 0);
        pair.toAlice(pair.answerTo(pair.sentByAlice(SECOND), SECOND), SECOND);
        pair.arrival = pair.finish(pair.sentByAlice(SECOND), SECOND);

        assertThat(pair.alice.roundTripNanos()).isZero();
        assertThat(pair.atBob().roundTripNanos()).isZero();
    }

    @Test
    void sendsFinishAgainUntilThePeersFirstPacket() {
        DatagramPair pair = DatagramPair.plain();
        pair.toAlice(pair.answerTo(pair.sentByAlice(0), 0), SECOND / 10);
        byte[] finish = pair.sentByAlice(SECOND / 10);
        long wait = 3 * SECOND / 10 + SECOND / 40;
        assertThat(pair.alice.deadlineNanos()).isEqualTo(SECOND / 10 + wait);
        assertThat(pair.sentByAlice(SECOND / 10 + wait)).isEqualTo(finish);
        assertThat(pair.alice.confirmed()).isFalse();

        pair.alice.onAuthenticated();

        assertThat(pair.alice.confirmed()).isTrue();
        assertThat(pair.alice.poll(100 * SECOND)).isNull();
        assertThat(pair.alice.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
        pair.alice.abort(ErrorCode.HANDSHAKE_TIMEOUT);
        assertThat(pair.alice.failure()).isNull();
    }

    @Test
    void takesOneOfManyFinishes() {
        DatagramPair pair = DatagramPair.plain().run();
        byte[] finish = pair.sentByAlice(SECOND);

        assertThat(pair.finish(finish, SECOND)).isNull();
        pair.indexes.pass(pair.atBob().ownIndex(), "the session");
        assertThat(pair.finish(finish, SECOND)).isNull();

        assertThat(pair.dropsAtBob.of(Drop.LATE)).isEqualTo(2);
        assertThat(pair.packetsPass(0)).isTrue();
    }

    @Test
    void aReplayedInitNeverTouchesASession() {
        DatagramPair pair = DatagramPair.plain();
        byte[] init = pair.sentByAlice(0);
        byte[] first = pair.answerTo(init, 0);
        pair.toAlice(first, 0);
        pair.arrival = pair.finish(pair.sentByAlice(0), 0);
        pair.indexes.pass(pair.atBob().ownIndex(), "the session");
        assertThat(pair.packetsPass(0)).isTrue();

        byte[] response = pair.answerTo(init, SECOND);
        pair.toAlice(response, SECOND);

        assertThat(PacketHeader.receiverIndex(response)).isEqualTo(ALICE_INDEX);
        assertThat(response).as("a handshake of its own").isNotEqualTo(first);
        assertThat(pair.dropsAtAlice.of(Drop.LATE)).isEqualTo(1);
        assertThat(pair.indexes.owner(pair.atBob().ownIndex())).isEqualTo("the session");
        assertThat(pair.packetsPass(1)).isTrue();
        assertThat(pair.bob.expire(11 * SECOND)).isEqualTo(1);
        assertThat(pair.indexes.size()).as("only the session's").isEqualTo(1);
    }

    @Test
    void forgetsWhoDoesNotGoOn() {
        DatagramPair pair = DatagramPair.plain();
        pair.toAlice(pair.answerTo(pair.sentByAlice(0), 0), 0);
        byte[] finish = pair.sentByAlice(0);
        assertThat(pair.bob.deadlineNanos()).isEqualTo(10 * SECOND);
        assertThat(pair.bob.expire(10 * SECOND - 1)).isZero();

        assertThat(pair.finish(finish, 10 * SECOND)).isNull();

        assertThat(pair.dropsAtBob.of(Drop.UNKNOWN_INDEX)).isEqualTo(1);
        assertThat(pair.bob.halfOpen()).isZero();
        assertThat(pair.indexes.size()).isZero();
        assertThat(pair.bob.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({"false,no answer to message 1", "true,no answer to message 1"})
    void failsTypedWhereNobodyAnswers(boolean psk, String detail) {
        DatagramPair pair =
                new DatagramPair(alice().withNetworkKey(psk ? NETWORK : null), bob(), ResponderLimits.defaults());
        pair.sentByAlice(0);

        pair.alice.abort(ErrorCode.HANDSHAKE_TIMEOUT);

        CloseReason failure = Objects.requireNonNull(pair.alice.failure());
        assertThat(failure.error()).isEqualTo(ErrorCode.HANDSHAKE_TIMEOUT);
        assertThat(failure.detail()).isEqualTo(detail);
        assertThat(pair.alice.poll(SECOND)).isNull();
    }

    @Test
    void honoursOneRetryInAnAttempt() {
        DatagramPair pair = DatagramPair.wary();
        byte[] retry = pair.answerTo(pair.sentByAlice(0), 0);
        pair.toAlice(retry, 0);
        byte[] second = pair.sentByAlice(0);
        byte[] other = retry.clone();
        other[20] ^= 1;

        pair.toAlice(other, 0);

        assertThat(pair.alice.poll(0)).isNull();
        assertThat(pair.sentByAlice(SECOND)).isEqualTo(second);
        assertThat(pair.dropsAtAlice.of(Drop.LATE)).isEqualTo(1);
        assertThat(pair.run(second).atAlice().peer()).isEqualTo(BOB.peerId());
    }

    @Test
    void needsAnIndex() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DatagramInitiator(
                        alice(), 0, HandshakePair.seeded(1), new io.weir.core.datagram.DropCounts(), 0))
                .withMessageContaining("ownIndex is 0");
    }

    @Test
    void limitsNameFieldValueAndRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResponderLimits(0, 0, 1, 500, SECOND))
                .withMessage("maxHalfOpen is 0; legal: 1 to 1000000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResponderLimits(10, 11, 1, 500, SECOND))
                .withMessage("cookieThreshold is 11; legal: 0 to 10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResponderLimits(10, 0, 11, 500, SECOND))
                .withMessage("maxPerNetwork is 11; legal: 1 to 10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResponderLimits(10, 0, 1, 500, 1))
                .withMessage("timeoutNanos is 1; legal: 1000000000 to 600000000000");
    }
}
