package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.wire.Bytes;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9000 sections 8.2 and 9, PROTOCOL section 4 "Datagrams". */
class PathValidationTest {

    private static final long MILLI = 1_000_000L;
    private static final PathAddress HOME = address(1, 7_400);
    private static final PathAddress OTHER_PORT = address(1, 7_401);
    private static final PathAddress OTHER_IP = address(2, 7_400);
    private static final PathAddress THIRD = address(3, 7_400);

    private final PathValidation validation = new PathValidation(HOME, new Random(1)::nextBytes);
    private long number;

    @Test
    void aPeerThatStaysIsNotChallenged() {
        packet(HOME, 1_200);
        assertThat(validation.poll(0)).isNull();
        assertNobodyIsChallenged();
        assertThat(validation.proven()).isEqualTo(HOME);
    }

    @Test
    void anAnswerFromThereProvesTheNewAddress() {
        packet(OTHER_IP, 1_200);
        PathChallenge challenge = challenge(0);
        assertThat(challenge.to()).isEqualTo(OTHER_IP);
        assertThat(validation.proven()).as("until it is proved").isEqualTo(HOME);

        assertThat(validation.onPong(OTHER_IP, challenge.token())).isEqualTo(PathMove.NEW_IP);

        assertThat(validation.proven()).isEqualTo(OTHER_IP);
        assertNobodyIsChallenged();
        assertThat(validation.unproven()).isZero();
    }

    /** It is heard from home again; another address is newer; it never answers. */
    @Test
    void countsEachAddressThatWasNotProved() {
        packet(OTHER_IP, 1_200);
        assertThat(validation.unproven()).as("not judged yet").isZero();
        packet(OTHER_IP, 1_200);
        packet(HOME, 1_200);
        packet(HOME, 1_200);
        assertThat(validation.unproven()).isEqualTo(1);

        packet(OTHER_IP, 1_200);
        packet(THIRD, 1_200);
        assertThat(validation.unproven()).isEqualTo(2);

        for (int i = 0; i <= PathValidation.MOST_CHALLENGES; i++) {
            validation.poll(i * 999 * MILLI);
        }
        assertNobodyIsChallenged();
        assertThat(validation.unproven()).isEqualTo(3);
    }

    /** RFC 9000 section 9.4: unless the only change is the port. */
    @Test
    void anotherPortIsTheSamePath() {
        packet(OTHER_PORT, 1_200);
        assertThat(validation.onPong(OTHER_PORT, challenge(0).token())).isEqualTo(PathMove.NEW_PORT);
        assertThat(validation.proven()).isEqualTo(OTHER_PORT);
    }

    /** PROTOCOL section 4: answered from there, and with one of the tokens. */
    @Test
    void noOtherAnswerProvesIt() {
        packet(OTHER_IP, 1_200);
        long token = challenge(0).token();

        assertThat(validation.onPong(THIRD, token)).isEqualTo(PathMove.NONE);
        assertThat(validation.onPong(HOME, token)).isEqualTo(PathMove.NONE);
        assertThat(validation.onPong(OTHER_IP, token + 1)).isEqualTo(PathMove.NONE);
        assertThat(validation.onPong(OTHER_IP, 0))
                .as("a token that was not drawn")
                .isEqualTo(PathMove.NONE);
        assertThat(validation.proven()).isEqualTo(HOME);
        assertThat(validation.onPong(OTHER_IP, token)).as("nor does it end it").isEqualTo(PathMove.NEW_IP);
    }

    /** RFC 9000 section 9.3: only the highest-numbered packet; packets of before the move may come late. */
    @Test
    void aLatePacketFromElsewhereStartsNothing() {
        number = 100;
        packet(HOME, 1_200);
        validation.onPacket(OTHER_IP, 99, 1_200, MILLI, 0);
        assertNobodyIsChallenged();

        packet(OTHER_IP, 1_200);
        validation.onPacket(HOME, 50, 1_200, MILLI, 0);
        assertThat(challenge(0).to()).as("a late one from home stops nothing").isEqualTo(OTHER_IP);
    }

    /** Section 9.3.3: somebody has forwarded a packet faster than the path; the peer is where it was. */
    @Test
    void aNewerPacketFromHomeEndsIt() {
        packet(OTHER_IP, 1_200);
        long token = challenge(0).token();
        packet(HOME, 1_200);

        assertNobodyIsChallenged();
        assertThat(validation.onPong(OTHER_IP, token)).isEqualTo(PathMove.NONE);
    }

