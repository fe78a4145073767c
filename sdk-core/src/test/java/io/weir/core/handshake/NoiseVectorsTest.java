package io.weir.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.crypto.CipherProvider;
import io.weir.core.crypto.CipherProviders;
import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.GivenBytes;
import io.weir.core.crypto.RecordCipher;
import io.weir.core.crypto.X25519KeyPair;
import io.weir.core.handshake.NoiseVectors.Message;
import io.weir.core.handshake.NoiseVectors.Vector;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class NoiseVectorsTest {
    static Stream<Vector> vectors() {
        return NoiseVectors.load().stream();
    }

    @Test
    void coversBothPatternsWithBothCiphers() {
        assertThat(NoiseVectors.load().stream().map(Vector::protocol))
                .containsExactlyInAnyOrder(
                        "Noise_XX_25519_AESGCM_SHA256",
                        "Noise_XX_25519_ChaChaPoly_SHA256",
                        "Noise_XXpsk3_25519_AESGCM_SHA256",
                        "Noise_XXpsk3_25519_ChaChaPoly_SHA256");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void writesAndReadsPublishedMessages(Vector vector) {
        HandshakeState initiator = side(vector, true);
        HandshakeState responder = side(vector, false);
        List<Message> messages = vector.messages();

        for (int i = 0; i < 3; i++) {
            HandshakeState writer = i % 2 == 0 ? initiator : responder;
            HandshakeState reader = i % 2 == 0 ? responder : initiator;
            Message message = messages.get(i);
            byte[] written = Objects.requireNonNull(writer.writeMessage(h -> message.payload()));
            assertThat(written).as("message %d", i + 1).isEqualTo(message.ciphertext());
            assertThat(reader.readMessage(written)).isEqualTo(message.payload());
            assertThat(reader.payloadHash()).isEqualTo(writer.payloadHash());
        }

        assertThat(initiator.isFinished()).isTrue();
        assertThat(initiator.handshakeHash()).isEqualTo(vector.bytes("handshake_hash"));
        assertThat(responder.handshakeHash()).isEqualTo(vector.bytes("handshake_hash"));
    }

    static Stream<Arguments> vectorsWithProviders() {
        return vectors().flatMap(vector -> CipherProviders.present().stream().map(p -> Arguments.of(vector, p)));
    }

    @ParameterizedTest
    @MethodSource("vectorsWithProviders")
    void sealsAndOpensPublishedTransportMessages(Vector vector, CipherProvider provider) {
        HandshakeState initiator = side(vector, true);
        HandshakeState responder = side(vector, false);
        List<Message> messages = vector.messages();
        for (int i = 0; i < 3; i++) {
            byte[] payload = messages.get(i).payload();
            byte[] written = Objects.requireNonNull((i % 2 == 0 ? initiator : responder).writeMessage(h -> payload));
            (i % 2 == 0 ? responder : initiator).readMessage(written);
        }
        CipherSuite suite = protocol(vector).suite();
        byte[][] own = initiator.split();
        byte[][] other = responder.split();
        RecordCipher[] sealing = {
            RecordCipher.sealing(suite, provider, own[0]), RecordCipher.sealing(suite, provider, other[1]),
        };
        RecordCipher[] opening = {
            RecordCipher.opening(suite, provider, other[0]), RecordCipher.opening(suite, provider, own[1]),
        };

        for (int i = 3; i < messages.size(); i++) {
            byte[] payload = messages.get(i).payload();
            byte[] sealed = new byte[payload.length + RecordCipher.OVERHEAD];
            byte[] opened = new byte[payload.length];
            assertThat(sealing[i % 2].sealNext(payload, 0, payload.length, sealed, 0))
                    .isEqualTo(sealed.length);
            assertThat(sealed).as("message %d", i + 1).isEqualTo(messages.get(i).ciphertext());
            assertThat(opening[i % 2].openNext(sealed, 0, sealed.length, opened, 0))
                    .isEqualTo(payload.length);
            assertThat(opened).isEqualTo(payload);
        }
    }

    private static NoiseProtocol protocol(Vector vector) {
        return Stream.of(HandshakePattern.values())
                .flatMap(pattern -> Stream.of(CipherSuite.values()).map(suite -> new NoiseProtocol(pattern, suite)))
                .filter(protocol -> protocol.protocolName().equals(vector.protocol()))
                .findFirst()
                .orElseThrow();
    }

    private static HandshakeState side(Vector vector, boolean initiator) {
        String prefix = initiator ? "init_" : "resp_";
        return new HandshakeState(
                protocol(vector),
                initiator,
                vector.bytes(prefix + "prologue"),
                X25519KeyPair.generate(GivenBytes.of(vector.bytes(prefix + "static"))),
                GivenBytes.of(vector.bytes(prefix + "ephemeral")),
                vector.psk(prefix + "psks"));
    }
}
