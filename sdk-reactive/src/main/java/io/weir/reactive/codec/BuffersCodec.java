package io.weir.reactive.codec;

import java.nio.ByteBuffer;

/** {@link Codec#buffers()}. */
final class BuffersCodec implements Codec<ByteBuffer> {

    static final BuffersCodec INSTANCE = new BuffersCodec();

    private BuffersCodec() {}

    @Override
    public int sizeOf(ByteBuffer value) {
        return value.remaining();
    }

    @Override
    public ByteBuffer encode(ByteBuffer value) {
        return value.asReadOnlyBuffer();
    }

    @Override
    public boolean keepsEncoded() {
        return true; // who emits a value leaves it alone
    }

    @Override
    public void encodeTo(ByteBuffer value, ByteBuffer out) {
        // The absolute form moves neither position, so the caller's buffer needs no duplicate.
        int length = value.remaining();
        out.put(out.position(), value, value.position(), length);
        out.position(out.position() + length);
    }

    @Override
    public ByteBuffer decode(ByteBuffer payload) {
        if (!payload.isReadOnly()) {
            return payload.slice().asReadOnlyBuffer();
        }
        boolean whole = payload.position() == 0 && payload.limit() == payload.capacity();
        return whole ? payload : payload.slice();
    }
}
