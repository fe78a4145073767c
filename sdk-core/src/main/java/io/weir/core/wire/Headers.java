package io.weir.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Named values that accompany an OPEN or a MESSAGE: immutable, in order, each name once. At most 64 entries and 4 KiB in
 * all, as encoded; a name is 1 to 255 bytes of UTF-8 (PROTOCOL section 3). Values never appear in {@code toString}.
 *
 * <p>A peer's are checked when they come, but kept as they stand on the wire until somebody looks into them: as a map they
 * would take twenty times the memory, which the credit of their message does not pay for.
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

    private final int size;
    private final byte[] encoded;

    /**
     * Made at its first use. Two threads may make it twice; they are equal, and each is safe to be seen by the other, since
     * a map of this kind has final fields only.
     */
    private @Nullable Map<String, Bytes> entries;

    private Headers(Map<String, Bytes> entries) {
        this.size = entries.size();
        this.encoded = encode(entries, MAX_ENCODED_BYTES);
        this.entries = Collections.unmodifiableMap(entries);
    }

    /** @param encoded checked, in the shortest form */
    private Headers(int size, byte[] encoded) {
        this.size = size;
        this.encoded = encoded;
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
        Map<String, Bytes> copy = new LinkedHashMap<>(entries());
        copy.put(name, Bytes.copyOf(value));
        return new Headers(copy);
    }

    /** As {@link #with(String, byte[])}, with the value in UTF-8. */
    public Headers with(String name, String value) {
        return with(name, value.getBytes(UTF_8));
    }

    /** Number of entries, 0 to 64. */
    public int size() {
        return size;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Names, in order; unmodifiable. */
    public Set<String> names() {
        return entries().keySet();
    }

    /** The value of that name, or null. */
    public @Nullable Bytes get(String name) {
        return entries().get(name);
    }

    /** The value of that name read as UTF-8, malformed bytes replaced; or null. */
    public @Nullable String text(String name) {
        Bytes value = get(name);
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
        return names().toString();
    }

    private Map<String, Bytes> entries() {
        Map<String, Bytes> made = entries;
        if (made == null) {
            made = Collections.unmodifiableMap(decode(size, encoded));
            entries = made;
        }
        return made;
    }

    void writeTo(ByteSink out) {
        out.raw(encoded);
    }

    /** Copies the {@link #encodedLength} bytes into {@code target} at {@code pos}; returns the position behind them. */
    public int copyTo(byte[] target, int pos) {
        System.arraycopy(encoded, 0, target, pos, encoded.length);
        return pos + encoded.length;
    }

    /** Headers that {@link #copyTo} has put at {@code pos} of an array, which is not kept. */
    public static Headers copied(byte[] array, int pos, int end) {
        int n = (int) VarInt.read(array, pos, end);
        if (n == 0) {
            return EMPTY;
        }
        int at = pos + VarInt.lengthFrom(array[pos]);
        for (int parts = 2 * n; parts > 0; parts--) {
            at += VarInt.lengthFrom(array[at]) + (int) VarInt.read(array, at, end);
        }
        return new Headers(n, Arrays.copyOfRange(array, pos, at));
    }

    /** Reads headers; on a violation {@code in} is failed and the result is empty. */
    static Headers readFrom(ByteReader in) {
        int start = in.position();
        int n = (int) in.varInt("headers count", 0, MAX_ENTRIES);
        if (n <= 0) {
            return EMPTY;
        }
        Set<String> names = new HashSet<>();
        int shortest = VarInt.length(n);
        for (int i = 0; i < n; i++) {
            int nameLength = in.length("header name", Text.MAX_NAME_BYTES);
            String name = in.text("header name", nameLength);
            int valueLength = in.length("header value", MAX_ENCODED_BYTES);
            in.skip(valueLength);
            if (in.failed()) {
                return EMPTY;
            }
            if (name.isEmpty()) {
                in.fail("header name is empty");
                return EMPTY;
            }
            if (!names.add(name)) {
                in.fail("header name appears twice");
                return EMPTY;
            }
            // Longer forms of a varint count too: the limit bounds what is read, not only what is kept.
            if (in.position() - start > MAX_ENCODED_BYTES) {
                in.fail("headers are longer than " + MAX_ENCODED_BYTES + " bytes");
                return EMPTY;
            }
            shortest += VarInt.length(nameLength) + nameLength + VarInt.length(valueLength) + valueLength;
        }
        byte[] read = in.since(start);
        return new Headers(n, shortest == read.length ? read : encode(decode(n, read), shortest));
    }

    /** The entries of bytes that have been checked. */
    private static Map<String, Bytes> decode(int n, byte[] encoded) {
        ByteReader in = new ByteReader().reset(encoded, 0, encoded.length);
        Map<String, Bytes> entries = new LinkedHashMap<>();
        in.varInt("headers count");
        for (int i = 0; i < n; i++) {
            String name = in.text("header name");
            entries.put(name, in.bytes("header value", MAX_ENCODED_BYTES));
        }
        return entries;
    }

    private static byte[] encode(Map<String, Bytes> entries, int mostBytes) {
        if (entries.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    "headers are " + entries.size() + " entries, must be 0 to " + MAX_ENTRIES);
        }
        byte[] array = new byte[mostBytes];
        ByteSink out = new ByteSink(array);
        out.reset(0, mostBytes);
        out.varInt(entries.size());
        entries.forEach((name, value) -> {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("header name is empty, must be 1 to 255 bytes of UTF-8");
            }
            out.bytes(Text.encode("header name", name));
            out.bytes(Objects.requireNonNull(value, name));
        });
        if (out.overflowed()) {
            throw tooLong(entries, mostBytes);
        }
        return Arrays.copyOf(array, out.position());
    }

    private static IllegalArgumentException tooLong(Map<String, Bytes> entries, int mostBytes) {
        long total = VarInt.length(entries.size());
        long most = 0;
        String longest = "";
        for (Map.Entry<String, Bytes> entry : entries.entrySet()) {
            int name = entry.getKey().getBytes(UTF_8).length;
            int value = entry.getValue().length();
            long bytes = (long) VarInt.length(name) + name + VarInt.length(value) + value;
            total += bytes;
            if (bytes > most) {
                most = bytes;
                longest = entry.getKey();
            }
        }
        return new IllegalArgumentException("headers are " + total + " bytes as encoded, must be 1 to " + mostBytes
                + "; the longest is \"" + longest + "\" with " + most);
    }
}
