package io.weir.reactive.codec;

import io.weir.core.error.CodecException;
import io.weir.reactive.fault.Fault;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Calls a codec and holds it to its contract: whatever it throws, and null or a size that cannot be, is a
 * {@link CodecException}. Only a fatal error goes through ({@link Fault}).
 */
public final class CodecContract {

    private CodecContract() {}

    /**
     * {@link Codec#sizeOf}: 0 or more, or -1.
     *
     * @throws CodecException if the codec fails, or gives less than -1
     */
    public static <T> int sizeOf(Codec<T> codec, T value) {
        try {
            int size = codec.sizeOf(value);
            if (size < -1) {
                throw new IllegalStateException("sizeOf gave " + size + ", must be 0 or more, or -1 for unknown");
            }
            return size;
        } catch (Throwable e) {
            throw encodeFailed(e);
        }
    }

    /**
     * {@link Codec#encode}.
     *
     * @throws CodecException if the codec fails, or returns null
     */
    public static <T> ByteBuffer encode(Codec<T> codec, T value) {
        try {
            return Objects.requireNonNull(codec.encode(value), "encode returned null, must be a buffer");
        } catch (Throwable e) {
            throw encodeFailed(e);
        }
    }

    /**
     * {@link Codec#decode}.
     *
     * @throws CodecException if the codec fails, or returns null
     */
    public static <T> T decode(Codec<T> codec, ByteBuffer payload) {
        try {
            return Objects.requireNonNull(codec.decode(payload), "decode returned null, must be a value");
        } catch (Throwable e) {
            Fault.throwIfFatal(e);
            throw CodecException.decode(e);
        }
    }

    /** What to throw for what encoding threw; a fatal one is thrown on. */
    public static CodecException encodeFailed(Throwable e) {
        Fault.throwIfFatal(e);
        return CodecException.encode(e);
    }
}
