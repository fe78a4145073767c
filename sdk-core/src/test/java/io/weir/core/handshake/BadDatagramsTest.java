package io.weir.core.handshake;

import static io.weir.core.handshake.DatagramPair.ALICE_INDEX;
import static io.weir.core.handshake.DatagramPair.AT_ALICE;
import static io.weir.core.handshake.DatagramPair.SECOND;
import static io.weir.core.handshake.HandshakePair.BOB;
import static io.weir.core.handshake.HandshakePair.NETWORK;
import static io.weir.core.handshake.HandshakePair.OTHER_NETWORK;
import static io.weir.core.handshake.HandshakePair.alice;
import static io.weir.core.handshake.HandshakePair.bob;
import static io.weir.core.handshake.HandshakePair.seeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.X25519KeyPair;
import io.weir.core.datagram.Drop;
import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.ReceiverIndexes;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.identity.Identity;
import io.weir.core.path.PathAddress;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger, or a peer, may send in place of the datagrams of a handshake. */
final class BadDatagramsTest {
    private static final PathAddress ELSEWHERE = DatagramPair.address(10, 0, 0, 2, 4_001);

    private final DatagramPair pair = DatagramPair.plain();

    @Test
    void dropsInitsAndFinishesCutOffAnywhere() {
        byte[] init = pair.sentByAlice(0);
        for (int length = 0; length < init.length; length++) {
            assertThat(pair.bob.onInit(init, length, AT_ALICE, 0)).isNull();
        }
        pair.toAlice(pair.answerTo(init, 0), 0);
        byte[] finish = pair.sentByAlice(0);
        for (int length = 0; length < finish.length; length++) {
            assertThat(pair.finish(Arrays.copyOf(finish, length), 0)).isNull();
        }

        assertThat(pair.dropsAtBob.of(Drop.TRUNCATED)).isEqualTo(init.length + finish.length);
        pair.arrival = pair.finish(finish, 0);
        assertThat(pair.packetsPass(0)).isTrue();
    }

    @Test
    void dropsAnswersCutOffAnywhere() {
        byte[] response = pair.answerTo(pair.sentByAlice(0), 0);
        byte[] reject = HandshakeDatagrams.reject(ALICE_INDEX, Reject.of(ErrorCode.TOO_MANY_HANDSHAKES));
        for (int length = 0; length < response.length; length++) {
            pair.toAlice(Arrays.copyOf(response, length), 0);
        }
        for (int length = 0; length < reject.length; length++) {
            pair.toAlice(Arrays.copyOf(reject, length), 0);
        }
        byte[] retry = HandshakeDatagrams.retry(ALICE_INDEX, new byte[0]);
        for (int length = 0; length <= retry.length; length++) {
            pair.toAlice(Arrays.copyOf(retry, length), 0);
        }

        assertThat(pair.dropsAtAlice.of(Drop.TRUNCATED)).isEqualTo(response.length + reject.length + retry.length + 1);
        pair.toAlice(response, 0);
        assertThat(pair.atAlice().peer()).isEqualTo(BOB.peerId());
    }

    @Test
    void dropsDatagramsThatAreTooLong() {
        byte[] init = pair.sentByAlice(0);
        assertThat(pair.init(Arrays.copyOf(init, init.length + 1), 0)).isNull();
        byte[] response = pair.answerTo(init, 0);
        pair.toAlice(Arrays.copyOf(response, response.length + 1), 0);
        pair.toAlice(HandshakeDatagrams.retry(ALICE_INDEX, new byte[256]), 0);
        pair.toAlice(Arrays.copyOf(HandshakeDatagrams.reject(ALICE_INDEX, new Reject(1, 1, 1)), 10), 0);
        assertThat(pair.alice.established()).isNull();
        pair.toAlice(response, 0);
        byte[] finish = pair.sentByAlice(0);
        assertThat(pair.finish(Arrays.copyOf(finish, finish.length + 1), 0)).isNull();

        assertThat(pair.dropsAtBob.of(Drop.MALFORMED)).isEqualTo(2);
        assertThat(pair.dropsAtAlice.of(Drop.MALFORMED)).isEqualTo(3);
    }

