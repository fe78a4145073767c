package io.weir.core.handshake;

import static io.weir.core.handshake.DatagramPair.AT_ALICE;
import static io.weir.core.handshake.DatagramPair.SECOND;
import static io.weir.core.handshake.DatagramPair.address;
import static io.weir.core.handshake.HandshakePair.alice;
import static io.weir.core.handshake.HandshakePair.bob;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.Drop;
import io.weir.core.error.ErrorCode;
import io.weir.core.path.PathAddress;
import io.weir.core.wire.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** First messages in numbers, from false addresses and from true ones, and what it takes to get past them. */
final class DatagramFloodTest {
    private static final int THRESHOLD = 8;
    private static final int MOST = 32;
    private static final int MOST_OF_ONE = 12;

    private final DatagramPair pair =
            new DatagramPair(alice(), bob(), new ResponderLimits(MOST, THRESHOLD, MOST_OF_ONE, 500, 10 * SECOND));
    private final Random random = new Random(11);

    @Test
    void agreesNoKeyAboveTheThresholdWithoutACookie() {
        flood(THRESHOLD);
        int draws = pair.draws;

        List<byte[]> answers = flood(1_000);

        assertThat(pair.draws).as("no ephemeral key was drawn").isEqualTo(draws);
        assertThat(pair.bob.halfOpen()).isEqualTo(THRESHOLD);
        assertThat(answers).hasSize(1_000).allMatch(answer -> answer[0] == DatagramType.RETRY.number());
    }

    @Test
    void honestPeersGetInWhileStrangersSendFirstMessagesFromFalseAddresses() {
        flood(10_000);

        pair.run();

        assertThat(pair.packetsPass(0)).isTrue();
        assertThat(pair.bob.halfOpen()).isEqualTo(THRESHOLD);
    }

    /** Nobody can use up what an address may but who has it: first messages in its name count for nothing. */
    @Test
    void turnsWhoComesTooOftenAwayBeforeAnyKeyIsAgreedOnceItsAddressIsProved() {
        DatagramPair eager =
                new DatagramPair(alice(), bob(), new ResponderLimits(MOST, THRESHOLD, MOST, 1, 10 * SECOND));
        byte[] forged = init(1);
        assertThat(eager.answerTo(forged, 0)[0]).isEqualTo(DatagramType.RESPONSE.number());
        eager.run();
        int draws = eager.draws;

        byte[] init = init(2);
        byte[] retry = eager.answerTo(init, 0);
        assertThat(retry[0]).as("a cookie is wanted").isEqualTo(DatagramType.RETRY.number());
        assertThat(eager.bob.rejection()).isNull();
        byte[] proved = withCookieOf(init, retry);
        assertThat(eager.answerTo(proved, 0)[0]).isEqualTo(DatagramType.REJECT.number());
        assertThat(eager.bob.rejection()).isEqualTo(ErrorCode.TOO_MANY_CONNECTS);
        assertThat(eager.draws).as("no ephemeral key was drawn").isEqualTo(draws);

        assertThat(eager.answerTo(proved, SECOND)[0]).as("a second later").isEqualTo(DatagramType.RESPONSE.number());
        assertThat(eager.bob.rejection()).isNull();
    }

    @Test
    void needsNoCookieAnyMoreWhenTheFloodIsOver() {
        flood(100);
        byte[] init = init(1);

        assertThat(answer(init, AT_ALICE, 10 * SECOND)[0]).isEqualTo(DatagramType.RESPONSE.number());
        assertThat(pair.bob.halfOpen()).isEqualTo(1);
    }

    @Test
    void sendsLessThanItGetsToAddressesThatAreNotProved() {
        long in = 0;
        long out = 0;
        for (byte[] answer : flood(500)) {
            in += Init.LENGTH;
            out += answer.length;
            assertThat(answer.length).isLessThan(Init.LENGTH / 5);
        }
        for (byte[] finish : List.of(new byte[0], new byte[HandshakeDatagrams.FINISH_LENGTH])) {
            assertThat(pair.finish(finish, 0)).isNull();
        }

        assertThat(3 * in).isGreaterThan(out);
    }

    @Test
    void oneSourceWithATrueAddressTakesOnlyItsShareAndIsToldSo() {
        flood(THRESHOLD);
        byte @Nullable [] last = null;
        for (int i = 0; i < 100; i++) {
            last = withCookie(init(1_000 + i), address(6, 6, 6, 6, 1_000 + i));
        }
        assertThat(pair.bob.halfOpen()).isEqualTo(THRESHOLD + MOST_OF_ONE);
        assertThat(rejection(last)).isEqualTo(ErrorCode.TOO_MANY_HANDSHAKES);

        pair.run();

        assertThat(pair.packetsPass(0)).isTrue();
    }

    @Test
    void oneNetworkOfIpv6IsOneSource() {
        flood(THRESHOLD);
        for (int i = 0; i < 100; i++) {
            byte[] ip = {0x20, 1, 0xd, 0xb, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, (byte) i};
            withCookie(init(1_000 + i), new PathAddress(Bytes.copyOf(ip), 9));
        }

        assertThat(pair.bob.halfOpen()).isEqualTo(THRESHOLD + MOST_OF_ONE);
    }

    @Test
    void keepsNoMoreThanItsBoundAndGivesPlacesBack() {
        for (int i = 0; i < 200; i++) {
            withCookie(init(1_000 + i), address(7, 7, i, 1, 99));
        }
        assertThat(pair.bob.halfOpen()).isEqualTo(MOST);
        assertThat(pair.indexes.size()).isEqualTo(MOST);
        assertThat(rejection(withCookie(init(5), AT_ALICE))).isEqualTo(ErrorCode.TOO_MANY_HANDSHAKES);

        assertThat(pair.bob.expire(10 * SECOND)).isEqualTo(MOST);

        assertThat(pair.indexes.size()).isZero();
        byte[] init = init(5);
        assertThat(answer(init, AT_ALICE, 10 * SECOND)[0]).isEqualTo(DatagramType.RESPONSE.number());
    }

