package io.weir.core.handshake;

import static io.weir.core.handshake.HandshakePair.ALICE;
import static io.weir.core.handshake.HandshakePair.BOB;
import static io.weir.core.handshake.HandshakePair.NETWORK;
import static io.weir.core.handshake.HandshakePair.OTHER_NETWORK;
import static io.weir.core.handshake.HandshakePair.alice;
import static io.weir.core.handshake.HandshakePair.bob;
import static io.weir.core.handshake.HandshakePair.drain;
import static io.weir.core.handshake.HandshakePair.established;
import static io.weir.core.handshake.HandshakePair.failed;
import static io.weir.core.handshake.HandshakePair.feed;
import static io.weir.core.handshake.HandshakePair.isEstablished;
import static io.weir.core.handshake.HandshakePair.seeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RecordCipher;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.identity.Identity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BadPeerHandshakeTest {
    private static final byte[] GOOD_PREAMBLE = {'W', 'E', 'I', 'R', 1, 0, 0, 0};

    @ParameterizedTest
    @CsvSource({"AESGCM,false", "CHACHAPOLY,true"})
    void everyAlteredByteOfPreambleAndMessage1PreventsTheSession(CipherSuite suite, boolean psk) {
        int length = drain(HandshakePair.of(suite, psk).initiator).length;
        for (int i = 0; i < length; i++) {
            HandshakePair pair = HandshakePair.of(suite, psk);
            feed(pair.responder, altered(drain(pair.initiator), i));
            pair.run();

            assertThat(isEstablished(pair.initiator.result())).as("byte %d", i).isFalse();
            assertThat(isEstablished(pair.responder.result())).as("byte %d", i).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"AESGCM,false", "CHACHAPOLY,true"})
    void everyAlteredByteOfMessage2PreventsTheSession(CipherSuite suite, boolean psk) {
        for (int i = 0; i < 2 + 192; i++) {
            HandshakePair pair = HandshakePair.of(suite, psk);
            feed(pair.responder, drain(pair.initiator));
            feed(pair.initiator, altered(drain(pair.responder), i));
            pair.run();

            assertThat(isEstablished(pair.initiator.result())).as("byte %d", i).isFalse();
            assertThat(isEstablished(pair.responder.result())).as("byte %d", i).isFalse();
            assertThat(pair.initiator.pollOutput()).as("byte %d", i).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"AESGCM,false", "CHACHAPOLY,true"})
    void everyAlteredByteOfMessage3PreventsTheRespondersSession(CipherSuite suite, boolean psk) {
        for (int i = 0; i < 2 + 160; i++) {
            HandshakePair pair = HandshakePair.of(suite, psk);
            feed(pair.responder, drain(pair.initiator));
            feed(pair.initiator, drain(pair.responder));
            feed(pair.responder, altered(drain(pair.initiator), i));

            assertThat(isEstablished(pair.responder.result())).as("byte %d", i).isFalse();
        }
    }

    @Test
    void truncatedHandshakeWaitsAndEndsWithTheLink() {
        byte[] first = drain(HandshakePair.plain().initiator);
        for (int length = 0; length < first.length; length++) {
            StreamHandshake responder = StreamHandshake.responder(bob(), seeded(6));
            responder.receive(ByteBuffer.wrap(first, 0, length));
            assertThat(responder.result()).isNull();
            assertThat(responder.pollOutput()).isNull();

            responder.abort(ErrorCode.LINK_LOST);

            assertThat(failed(responder).code()).isEqualTo(ErrorCode.LINK_LOST);
        }
    }

    @Test
    void truncatedMessage3GivesNoSession() {
        for (int length = 0; length < 2 + 160; length++) {
            HandshakePair pair = HandshakePair.plain();
            feed(pair.responder, drain(pair.initiator));
            feed(pair.initiator, drain(pair.responder));
            pair.responder.receive(ByteBuffer.wrap(drain(pair.initiator), 0, length));

            assertThat(pair.responder.result()).isNull();
        }
    }

    @Test
    void replayedInitiatorFailsAtMessage3() {
        HandshakePair recorded = HandshakePair.plain();
        byte[] first = drain(recorded.initiator);
        feed(recorded.responder, first);
        feed(recorded.initiator, drain(recorded.responder));
        byte[] third = drain(recorded.initiator);

        StreamHandshake fresh = StreamHandshake.responder(bob(), seeded(60));
        feed(fresh, first);
        feed(fresh, third);

        assertThat(failed(fresh).code()).isEqualTo(ErrorCode.HANDSHAKE_FAILED);
    }

    @Test
    void replayedResponderFailsAtMessage2() {
        HandshakePair recorded = HandshakePair.plain();
        feed(recorded.responder, drain(recorded.initiator));
        byte[] second = drain(recorded.responder);

        StreamHandshake fresh = StreamHandshake.initiator(alice(), seeded(50));
        drain(fresh);
        feed(fresh, second);

        assertThat(failed(fresh).code()).isEqualTo(ErrorCode.HANDSHAKE_FAILED);
        assertThat(fresh.pollOutput()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "SSH-2.0-x\r\n", "weir", "\u0016\u0003\u0001\u0002", "\u0000\u0000"})
    void garbageFailsAtItsFirstByteAndGetsNoAnswer(String garbage) {
        StreamHandshake responder = StreamHandshake.responder(bob(), seeded(6));
        ByteBuffer in = ByteBuffer.wrap(garbage.getBytes(StandardCharsets.ISO_8859_1));

        responder.receive(in);

        assertThat(failed(responder).code()).isEqualTo(ErrorCode.NOT_WEIR);
        assertThat(in.position()).isEqualTo(1);
        assertThat(responder.pollOutput()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"WX,2", "WEX,3", "WEIX,4"})
    void almostAPreambleFailsAtTheByteThatDiffers(String start, int consumed) {
        StreamHandshake responder = StreamHandshake.responder(bob(), seeded(6));
        ByteBuffer in = ByteBuffer.wrap((start + "tail").getBytes(StandardCharsets.US_ASCII));

        responder.receive(in);

        assertThat(failed(responder).code()).isEqualTo(ErrorCode.NOT_WEIR);
        assertThat(failed(responder).detail()).contains("byte " + (consumed - 1), "0x58");
        assertThat(in.position()).isEqualTo(consumed);
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7})
    void reservedBytesOfThePreambleMustBeZero(int index) {
        StreamHandshake responder = StreamHandshake.responder(bob(), seeded(6));
        byte[] preamble = GOOD_PREAMBLE.clone();
        preamble[index] = 1;

        feed(responder, preamble);

        assertThat(failed(responder).code()).isEqualTo(ErrorCode.NOT_WEIR);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 255})
    void responderRejectsAnotherVersion(int version) {
        StreamHandshake responder = StreamHandshake.responder(bob(), seeded(6));
        byte[] preamble = GOOD_PREAMBLE.clone();
        preamble[4] = (byte) version;

        feed(responder, preamble);

        assertThat(failed(responder).code()).isEqualTo(ErrorCode.VERSION_UNSUPPORTED);
        assertThat(failed(responder).origin()).isEqualTo(Origin.LOCAL);
        assertThat(drain(responder)).containsExactly('W', 'E', 'I', 'R', 1, 1, 0, 0x12);
    }

    @Test
    void initiatorUnderstandsARejectForItsVersion() {
        StreamHandshake initiator = StreamHandshake.initiator(alice(), seeded(5));

        feed(initiator, (byte) 'W', (byte) 'E', (byte) 'I', (byte) 'R', (byte) 2, (byte) 3, (byte) 0, (byte) 0x12);

        assertThat(failed(initiator).code()).isEqualTo(ErrorCode.VERSION_UNSUPPORTED);
        assertThat(failed(initiator).origin()).isEqualTo(Origin.UNPROVEN);
        assertThat(failed(initiator).detail()).contains("2 to 3");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 16, 32, 64, 128, 255})
    void responderRejectsUnknownSuites(int bits) {
        StreamHandshake responder = StreamHandshake.responder(bob(), seeded(6));
        byte[] preamble = GOOD_PREAMBLE.clone();
        preamble[5] = (byte) bits;

        feed(responder, preamble);

        assertThat(failed(responder).code()).isEqualTo(ErrorCode.SUITE_UNSUPPORTED);
        assertThat(drain(responder)).containsExactly('W', 'E', 'I', 'R', 1, 1, 0, 0x13);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void networkKeyOnOneSideOnlyIsRejectedAndUnderstood(boolean atInitiator) {
        HandshakePair pair = new HandshakePair(
                alice().withNetworkKey(atInitiator ? NETWORK : null),
                bob().withNetworkKey(atInitiator ? null : NETWORK));

        pair.run();

        assertThat(failed(pair.responder).code()).isEqualTo(ErrorCode.SUITE_UNSUPPORTED);
        assertThat(failed(pair.initiator).code()).isEqualTo(ErrorCode.SUITE_UNSUPPORTED);
        assertThat(failed(pair.initiator).origin()).isEqualTo(Origin.UNPROVEN);
        assertThat(failed(pair.initiator).detail()).contains("maybe only one end has a network key");
    }

    @Test
    void anotherNetworkKeyFailsAtMessage3() {
        HandshakePair pair = new HandshakePair(alice().withNetworkKey(NETWORK), bob().withNetworkKey(OTHER_NETWORK));

        pair.run();

        assertThat(failed(pair.responder).code()).isEqualTo(ErrorCode.NETWORK_KEY_MISMATCH);
        assertThat(failed(pair.responder).detail()).contains("network keys probably differ");
        assertThat(drain(pair.responder)).isEmpty(); // no word to whom it does not know
        assertThat(established(pair.initiator).peer()).isEqualTo(BOB.peerId()); // documented: a prober learns it
    }

    @Test
    void anAlteredMessage3IsNoSignOfAnotherNetworkKeyBeforeTheKeysMeet() {
        int staticKey = 2 + 48; // the length, then what is sealed before the network key is mixed in
        for (int at : new int[] {2, staticKey - 1, staticKey, 2 + 159}) {
            HandshakePair pair = HandshakePair.of(CipherSuite.AESGCM, true);
            feed(pair.responder, drain(pair.initiator));
            feed(pair.initiator, drain(pair.responder));

            feed(pair.responder, altered(drain(pair.initiator), at));

            assertThat(failed(pair.responder).code())
                    .as("byte %d", at)
                    .isEqualTo(at < staticKey ? ErrorCode.HANDSHAKE_FAILED : ErrorCode.NETWORK_KEY_MISMATCH);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x12, 0x18, 0x3F, 0x40, 0x7FFF, 0xFFFF})
    void rejectIsReportedWithTheNumberAsItCameAndProvedByNobody(int number) {
        StreamHandshake initiator = StreamHandshake.initiator(alice(), seeded(5));

        feed(initiator, new Reject(1, 1, number).encode());

        assertThat(failed(initiator).reason()).isEqualTo(CloseReason.unproven(number));
        assertThat(failed(initiator).code()).isEqualTo(ErrorCode.of(number));
    }

    @Test
    void rejectWithoutAReasonIsNone() {
        StreamHandshake initiator = StreamHandshake.initiator(alice(), seeded(5));

        feed(initiator, (byte) 'W', (byte) 'E', (byte) 'I', (byte) 'R', (byte) 1, (byte) 1, (byte) 0, (byte) 0);

        assertThat(failed(initiator).reason()).isEqualTo(CloseReason.local(ErrorCode.NOT_WEIR));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 0x10000})
    void rejectNamesTheCodeOutOfRange(int code) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Reject(1, 1, code))
                .withMessage("code is " + code + ", must be 1 to 65535");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256})
    void rejectNamesTheVersionOutOfRange(int version) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Reject(1, version, 0x0E))
                .withMessage("highestVersion is " + version + ", must be 0 to 255");
    }

    @Test
    void rejectMayComeByteByByte() {
        StreamHandshake initiator = StreamHandshake.initiator(alice(), seeded(5));

        for (byte b : Reject.of(ErrorCode.TOO_MANY_HANDSHAKES).encode()) {
            assertThat(initiator.result()).isNull();
            feed(initiator, b);
        }

        assertThat(failed(initiator).code()).isEqualTo(ErrorCode.TOO_MANY_HANDSHAKES);
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1 400,1", "SSH-2.0,1", "WELCOME,3", "WEIRD?,0"})
    void initiatorTellsAnotherProtocolFromAResponder(String banner, int consumed) {
        StreamHandshake initiator = StreamHandshake.initiator(alice(), seeded(5));
        ByteBuffer in = ByteBuffer.wrap(banner.getBytes(StandardCharsets.US_ASCII));

        initiator.receive(in);

        if (consumed == 0) {
            assertThat(initiator.result()).isNull(); // begins like a reject and is not yet whole
        } else {
            assertThat(failed(initiator).code()).isEqualTo(ErrorCode.NOT_WEIR);
            assertThat(in.position()).isEqualTo(consumed);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 1_201, 65_535})
    void lengthOfMessage1MustBePossible(int length) {
        StreamHandshake responder = StreamHandshake.responder(bob(), seeded(6));
        feed(responder, GOOD_PREAMBLE);

        feed(responder, (byte) (length >> 8), (byte) length);

        assertThat(failed(responder).code()).isEqualTo(ErrorCode.HANDSHAKE_FAILED);
        assertThat(failed(responder).detail()).contains("message 1", String.valueOf(length), "32 to 1200");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 191, 1_201})
    void lengthOfMessage2MustBePossible(int length) {
        StreamHandshake initiator = StreamHandshake.initiator(alice(), seeded(5));

        feed(initiator, (byte) (length >> 8), (byte) length);

        assertThat(failed(initiator).code()).isEqualTo(ErrorCode.HANDSHAKE_FAILED);
        assertThat(failed(initiator).detail()).contains("message 2");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 159, 1_201})
    void lengthOfMessage3MustBePossible(int length) {
        HandshakePair pair = HandshakePair.plain();
        feed(pair.responder, drain(pair.initiator));

        feed(pair.responder, (byte) (length >> 8), (byte) length);

        assertThat(failed(pair.responder).code()).isEqualTo(ErrorCode.HANDSHAKE_FAILED);
        assertThat(failed(pair.responder).detail()).contains("message 3");
    }

    @Test
    void message1WithAPayloadIsRefused() {
        StreamHandshake responder = StreamHandshake.responder(bob(), seeded(6));
        byte[] first = drain(HandshakePair.plain().initiator);
        byte[] longer =
                ByteBuffer.allocate(first.length + 1).put(first).put((byte) 9).array();
        longer[9] = 33;

        feed(responder, longer);

        assertThat(failed(responder).code()).isEqualTo(ErrorCode.HANDSHAKE_FAILED);
        assertThat(responder.pollOutput()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0000000000000000000000000000000000000000000000000000000000000080"
            })
    void ephemeralKeyOfSmallOrderIsRefused(String point) {
        StreamHandshake responder = StreamHandshake.responder(bob(), seeded(6));
        byte[] unit = ByteBuffer.allocate(42)
                .put(GOOD_PREAMBLE)
                .putShort((short) 32)
                .put(HexFormat.of().parseHex(point))
                .array();

        feed(responder, unit);

        assertThat(failed(responder).code()).isEqualTo(ErrorCode.HANDSHAKE_FAILED);
        assertThat(responder.pollOutput()).isNull();
    }

    @Test
    void wrongExpectedPeerIsFoundBeforeMessage3IsMade() {
        Identity carol = Identity.generate(seeded(70));
        HandshakePair pair = new HandshakePair(alice().withExpectedPeer(carol.peerId()), bob());
        feed(pair.responder, drain(pair.initiator));

        feed(pair.initiator, drain(pair.responder));

        assertThat(failed(pair.initiator).code()).isEqualTo(ErrorCode.IDENTITY_MISMATCH);
        assertThat(failed(pair.initiator).detail())
                .contains(BOB.peerId().toString(), carol.peerId().toString());
        assertThat(pair.initiator.pollOutput()).isNull();
        assertThat(pair.responder.result()).isNull();
    }

    @Test
    void ownIdentityIsRefusedByTheInitiator() {
        HandshakePair pair = new HandshakePair(alice(), HandshakeConfig.of(ALICE, HandshakePair.BOB_STATIC));

        pair.run();

        assertThat(failed(pair.initiator).code()).isEqualTo(ErrorCode.SELF_CONNECT);
        assertThat(pair.responder.result()).isNull();
    }

    @Test
    void ownIdentityIsRefusedByTheResponder() {
        RogueSide rogue = RogueSide.initiator(seeded(5));
        StreamHandshake responder = StreamHandshake.responder(bob(), seeded(6));
        feed(responder, rogue.firstUnits());
        rogue.read(drain(responder));

        feed(responder, rogue.write(h -> IdentityProof.prove(BOB, Role.INITIATOR, h)));

        assertThat(failed(responder).code()).isEqualTo(ErrorCode.SELF_CONNECT);
    }

    @Test
    void recordsOfAnotherSessionDoNotOpen() {
        HandshakePair one = HandshakePair.plain().run();
        HandshakePair two = HandshakePair.of(CipherSuite.AESGCM, true).run();
        byte[] sealed = new byte[1 + RecordCipher.OVERHEAD];
        established(one.initiator).sending().sealNext(new byte[1], 0, 1, sealed, 0);

        int opened = established(two.responder).receiving().openNext(sealed, 0, sealed.length, new byte[1], 0);

        assertThat(opened).isEqualTo(RecordCipher.FAILED);
    }

    private static byte[] altered(byte[] unit, int index) {
        byte[] copy = unit.clone();
        copy[index] ^= 0x01;
        return copy;
    }
}