    @Test
    void anAlteredInitGetsNoSessionUnlessOnlyItsPaddingIs() {
        byte[] init = pair.sentByAlice(0);
        for (int at = 0; at < 9 + 32; at++) {
            DatagramPair fresh = DatagramPair.plain();
            fresh.sentByAlice(0);
            byte[] altered = init.clone();
            altered[at] ^= 0x10;
            byte[] answer = fresh.init(altered, 0);
            if (answer != null) {
                fresh.toAlice(answer, 0);
            }
            assertThat(fresh.alice.established()).as("byte %d", at).isNull();
        }
        byte[] padding = init.clone();
        padding[1_199] = 1;
        assertThat(pair.run(padding).packetsPass(0)).isTrue();
    }

    @Test
    void anAlteredResponseIsDroppedAndTheGenuineOneStillTaken() {
        byte[] response = pair.answerTo(pair.sentByAlice(0), 0);
        long now = 0;
        for (int at = 1; at < response.length; at++) {
            byte[] altered = response.clone();
            altered[at] ^= 1;
            pair.toAlice(altered, now);
            now = pair.alice.deadlineNanos();
            pair.alice.poll(now);
            assertThat(pair.alice.established()).as("byte %d", at).isNull();
        }

        pair.toAlice(response, now);

        assertThat(pair.atAlice().peer()).isEqualTo(BOB.peerId());
    }

    @Test
    void triesFewFalseResponsesForEachDatagramThatItSends() {
        byte[] response = pair.answerTo(pair.sentByAlice(0), 0);
        byte[] altered = response.clone();
        altered[50] ^= 1;
        for (int i = 0; i < 8; i++) {
            pair.toAlice(altered, 0);
        }
        pair.toAlice(response, 0);
        assertThat(pair.alice.established())
                .as("nothing more is tried for this INIT")
                .isNull();
        pair.sentByAlice(SECOND);

        pair.toAlice(response, SECOND);

        assertThat(pair.atAlice().peer()).isEqualTo(BOB.peerId());
    }

    @Test
    void anAlteredFinishIsDroppedAndTheGenuineOneStillTaken() {
        pair.toAlice(pair.answerTo(pair.sentByAlice(0), 0), 0);
        byte[] finish = pair.sentByAlice(0);
        for (int at = 1; at < finish.length; at++) {
            byte[] altered = finish.clone();
            altered[at] ^= 1;
            // Of those whose beginning is genuine eight are tried, and one more each second.
            DatagramPair fresh = at < 6 + 48 ? pair : begun();
            assertThat(fresh.finish(altered, 0)).as("byte %d", at).isNull();
            assertThat(fresh.bob.halfOpen()).isEqualTo(1);
        }

        pair.arrival = pair.finish(finish, 0);

        assertThat(pair.dropsAtBob.total()).isEqualTo(5 + 48);
        assertThat(pair.packetsPass(0)).isTrue();
    }

    @Test
    void triesFewCopiesOfAFinishThatAreAlteredBehindItsBeginning() {
        pair.toAlice(pair.answerTo(pair.sentByAlice(0), 0), 0);
        byte[] finish = pair.sentByAlice(0);
        byte[] altered = finish.clone();
        altered[100] ^= 1;
        for (int i = 0; i < 8; i++) {
            assertThat(pair.finish(altered, 0)).isNull();
        }
        assertThat(pair.finish(finish, 0)).as("nothing more is tried now").isNull();

        pair.arrival = pair.finish(finish, SECOND);

        assertThat(pair.packetsPass(0)).isTrue();
    }

    @Test
    void aFinishFromElsewhereIsDropped() {
        pair.toAlice(pair.answerTo(pair.sentByAlice(0), 0), 0);
        byte[] finish = pair.sentByAlice(0);

        assertThat(pair.bob.onFinish(finish, finish.length, ELSEWHERE, 0)).isNull();

        assertThat(pair.dropsAtBob.of(Drop.OTHER_ADDRESS)).isEqualTo(1);
        pair.arrival = pair.finish(finish, 0);
        assertThat(pair.atBob().address()).isEqualTo(AT_ALICE);
    }