    @Test
    void furtherPacketsFromThereDoNotBeginItAnew() {
        packet(OTHER_IP, 1_200);
        long token = challenge(0).token();
        packet(OTHER_IP, 1_200);

        assertThat(validation.poll(0)).isNull();
        assertThat(validation.onPong(OTHER_IP, token)).isEqualTo(PathMove.NEW_IP);
    }

    @Test
    void theNewestAddressIsTheOneThatIsChallenged() {
        packet(OTHER_IP, 1_200);
        long token = challenge(0).token();
        packet(THIRD, 1_200);

        assertThat(challenge(0).to()).isEqualTo(THIRD);
        assertThat(validation.onPong(OTHER_IP, token)).isEqualTo(PathMove.NONE);
    }

    /**
     * Sections 8.2.1 and 8.2.4: three, no more often than a probe time-out of the initial round trip, then it is given up. Any of
     * them may be answered.
     */
    @Test
    void isChallengedThreeTimesAndThenGivenUp() {
        packet(OTHER_IP, 1_200);
        long first = challenge(0).token();
        assertThat(validation.deadlineNanos()).isEqualTo(999 * MILLI);
        assertThat(validation.poll(999 * MILLI - 1)).isNull();
        long second = challenge(999 * MILLI).token();
        long third = challenge(2 * 999 * MILLI).token();
        assertThat(first).isNotEqualTo(second);
        assertThat(second).isNotEqualTo(third);

        assertThat(validation.poll(3 * 999 * MILLI)).isNull();
        assertNobodyIsChallenged();
        assertThat(validation.onPong(OTHER_IP, third)).isEqualTo(PathMove.NONE);
        assertThat(validation.proven()).isEqualTo(HOME);
    }

    @Test
    void anEarlierChallengeMayBeAnsweredToo() {
        packet(OTHER_IP, 1_200);
        long first = challenge(0).token();
        challenge(999 * MILLI);
        assertThat(validation.onPong(OTHER_IP, first)).isEqualTo(PathMove.NEW_IP);
    }

    /** Section 8.2.4: the larger of the two time-outs. */
    @Test
    void aSlowSessionWaitsLonger() {
        validation.onPacket(OTHER_IP, 0, 1_200, 5_000 * MILLI, 0);
        challenge(0);
        assertThat(validation.deadlineNanos()).isEqualTo(5_000 * MILLI);
    }

    /** Section 8.2.1: 1,200 bytes, to prove that the path carries them, but no more than three times what has come. */
    @Test
    void sendsNoMoreThanThreeTimesWhatCameFromThere() {
        packet(OTHER_IP, 40);
        PathChallenge challenge = challenge(0);
        assertThat(challenge.datagramBytes()).isEqualTo(120);
        validation.onSent(120);

        assertThat(validation.poll(999 * MILLI)).as("nothing is left").isNull();
        assertThat(validation.deadlineNanos()).as("no hot loop").isEqualTo(2 * 999 * MILLI);

        packet(OTHER_IP, 1_200);
        assertThat(challenge(2 * 999 * MILLI).datagramBytes()).isEqualTo(1_200);
    }

    @Test
    void whoMovedMayMoveAgainAndBack() {
        packet(OTHER_IP, 1_200);
        validation.onPong(OTHER_IP, challenge(0).token());
        packet(OTHER_IP, 1_200);
        assertNobodyIsChallenged();

        packet(HOME, 1_200);
        assertThat(validation.onPong(HOME, challenge(0).token())).isEqualTo(PathMove.NEW_IP);
        assertThat(validation.proven()).isEqualTo(HOME);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65_536})
    void refusesAPortThatIsNone(int port) {
        assertThatThrownBy(() -> address(1, port))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port is " + port + "; legal: 1 to 65535");
    }

    @Test
    void takesIpv6AndTheLastPort() {
        Bytes ip = Bytes.copyOf(new byte[16]);
        assertThat(new PathAddress(ip, 65_535).ip()).isEqualTo(ip);
        assertThat(new PathAddress(ip, 1).port()).isEqualTo(1);
    }

    @Test
    void refusesAnIpAddressOfAnotherLength() {
        assertThatThrownBy(() -> new PathAddress(Bytes.copyOf(new byte[5]), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ip has 5 bytes; legal: 4 or 16");
    }

    private PathChallenge challenge(long nowNanos) {
        return Objects.requireNonNull(validation.poll(nowNanos));
    }

    private void assertNobodyIsChallenged() {
        assertThat(validation.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    private void packet(PathAddress from, int bytes) {
        validation.onPacket(from, number++, bytes, MILLI, 0);
    }

    private static PathAddress address(int last, int port) {
        return new PathAddress(Bytes.copyOf(new byte[] {10, 0, 0, (byte) last}), port);
    }
}
