package io.weir.reactive.codec;

import java.nio.ByteBuffer;

/** {@link Codec#bytes()}. */
final class BytesCodec implements Codec<byte[]> {

    static final BytesCodec INSTANCE = new BytesCodec();

    private BytesCodec() {}

    @Override
    public int sizeOf(byte[] value) {
        return value.length;
    }

    @Override
    public ByteBuffer encode(byte[] value) {
        return ByteBuffer.wrap(value);
    }

    @Override
    public boolean keepsEncoded() {
        return true; // who emits a value leaves it alone
    }

    @Override
    public void encodeTo(byte[] value, ByteBuffer out) {
        out.put(value);
    }

    @Override
    public boolean keepsPayload() {
        return false;
    }

    @Override
    public byte[] decode(ByteBuffer payload) {
        return copy(payload);
    }

    /** The payload's bytes; its position stays. */
    static byte[] copy(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(payload.position(), bytes);
        return bytes;
    }
}
