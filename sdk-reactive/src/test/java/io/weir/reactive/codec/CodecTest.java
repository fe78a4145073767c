package io.weir.reactive.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {

    // ---- buffers

    @Test
    void buffersEncodeFromPositionToLimitAndLeaveThePositionAlone() {
        ByteBuffer value =
                ByteBuffer.wrap(new byte[] {0, 1, 2, 3, 4, 5}).position(2).limit(5);

        ByteBuffer encoded = Codec.buffers().encode(value);
        ByteBuffer out = ByteBuffer.allocate(Codec.buffers().sizeOf(value));
        Codec.buffers().encodeTo(value, out);

        assertThat(bytesOf(encoded)).containsExactly(2, 3, 4);
        assertThat(out.array()).containsExactly(2, 3, 4);
        assertThat(out.hasRemaining()).isFalse();
        assertThat(value.position()).isEqualTo(2);
        assertThat(value.limit()).isEqualTo(5);
    }

    @Test
    void buffersReadingTheEncodedFormDoesNotMoveTheCallersPosition() {
        ByteBuffer value = ByteBuffer.wrap(new byte[] {1, 2, 3});

        Codec.buffers().encode(value).get(new byte[3]);

        assertThat(value.position()).isZero();
    }

    @Test
    void buffersEncodeDirectAndReadOnlyValues() {
        ByteBuffer direct =
                ByteBuffer.allocateDirect(4).put(new byte[] {9, 8, 7, 6}).flip();
        ByteBuffer readOnly = ByteBuffer.wrap(new byte[] {9, 8, 7, 6}).asReadOnlyBuffer();
        ByteBuffer out = ByteBuffer.allocate(10).position(1).limit(9);

        Codec.buffers().encodeTo(direct, out);
        Codec.buffers().encodeTo(readOnly, out);

        assertThat(out.array()).containsExactly(0, 9, 8, 7, 6, 9, 8, 7, 6, 0);
        assertThat(direct.remaining()).isEqualTo(4);
    }

    @Test
    void buffersDecodeToAReadOnlyViewOfTheSameBytes() {
        byte[] record = {0, 1, 2, 3, 4};
        ByteBuffer payload = ByteBuffer.wrap(record).position(1).limit(4);

        ByteBuffer value = Codec.buffers().decode(payload);
        record[2] = 42;

        assertThat(value.position()).isZero();
        assertThat(bytesOf(value)).containsExactly(1, 42, 3);
        assertThat(value.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThatThrownBy(() -> value.put(0, (byte) 0)).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void buffersDecodeHandsOutNothingBesideThePayload() {
        ByteBuffer payload = ByteBuffer.wrap(new byte[] {0, 1, 2, 3, 4})
                .asReadOnlyBuffer()
                .position(1)
                .limit(3);

        ByteBuffer value = Codec.buffers().decode(payload);

        assertThat(value.capacity()).isEqualTo(2);
        assertThat(payload.position()).isEqualTo(1);
    }

    // ---- bytes

    @Test
    void bytesSurviveTheRoundTrip() {
        byte[] value = {1, -2, 3};
        ByteBuffer out = ByteBuffer.allocate(Codec.bytes().sizeOf(value));

        Codec.bytes().encodeTo(value, out);

        assertThat(out.array()).isEqualTo(value);
        assertThat(Codec.bytes().decode(Codec.bytes().encode(value))).isEqualTo(value);
    }

    @Test
    void bytesDecodeIntoAnArrayOfTheirOwn() {
        byte[] record = {0, 1, 2, 3};
        ByteBuffer payload = ByteBuffer.wrap(record).position(1).limit(3).asReadOnlyBuffer();

        byte[] value = Codec.bytes().decode(payload);
        record[1] = 42;

        assertThat(value).containsExactly(1, 2);
        assertThat(payload.remaining()).isEqualTo(2);
    }

    // ---- utf8

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "\u007f\u0080\u07ff\u0800\ud7ff\ue000\ufffd\uffff", "grün", "Ω≈ç√", "😀 mixed 😀", "\0"
            })
    void utf8AgreesWithTheJdkOnWellFormedText(String text) {
        byte[] expected = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(Codec.utf8().sizeOf(text));

        Codec.utf8().encodeTo(text, out);

        assertThat(out.array()).isEqualTo(expected);
        assertThat(bytesOf(Codec.utf8().encode(text))).isEqualTo(expected);
        assertThat(Codec.utf8().decode(ByteBuffer.wrap(expected).asReadOnlyBuffer()))
                .isEqualTo(text);
    }

    @Test
    void utf8AgreesWithTheJdkOnRandomText() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            int[] points = random.ints(random.nextInt(40), 0, Character.MAX_CODE_POINT + 1)
                    .map(point -> random.nextInt(3) == 0 ? point & 0x7F : point)
                    .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                    .toArray();
            String text = new String(points, 0, points.length);

            assertThat(bytesOf(Codec.utf8().encode(text)))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00", "\ud800x", "\udc00\ud800", "end\udbff"})
    void utf8RefusesToEncodeUnpairedSurrogates(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Codec.utf8().encode(text))
                .withMessageContaining("unpaired surrogate at index");
    }

    static byte[][] malformed() {
        return new byte[][] {
            {(byte) 0x80},
            {'o', 'k', (byte) 0xC3},
            {(byte) 0xC0, (byte) 0x80},
            {(byte) 0xE0, (byte) 0x80, (byte) 0x80},
            {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
            {(byte) 0xFF},
        };
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void utf8RefusesToDecodeMalformedInput(byte[] payload) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Codec.utf8().decode(ByteBuffer.wrap(payload)))
                .withMessageContaining("not UTF-8");
    }

    @Test
    void utf8SaysWhereTheInputIsMalformed() {
        byte[] payload = "x".repeat(5_000).getBytes(StandardCharsets.UTF_8);
        payload[4_321] = (byte) 0xFF;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Codec.utf8().decode(ByteBuffer.wrap(payload)))
                .withMessage("payload is not UTF-8: malformed at byte 4321");
    }

    @Test
    void utf8TakesAReplacementCharacterThatWasSent() {
        String text = "sent on purpose: \ufffd" + "é".repeat(3_000);

        assertThat(Codec.utf8().decode(Codec.utf8().encode(text))).isEqualTo(text);
    }

    // ---- of

    @Test
    void ofTakesTwoFunctions() {
        Codec<Integer> codec = Codec.of(
                value -> ByteBuffer.allocate(4).putInt(0, value), payload -> payload.getInt(payload.position()));
        ByteBuffer out = ByteBuffer.allocate(4);

        codec.encodeTo(77, out);

        assertThat(codec.sizeOf(77)).isEqualTo(-1);
        assertThat(codec.decode(codec.encode(77))).isEqualTo(77);
        assertThat(out.flip().getInt()).isEqualTo(77);
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