    @Test
    void refusesACookieThatIsOldAlteredOrForAnotherAddressOrHandshake() {
        flood(THRESHOLD);
        byte[] good = retried(init(1), AT_ALICE, 0);
        byte[] otherIndex = good.clone();
        otherIndex[7] ^= 2;
        byte[] otherKey = good.clone();
        otherKey[40] ^= 1;

        List<byte[]> altered = new ArrayList<>(List.of(otherIndex, otherKey));
        for (int at = 9; at < 9 + RetryCookies.LENGTH; at++) {
            byte[] wrong = good.clone();
            wrong[at] ^= 1;
            altered.add(wrong);
        }
        for (byte[] wrong : altered) {
            assertThat(pair.init(wrong, 1)).isNull();
        }
        PathAddress otherPort = new PathAddress(AT_ALICE.ip(), AT_ALICE.port() + 1);
        assertThat(pair.bob.onInit(good, good.length, otherPort, 1)).isNull();
        assertThat(pair.bob.onInit(good, good.length, address(10, 0, 0, 9, AT_ALICE.port()), 1))
                .isNull();

        assertThat(pair.dropsAtBob.of(Drop.COOKIE_REFUSED)).isEqualTo(altered.size() + 2);
        assertThat(pair.bob.halfOpen()).isEqualTo(THRESHOLD);
        assertThat(answer(good, AT_ALICE, 1)[0]).isEqualTo(DatagramType.RESPONSE.number());
    }

    @Test
    void aCookieLivesForFifteenSecondsAcrossARotationOfTheSecret() {
        DatagramPair wary = DatagramPair.wary();
        long origin = Long.MAX_VALUE - 60 * SECOND; // the clock wraps around meanwhile
        byte[] warmUp = init(8);
        wary.init(warmUp, origin);
        long made = origin + 55 * SECOND;
        byte[] init = init(1);
        byte[] retry = wary.answerTo(init, made);
        byte[] good = withCookieOf(init, retry);

        assertThat(wary.init(good, made + RetryCookies.LIFETIME_NANOS)).isNull();
        assertThat(wary.dropsAtBob.of(Drop.COOKIE_REFUSED)).isEqualTo(1);
        byte[] answer = wary.answerTo(good, made + RetryCookies.LIFETIME_NANOS - 1);
        assertThat(answer[0]).isEqualTo(DatagramType.RESPONSE.number());
    }

    @Test
    void aCookieOfAnotherNodeIsRefused() {
        DatagramPair other = new DatagramPair(alice(), bob(), new ResponderLimits(8, 0, 8, 500, 10 * SECOND));
        byte[] init = init(1);
        byte[] retry = HandshakeDatagrams.retry(1, new byte[RetryCookies.LENGTH]);
        assertThat(other.init(withCookieOf(init, retry), 0)).isNull();
        assertThat(other.dropsAtBob.of(Drop.COOKIE_REFUSED)).isEqualTo(1);
    }

    @Test
    void aFalseCookieIsAsGoodAsNoneWhereNoneIsNeeded() {
        byte[] forged = withCookieOf(init(1), HandshakeDatagrams.retry(1, new byte[] {1, 2, 3}));

        assertThat(answer(forged, AT_ALICE, 0)[0]).isEqualTo(DatagramType.RESPONSE.number());
    }

    /** So many first messages, each of another false address; the answers. */
    private List<byte[]> flood(int count) {
        List<byte[]> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] init = init(1 + random.nextInt(Integer.MAX_VALUE - 1));
            PathAddress from = address(66, random.nextInt(256), random.nextInt(256), 1, 1 + random.nextInt(65_535));
            byte[] answer = pair.bob.onInit(init, init.length, from, 0);
            if (answer != null) {
                answers.add(answer);
            }
        }
        return answers;
    }

    /** A first message; any 32 bytes are an ephemeral key. */
    private byte[] init(int index) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        return Init.encode(Init.prologue((byte) 0, index), new byte[0], key);
    }

    private byte[] answer(byte[] init, PathAddress from, long nowNanos) {
        return Objects.requireNonNull(pair.bob.onInit(init, init.length, from, nowNanos), "no answer");
    }

    /** What comes of a first message whose sender receives at its address. */
    private byte @Nullable [] withCookie(byte[] init, PathAddress from) {
        byte[] answer = answer(init, from, 0);
        if (answer[0] != DatagramType.RETRY.number()) {
            return answer;
        }
        byte[] again = withCookieOf(init, answer);
        return pair.bob.onInit(again, again.length, from, 0);
    }

    private byte[] retried(byte[] init, PathAddress from, long nowNanos) {
        return withCookieOf(init, answer(init, from, nowNanos));
    }

    private static byte[] withCookieOf(byte[] init, byte[] retry) {
        return Init.encode(
                Arrays.copyOf(init, Init.PROLOGUE_LENGTH),
                HandshakeDatagrams.cookie(retry, retry.length),
                Arrays.copyOfRange(init, 9, 9 + 32));
    }

    private static ErrorCode rejection(byte @Nullable [] answer) {
        byte[] reject = Objects.requireNonNull(answer);
        assertThat(reject).hasSize(HandshakeDatagrams.REJECT_LENGTH);
        return Objects.requireNonNull(HandshakeDatagrams.rejection(reject))
                .reason()
                .error();
    }
}
