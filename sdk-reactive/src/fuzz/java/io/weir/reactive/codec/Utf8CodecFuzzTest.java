package io.weir.reactive.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.weir.core.error.CodecException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes as a payload of text, against the JDK's strict decoder; and any characters as a text to send, lone surrogates
 * among them.
 */
class Utf8CodecFuzzTest {

    private final Codec<String> codec = Codec.utf8();

    static Stream<byte[]> seeds() {
        return Stream.of("größe \uD83D\uDE80 価格", "plain", "\uFFFD", "")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void text(byte[] input) {
        decodes(input);
        encodes(StandardCharsets.UTF_16BE.decode(ByteBuffer.wrap(input)).toString());
        char[] characters = new char[input.length / 2];
        ByteBuffer.wrap(input).asCharBuffer().get(characters);
        encodes(new String(characters));
    }

    private void decodes(byte[] input) {
        ByteBuffer amid = ByteBuffer.allocate(input.length + 8)
                .position(3)
                .put(input)
                .flip()
                .position(3);
        try {
            String strict = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(input))
                    .toString();
            assertThat(codec.fromBytes(amid.asReadOnlyBuffer())).isEqualTo(strict);
            assertThat(codec.toBytes(strict)).isEqualTo(input);
        } catch (CharacterCodingException malformed) {
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.fromBytes(amid.asReadOnlyBuffer()));
        }
    }

    private void encodes(String text) {
        if (StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            byte[] encoded = codec.toBytes(text);
            assertThat(encoded).isEqualTo(text.getBytes(StandardCharsets.UTF_8)).hasSize(codec.sizeOf(text));
        } else {
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.toBytes(text));
        }
    }
}
