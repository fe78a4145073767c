package io.weir.core.handshake;

import static io.weir.core.handshake.HandshakePair.ALICE;
import static io.weir.core.handshake.HandshakePair.BOB;
import static io.weir.core.handshake.HandshakePair.alice;
import static io.weir.core.handshake.HandshakePair.bob;
import static io.weir.core.handshake.HandshakePair.drain;
import static io.weir.core.handshake.HandshakePair.established;
import static io.weir.core.handshake.HandshakePair.failed;
import static io.weir.core.handshake.HandshakePair.seeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.GivenBytes;
import io.weir.core.crypto.RecordCipher;
import io.weir.core.crypto.X25519KeyPair;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.handshake.HandshakeResult.Established;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreamHandshakeTest {
    @ParameterizedTest
    @CsvSource({"AESGCM,false", "AESGCM,true", "CHACHAPOLY,false", "CHACHAPOLY,true"})
    void bothSidesLearnWhoTheOtherIs(CipherSuite suite, boolean psk) {
        HandshakePair pair = HandshakePair.of(suite, psk).run();

        Established atAlice = established(pair.initiator);
        Established atBob = established(pair.responder);
        assertThat(atAlice.peer()).isEqualTo(BOB.peerId());
        assertThat(atBob.peer()).isEqualTo(ALICE.peerId());
        assertThat(atAlice.suite()).isEqualTo(suite);
        assertThat(atBob.suite()).isEqualTo(suite);
        assertThat(atAlice.handshakeHash()).hasSize(32).isEqualTo(atBob.handshakeHash());
    }

    @ParameterizedTest
    @CsvSource({"AESGCM,false", "AESGCM,true", "CHACHAPOLY,false", "CHACHAPOLY,true"})
    void recordsPassBothWaysUnderDifferentKeys(CipherSuite suite, boolean psk) {
        HandshakePair pair = HandshakePair.of(suite, psk).run();
        Established atAlice = established(pair.initiator);
        Established atBob = established(pair.responder);
        byte[] text = "a record".getBytes(StandardCharsets.UTF_8);

        byte[] there = sealed(atAlice.sending(), text);
        byte[] back = sealed(atBob.sending(), text);

        assertThat(there).isNotEqualTo(back);
        assertThat(opened(atBob.receiving(), there)).isEqualTo(text);
        assertThat(opened(atAlice.receiving(), back)).isEqualTo(text);
    }

    @Test
    void unitsHaveTheLayoutOfTheSpecification() {
        HandshakePair pair = HandshakePair.plain();
        byte[] first = drain(pair.initiator);
        HandshakePair.feed(pair.responder, first);
        byte[] second = drain(pair.responder);
        HandshakePair.feed(pair.initiator, second);
        byte[] third = drain(pair.initiator);

        assertThat(first).hasSize(8 + 2 + 32).startsWith('W', 'E', 'I', 'R', 1, 0, 0, 0, 0, 32);
        assertThat(second).hasSize(2 + 32 + 48 + 96 + 16).startsWith(0, 192);
        assertThat(third).hasSize(2 + 48 + 96 + 16).startsWith(0, 160);
    }

    @ParameterizedTest
    @CsvSource({"AESGCM,false,0", "CHACHAPOLY,false,1", "AESGCM,true,2", "CHACHAPOLY,true,3"})
    void preambleTellsCipherAndNetworkKey(CipherSuite suite, boolean psk, int bits) {
        byte[] first = drain(HandshakePair.of(suite, psk).initiator);

        assertThat(first[5]).isEqualTo((byte) bits);
    }

    @Test
    void takesBytesInArbitraryCuts() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            HandshakePair pair = HandshakePair.of(
                    random.nextBoolean() ? CipherSuite.AESGCM : CipherSuite.CHACHAPOLY, random.nextBoolean());
            for (int turn = 0; turn < 2; turn++) {
                feedInCuts(pair.responder, drain(pair.initiator), random);
                feedInCuts(pair.initiator, drain(pair.responder), random);
            }
            assertThat(established(pair.initiator).peer()).as("seed %d", seed).isEqualTo(BOB.peerId());
            assertThat(established(pair.responder).peer()).as("seed %d", seed).isEqualTo(ALICE.peerId());
        }
    }

    @Test
    void leavesTheRecordsBehindTheHandshakeUntouched() {
        HandshakePair pair = HandshakePair.plain();
        HandshakePair.feed(pair.responder, drain(pair.initiator));
        byte[] second = drain(pair.responder);
        ByteBuffer toInitiator = ByteBuffer.allocate(second.length + 5)
                .put(second)
                .put(new byte[5])
                .flip();

        pair.initiator.receive(toInitiator);
        byte[] third = drain(pair.initiator);
        ByteBuffer toResponder = ByteBuffer.allocate(third.length + 7)
                .put(third)
                .put(new byte[7])
                .flip();
        pair.responder.receive(toResponder);

        assertThat(toInitiator.remaining()).isEqualTo(5);
        assertThat(toResponder.remaining()).isEqualTo(7);
        established(pair.initiator);
        established(pair.responder);
    }

    @Test
    void readsDirectAndReadOnlyBuffers() {
        HandshakePair pair = HandshakePair.plain();
        byte[] first = drain(pair.initiator);
        pair.responder.receive(
                ByteBuffer.allocateDirect(first.length).put(first).flip());
        pair.initiator.receive(ByteBuffer.wrap(drain(pair.responder)).asReadOnlyBuffer());

        assertThat(established(pair.initiator).peer()).isEqualTo(BOB.peerId());
    }

    @Test
    void sameInputsAndSameRandomBytesGiveTheSameBytes() {
        assertThat(transcript(HandshakePair.plain())).isEqualTo(transcript(HandshakePair.plain()));
    }

    @Test
    void otherRandomBytesGiveOtherKeys() {
        StreamHandshake one = StreamHandshake.initiator(alice(), seeded(100));
        StreamHandshake two = StreamHandshake.initiator(alice(), seeded(101));

        assertThat(drain(one)).isNotEqualTo(drain(two));
    }

    @Test
    void initiatorReachesThePeerItExpects() {
        HandshakePair pair =
                new HandshakePair(alice().withExpectedPeer(BOB.peerId()), bob().withExpectedPeer(ALICE.peerId()));

        pair.run();

        established(pair.initiator);
        established(pair.responder);
    }

    @Test
    void abortEndsItWithTheGivenCodeAndNoOutput() {
        HandshakePair pair = HandshakePair.plain();

        pair.initiator.abort(ErrorCode.HANDSHAKE_TIMEOUT);
        pair.responder.abort(ErrorCode.LINK_LOST);

        assertThat(failed(pair.initiator).code()).isEqualTo(ErrorCode.HANDSHAKE_TIMEOUT);
        assertThat(failed(pair.initiator).detail()).contains("message 2");
        assertThat(pair.initiator.pollOutput()).isNull();
        assertThat(failed(pair.responder).code()).isEqualTo(ErrorCode.LINK_LOST);
        assertThat(failed(pair.responder).detail()).contains("the preamble");
        assertThat(failed(pair.responder).origin()).isEqualTo(Origin.LOCAL);
    }

    @Test
    void abortAfterTheEndChangesNothing() {
        HandshakePair pair = HandshakePair.plain().run();

        pair.initiator.abort(ErrorCode.HANDSHAKE_TIMEOUT);

        established(pair.initiator);
    }

    @Test
    void printsNoKey() {
        byte[] staticSecret = HandshakePair.filled(0x31);
        HandshakeConfig config = HandshakeConfig.of(ALICE, X25519KeyPair.generate(GivenBytes.of(staticSecret)))
                .withNetworkKey(HandshakePair.NETWORK)
                .withExpectedPeer(BOB.peerId());
        StreamHandshake initiator = StreamHandshake.initiator(config, seeded(7));
        StreamHandshake responder = StreamHandshake.responder(bob().withNetworkKey(HandshakePair.NETWORK), seeded(8));
        List<Object> printed = new ArrayList<>(List.of(config, initiator, responder));
        HandshakePair.feed(responder, drain(initiator));
        HandshakePair.feed(initiator, drain(responder));
        HandshakePair.feed(responder, drain(initiator));
        printed.addAll(List.of(
                initiator,
                established(initiator),
                established(initiator).sending(),
                established(responder).receiving(),
                config.staticKey(),
                HandshakePair.NETWORK,
                ALICE));

        assertThat(printed).allSatisfy(object -> {
            assertHides(object, staticSecret);
            assertHides(object, HandshakePair.NETWORK.bytes());
            assertThat(object.toString()).doesNotContain("[B@");
        });
        assertThat(config.toString()).contains(ALICE.peerId().toString());
    }

    private static void assertHides(Object object, byte[] secret) {
        assertThat(object.toString())
                .doesNotContainIgnoringCase(HexFormat.of().formatHex(secret, 0, 4))
                .doesNotContain(Base64.getUrlEncoder().encodeToString(secret).substring(0, 8))
                .doesNotContain(Base64.getEncoder().encodeToString(secret).substring(0, 8));
    }

    private static byte[] transcript(HandshakePair pair) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int turn = 0; turn < 2; turn++) {
            byte[] out = drain(pair.initiator);
            HandshakePair.feed(pair.responder, out);
            byte[] back = drain(pair.responder);
            HandshakePair.feed(pair.initiator, back);
            all.writeBytes(out);
            all.writeBytes(back);
        }
        all.writeBytes(sealed(established(pair.initiator).sending(), new byte[100]));
        all.writeBytes(sealed(established(pair.responder).sending(), new byte[100]));
        return all.toByteArray();
    }

    private static void feedInCuts(StreamHandshake side, byte[] bytes, Random random) {
        int position = 0;
        while (position < bytes.length) {
            int length = Math.min(bytes.length - position, random.nextInt(1 + random.nextInt(60)));
            side.receive(ByteBuffer.wrap(bytes, position, length));
            position += length;
        }
    }

    private static byte[] sealed(RecordCipher cipher, byte[] text) {
        byte[] out = new byte[text.length + RecordCipher.OVERHEAD];
        assertThat(cipher.sealNext(text, 0, text.length, out, 0)).isEqualTo(out.length);
        return out;
    }

    private static byte[] opened(RecordCipher cipher, byte[] record) {
        byte[] out = new byte[record.length - RecordCipher.OVERHEAD];
        assertThat(cipher.openNext(record, 0, record.length, out, 0)).isEqualTo(out.length);
        return out;
    }
}
