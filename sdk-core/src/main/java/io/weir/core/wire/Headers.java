package io.weir.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Named values that accompany an OPEN or a MESSAGE: immutable, in order, each name once. At most 64 entries and 4 KiB in
 * all, as encoded; a name is 1 to 255 bytes of UTF-8 (PROTOCOL section 3). Values never appear in {@code toString}.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     n (v)     | name length(v)|            name ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |        value length (v)       |            value ...            n times
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class Headers {

    /** Most entries. */
    public static final int MAX_ENTRIES = 64;

    /** Most bytes, encoded, the count included. */
    public static final int MAX_ENCODED_BYTES = 4096;

    private static final Headers EMPTY = new Headers(Collections.emptyMap());

    private final Map<String, Bytes> entries;
    private final byte[] encoded;

    private Headers(Map<String, Bytes> entries) {
        this.entries = entries;
        this.encoded = encode(entries);
    }

    /** No entries. */
    public static Headers empty() {
        return EMPTY;
    }

    /**
     * These entries in the map's order; the values are copied.
     *
     * @throws IllegalArgumentException if a name or the whole is out of range
     */
    public static Headers of(Map<String, byte[]> entries) {
        Map<String, Bytes> copy = new LinkedHashMap<>();
        entries.forEach((name, value) -> copy.put(name, Bytes.copyOf(value)));
        return copy.isEmpty() ? EMPTY : new Headers(copy);
    }

    /** One entry; see {@link #with(String, String)}. */
    public static Headers of(String name, String value) {
        return EMPTY.with(name, value);
    }

    /**
     * These headers and one more; an entry of the same name is replaced.
     *
     * @throws IllegalArgumentException if the name or the whole is out of range
     */
    public Headers with(String name, byte[] value) {
        Map<String, Bytes> copy = new LinkedHashMap<>(entries);
        copy.put(name, Bytes.copyOf(value));
        return new Headers(copy);
    }

    /** As {@link #with(String, byte[])}, with the value in UTF-8. */
    public Headers with(String name, String value) {
        return with(name, value.getBytes(UTF_8));
    }

    /** Number of entries, 0 to 64. */
    public int size() {
        return entries.size();
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Names, in order; unmodifiable. */
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /** The value of that name, or null. */
    public @Nullable Bytes get(String name) {
        return entries.get(name);
    }

    /** The value of that name read as UTF-8, malformed bytes replaced; or null. */
    public @Nullable String text(String name) {
        Bytes value = entries.get(name);
        return value == null ? null : new String(value.toByteArray(), UTF_8);
    }

    /** Bytes on the wire, 1 to 4,096. */
    public int encodedLength() {
        return encoded.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Headers that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    /** Names only: values may be secrets. */
    @Override
    public String toString() {
        return entries.keySet().toString();
    }

    void writeTo(ByteSink out) {
        out.raw(encoded);
    }

    /** Copies the {@link #encodedLength} bytes into {@code target} at {@code pos}; returns the position behind them. */
    int copyTo(byte[] target, int pos) {
        System.arraycopy(encoded, 0, target, pos, encoded.length);
        return pos + encoded.length;
    }

    /** Reads headers; on a violation {@code in} is failed and the result is empty. */
    static Headers readFrom(ByteReader in) {
        int start = in.position();
        int n = (int) in.varInt("headers count", 0, MAX_ENTRIES);
        if (n <= 0) {
            return EMPTY;
        }
        Map<String, Bytes> entries = new LinkedHashMap<>();
        for (int i = 0; i < n; i++) {
            String name = in.text("header name");
            Bytes value = in.bytes("header value", MAX_ENCODED_BYTES);
            if (in.failed()) {
                return EMPTY;
            }
            if (name.isEmpty()) {
                in.fail("header name is empty");
                return EMPTY;
            }
            if (entries.put(name, value) != null) {
                in.fail("header name appears twice");
                return EMPTY;
            }
            // Longer forms of a varint count too: the limit bounds what is read, not only what is kept.
            if (in.position() - start > MAX_ENCODED_BYTES) {
                in.fail("headers are longer than " + MAX_ENCODED_BYTES + " bytes");
                return EMPTY;
            }
        }
        return new Headers(entries);
    }

    private static byte[] encode(Map<String, Bytes> entries) {
        if (entries.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    "headers are " + entries.size() + " entries, must be 0 to " + MAX_ENTRIES);
        }
        byte[] array = new byte[MAX_ENCODED_BYTES];
        ByteSink out = new ByteSink(array);
        out.reset(0, MAX_ENCODED_BYTES);
        out.varInt(entries.size());
        entries.forEach((name, value) -> {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("header name is empty, must be 1 to 255 bytes of UTF-8");
            }
            out.bytes(Text.encode("header name", name));
            out.bytes(Objects.requireNonNull(value, name));
        });
        if (out.overflowed()) {
            throw new IllegalArgumentException("headers are longer than " + MAX_ENCODED_BYTES + " bytes as encoded");
        }
        return Arrays.copyOf(array, out.position());
    }
}