    @Test
    void aCopiedInitFromElsewhereIsAHandshakeOfItsOwn() {
        byte[] init = pair.sentByAlice(0);
        byte[] copied = Objects.requireNonNull(pair.bob.onInit(init, init.length, ELSEWHERE, 0));

        byte[] genuine = pair.answerTo(init, 0);

        assertThat(copied).isNotEqualTo(genuine);
        pair.toAlice(genuine, 0);
        pair.arrival = pair.finish(pair.sentByAlice(0), 0);
        assertThat(pair.packetsPass(0)).isTrue();
    }

    @Test
    void ignoresWhatIsForAnotherIndexOrOfNoUse() {
        byte[] response = pair.answerTo(pair.sentByAlice(0), 0);
        byte[] misdirected = response.clone();
        misdirected[4] ^= 1;
        pair.toAlice(misdirected, 0);
        byte[] unknown = response.clone();
        unknown[0] = 0x40;
        pair.toAlice(unknown, 0);
        byte[] packet = response.clone();
        packet[0] = 8;
        pair.toAlice(packet, 0);
        byte[] nobodys = new byte[HandshakeDatagrams.FINISH_LENGTH];

        assertThat(pair.finish(nobodys, 0)).isNull();
        assertThat(pair.dropsAtAlice.of(Drop.UNKNOWN_INDEX)).isEqualTo(1);
        assertThat(pair.dropsAtAlice.of(Drop.UNKNOWN_TYPE)).isEqualTo(1);
        assertThat(pair.dropsAtAlice.of(Drop.MALFORMED)).isEqualTo(1);
        assertThat(pair.dropsAtBob.of(Drop.UNKNOWN_INDEX)).isEqualTo(1);
        pair.toAlice(response, 0);
        assertThat(pair.atAlice().peer()).isEqualTo(BOB.peerId());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 255})
    void refusesAnotherVersionInTheClear(int version) {
        byte[] init = Arrays.copyOf(pair.sentByAlice(0), 1_400);
        init[1] = (byte) version;

        byte[] reject = pair.answerTo(init, 0);

        assertThat(reject).containsExactly(5, 0, 0x0A, 0x11, 0xCE, 1, 1, 0, 0x12);
        assertThat(pair.bob.halfOpen()).isZero();
        assertThat(refusalOf(pair, reject).error()).isEqualTo(ErrorCode.VERSION_UNSUPPORTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 128, 2, 3})
    void refusesASuiteThatItDoesNotHave(int suite) {
        byte[] init = pair.sentByAlice(0);
        init[2] = (byte) suite;

        CloseReason refusal = refusalOf(pair, pair.answerTo(init, 0));

        assertThat(refusal.error()).isEqualTo(ErrorCode.SUITE_UNSUPPORTED);
        assertThat(refusal.origin()).isEqualTo(Origin.UNPROVEN);
    }

    @Test
    void aRefusalThatAnybodyCanForgeGivesWayToThePeersAnswer() {
        byte[] response = pair.answerTo(pair.sentByAlice(0), 0);
        pair.toAlice(HandshakeDatagrams.reject(ALICE_INDEX, Reject.of(ErrorCode.SUITE_UNSUPPORTED)), 0);
        pair.toAlice(HandshakeDatagrams.reject(ALICE_INDEX, new Reject(1, 1, 1)), SECOND / 2);
        assertThat(pair.alice.poll(SECOND - 1)).isNull();
        assertThat(pair.alice.failure()).isNull();

        pair.toAlice(response, SECOND - 1);
        pair.alice.poll(5 * SECOND);

        assertThat(pair.alice.failure()).isNull();
        assertThat(pair.atAlice().peer()).isEqualTo(BOB.peerId());
    }

    @Test
    void anotherPeersProofGivesWayToTheExpectedOnesAndElseEndsTheAttempt() {
        DatagramPair expecting =
                new DatagramPair(alice().withExpectedPeer(BOB.peerId()), bob(), ResponderLimits.defaults());
        byte[] init = expecting.sentByAlice(0);
        byte[] faster =
                answerOf(HandshakeConfig.of(Identity.generate(seeded(90)), X25519KeyPair.generate(seeded(91))), init);
        byte[] genuine = expecting.answerTo(init, 0);
        expecting.toAlice(faster, 0);
        assertThat(expecting.alice.established()).isNull();
        expecting.toAlice(genuine, SECOND / 10);
        assertThat(expecting.atAlice().peer()).isEqualTo(BOB.peerId());

        DatagramPair misled =
                new DatagramPair(alice().withExpectedPeer(BOB.peerId()), bob(), ResponderLimits.defaults());
        misled.sentByAlice(0);
        assertThat(refusalOf(misled, faster).error()).isEqualTo(ErrorCode.IDENTITY_MISMATCH);
    }

    @Test
    void findsThatItHasDialledItself() {
        byte[] own = answerOf(alice(), pair.sentByAlice(0));

        assertThat(refusalOf(pair, own).error()).isEqualTo(ErrorCode.SELF_CONNECT);
    }

    @Test
    void tellsAnotherNetworkKeyOnlyToItself() {
        DatagramPair strangers = new DatagramPair(
                alice().withNetworkKey(NETWORK), bob().withNetworkKey(OTHER_NETWORK), ResponderLimits.defaults());
        byte[] init = strangers.sentByAlice(0);
        strangers.toAlice(strangers.answerTo(init, 0), 0);

        assertThat(strangers.finish(strangers.sentByAlice(0), 0)).isNull();
        strangers.alice.abort(ErrorCode.HANDSHAKE_TIMEOUT);

        assertThat(strangers.dropsAtBob.of(Drop.NETWORK_KEY)).isEqualTo(1);
        assertThat(strangers.bob.expire(10 * SECOND)).isEqualTo(1);
        assertThat(strangers.indexes.size()).isZero();
        assertThat(Objects.requireNonNull(strangers.alice.failure()).detail()).contains("the network keys may differ");
    }

    @Test
    void refusesAnInitiatorThatIsThisNodeItself() {
        byte[] prologue = Init.prologue((byte) 0, ALICE_INDEX);
        KeyExchange rogue = KeyExchange.begin(Role.INITIATOR, bob(), CipherSuite.AESGCM, prologue, seeded(44));
        byte[] response = pair.answerTo(Init.encode(prologue, new byte[0], rogue.writeFirst()), 0);
        rogue.bind(Arrays.copyOf(response, HandshakeDatagrams.RESPONSE_HEADER));
        assertThat(Objects.requireNonNull(rogue.read(Arrays.copyOfRange(response, 10, response.length)))
                        .error())
                .as("its own proof comes back to it, and it goes on")
                .isEqualTo(ErrorCode.SELF_CONNECT);
        byte[] header = HandshakeDatagrams.finishHeader(HandshakeDatagrams.senderIndex(response));
        rogue.bind(header);
        byte[] message = Objects.requireNonNull(rogue.write());

        Arrival arrival = pair.finish(HandshakeDatagrams.join(header, message), 0);

        assertThat(arrival).isInstanceOf(Arrival.Refused.class);
        assertThat(((Arrival.Refused) Objects.requireNonNull(arrival)).reason().error())
                .isEqualTo(ErrorCode.SELF_CONNECT);
        assertThat(pair.indexes.size()).isZero();
    }

    /** One whose FINISH is under way. */
    private static DatagramPair begun() {
        DatagramPair begun = DatagramPair.plain();
        begun.toAlice(begun.answerTo(begun.sentByAlice(0), 0), 0);
        begun.sentByAlice(0);
        return begun;
    }

    private static byte[] answerOf(HandshakeConfig config, byte[] init) {
        DatagramResponder other = new DatagramResponder(
                config, ResponderLimits.defaults(), new ReceiverIndexes<>(seeded(92), 8), seeded(93), new DropCounts());
        return Objects.requireNonNull(other.onInit(init, init.length, AT_ALICE, 0));
    }

    /** How the attempt ends after that answer, when nothing better comes. */
    private static CloseReason refusalOf(DatagramPair pair, byte[] answer) {
        pair.toAlice(answer, 0);
        assertThat(pair.alice.failure()).isNull();
        assertThat(pair.alice.deadlineNanos()).isEqualTo(SECOND);
        assertThat(pair.alice.poll(SECOND)).isNull();
        return Objects.requireNonNull(pair.alice.failure());
    }
}
