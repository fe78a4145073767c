package io.weir.reactive.codec;

import io.weir.core.error.CodecException;
import java.nio.ByteBuffer;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns one element of a stream into bytes and back. A stream itself is bytes; a codec belongs to one {@code send} or
 * {@code receive}, so the two directions of a stream may have different types.
 *
 * <p>Methods are called on the session's loop (or on the caller's thread for {@code trySend}), may be called from
 * several threads for different streams, and must not block. What they throw ends the half: a failed encode ends it
 * with {@code ENCODE_FAILED} behind the elements before it, a failed decode stops it with {@code DECODE_FAILED}; the
 * exception, or the error, reaches the local side as the cause of a {@link io.weir.core.error.CodecException}, its text
 * never crosses the wire. Null in place of a buffer or of a value, and a size below -1, are such failures too. An
 * {@link OutOfMemoryError} or another {@link VirtualMachineError} but {@link StackOverflowError} ends the session, and is
 * thrown on.
 *
 * <p>Two methods are enough ({@link #encode}, {@link #decode}). {@link #sizeOf} and {@link #encodeTo} spare a copy and an
 * allocation for types whose size is known before encoding.
 *
 * @param <T> the element's type
 */
public interface Codec<T> {

    /**
     * The exact number of bytes that {@link #encodeTo} will write for this value, or -1 when only encoding tells.
     */
    default int sizeOf(T value) {
        return -1;
    }

    /**
     * The value's bytes, from position to limit. The buffer is not used any more when the next value, of whatever stream, is
     * encoded on the same thread, so it may be one that is filled again each time: what has to wait is copied first, unless
     * {@link #keepsEncoded}. Its position is left alone.
     */
    ByteBuffer encode(T value);

    /**
     * Whether the content of a buffer that {@link #encode} has returned never changes, as when it is made for that value or
     * is the value itself. Then a payload that has to wait for credit is kept as it is, without a copy.
     */
    default boolean keepsEncoded() {
        return false;
    }

    /**
     * Writes exactly {@link #sizeOf} bytes. Called only when that was not negative.
     *
     * @param out a heap buffer with exactly that much room
     */
    default void encodeTo(T value, ByteBuffer out) {
        out.put(encode(value));
    }

    /**
     * The value that these bytes mean.
     *
     * @param payload read-only, from position to limit; a codec may keep it, unless {@link #keepsPayload} says that it does not
     */
    T decode(ByteBuffer payload);

    /**
     * Whether values that {@link #decode} returns, or anything else that outlives the call, may refer to the payload that they
     * were decoded from. Where not, the memory that the payload lies in is used again for the next record: a receiver then
     * allocates what its values need and no more.
     */
    default boolean keepsPayload() {
        return true;
    }

    /**
     * The value's bytes in an array of their own, by {@link #encodeTo} where the size is known.
     *
     * @throws CodecException if the codec fails
     */
    default byte[] toBytes(T value) {
        try {
            int size = CodecContract.sizeOf(this, value);
            if (size < 0) {
                return BytesCodec.copy(CodecContract.encode(this, value));
            }
            ByteBuffer out = ByteBuffer.allocate(size);
            encodeTo(value, out);
            if (out.hasRemaining()) {
                throw new IllegalStateException(out.position() + " bytes were encoded, not sizeOf = " + size);
            }
            return out.array();
        } catch (CodecException e) {
            throw e;
        } catch (Throwable e) {
            throw CodecContract.encodeFailed(e);
        }
    }

    /**
     * As {@link #decode}, with one kind of failure.
     *
     * @throws CodecException if the codec fails, or returns null
     */
    default T fromBytes(ByteBuffer payload) {
        return CodecContract.decode(this, payload);
    }

    /**
     * Buffers as they are. What comes in is a read-only view, without a copy; what goes out is taken from position to
     * limit, and the position stays.
     */
    static Codec<ByteBuffer> buffers() {
        return BuffersCodec.INSTANCE;
    }

    /** Byte arrays: sent without a copy before the record's own, received as an array of their own. */
    static Codec<byte[]> bytes() {
        return BytesCodec.INSTANCE;
    }

    /** Text. Malformed input is an error both ways: it is never replaced. */
    static Codec<String> utf8() {
        return Utf8Codec.INSTANCE;
    }

    /**
     * JSON by Jackson 3 with its defaults; {@link #json(Class, Supplier)} takes other settings. Of these defaults it is good to
     * know:
     *
     * <ul>
     *   <li>a property that is absent, or null, is an error where the record or class has a primitive ({@code int},
     *       {@code double} ...): the error names the property. Declare it {@code Integer}, {@code Optional} or {@code
     *       OptionalInt} if it may be absent. Of other types an absent property is null, or an empty {@code Optional}
     *   <li>a property that the type does not have is ignored: a peer may send more than this side knows
     *   <li>at most 500 levels of nesting, both ways; a deeper one is an error
     *   <li>{@code java.time} is written as ISO 8601 text, {@code Optional} as its value or null
     *   <li>a sealed interface, or any type with subtypes, needs Jackson's {@code @JsonTypeInfo}
     *   <li>a JSON null as the whole payload is an error, since a stream has no null elements; so is anything behind the value
     * </ul>
     *
     * @throws IllegalStateException if the optional artifact {@code tools.jackson.core:jackson-databind} is not on the
     *     class path
     */
    static <T> Codec<T> json(Class<T> type) {
        return Jackson.json(type);
    }

    /**
     * JSON for a type with type arguments: {@code Codec.json(new TypeRef<List<Quote>>() {})}.
     *
     * @throws IllegalStateException as {@link #json(Class)}
     */
    static <T> Codec<T> json(TypeRef<T> type) {
        return Jackson.json(type.type());
    }

    /**
     * JSON by a mapper of one's own: {@code Codec.json(Quote.class, () -> mapper)}. A supplier, so that this interface mentions
     * no class of Jackson where that is not on the class path, and frameworks that look at it by reflection find it whole.
     *
     * @param mapper called once, here; its mapper's settings hold
     * @throws IllegalArgumentException if it gives null
     * @throws IllegalStateException as {@link #json(Class)}
     */
    static <T> Codec<T> json(Class<T> type, Supplier<JsonMapper> mapper) {
        return Jackson.json(type, mapper);
    }

    /** The same for a type with type arguments. */
    static <T> Codec<T> json(TypeRef<T> type, Supplier<JsonMapper> mapper) {
        return Jackson.json(type.type(), mapper);
    }

    /**
     * A codec of two functions, under the terms of {@link #encode} and {@link #decode}.
     */
    static <T> Codec<T> of(
            Function<? super T, ? extends ByteBuffer> encoder, Function<? super ByteBuffer, ? extends T> decoder) {
        return new FunctionCodec<>(encoder, decoder);
    }
}
