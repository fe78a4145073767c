package io.weir.reactive.codec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * {@link Codec#utf8()}. Strict both ways: the JDK's own conversions would put replacement characters where the input is
 * malformed, and nobody would notice.
 */
final class Utf8Codec implements Codec<String> {

    static final Utf8Codec INSTANCE = new Utf8Codec();

    private static final char REPLACEMENT = '\uFFFD';

    private Utf8Codec() {}

    @Override
    public int sizeOf(String value) {
        int length = value.length();
        long size = length;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c < 0x80) {
                continue;
            }
            if (c < 0x800) {
                size++;
            } else if (Character.isSurrogate(c)) {
                requirePair(value, i);
                // Two characters, already counted as one byte each, make four bytes.
                size += 2;
                i++;
            } else {
                size += 2;
            }
        }
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("text takes " + size + " bytes, must be at most " + Integer.MAX_VALUE);
        }
        return (int) size;
    }

    @Override
    public ByteBuffer encode(String value) {
        ByteBuffer out = ByteBuffer.allocate(sizeOf(value));
        encodeTo(value, out);
        return out.flip();
    }

    @Override
    public boolean keepsEncoded() {
        return true;
    }

    @Override
    public void encodeTo(String value, ByteBuffer out) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c < 0x80) {
                out.put((byte) c);
            } else if (c < 0x800) {
                out.put((byte) (0xC0 | c >> 6)).put((byte) (0x80 | c & 0x3F));
            } else if (Character.isSurrogate(c)) {
                requirePair(value, i);
                int point = Character.toCodePoint(c, value.charAt(++i));
                out.put((byte) (0xF0 | point >> 18))
                        .put((byte) (0x80 | point >> 12 & 0x3F))
                        .put((byte) (0x80 | point >> 6 & 0x3F))
                        .put((byte) (0x80 | point & 0x3F));
            } else {
                out.put((byte) (0xE0 | c >> 12))
                        .put((byte) (0x80 | c >> 6 & 0x3F))
                        .put((byte) (0x80 | c & 0x3F));
            }
        }
    }

    @Override
    public boolean keepsPayload() {
        return false;
    }

    @Override
    public String decode(ByteBuffer payload) {
        byte[] bytes = BytesCodec.copy(payload);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            // Either someone sent this character, or the JDK put it where the bytes were malformed.
            requireWellFormed(bytes);
        }
        return text;
    }

    private static void requirePair(String value, int index) {
        boolean pair = Character.isHighSurrogate(value.charAt(index))
                && index + 1 < value.length()
                && Character.isLowSurrogate(value.charAt(index + 1));
        if (!pair) {
            throw new IllegalArgumentException("text has an unpaired surrogate at index " + index);
        }
    }

    private static void requireWellFormed(byte[] bytes) {
        CharsetDecoder strict = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer scratch = CharBuffer.allocate(Math.min(bytes.length, 1_024) + 1);
        CoderResult result = strict.decode(in, scratch, true);
        while (result.isOverflow()) {
            scratch.clear();
            result = strict.decode(in, scratch, true);
        }
        if (result.isError()) {
            throw new IllegalArgumentException("payload is not UTF-8: malformed at byte " + in.position());
        }
    }
}
