package io.weir.core.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Names as text and as bytes, each conversion made once for a name that comes again and again. Bounded: {@value #SLOTS}
 * names in each direction, of at most {@value #LONGEST} bytes; a name whose slot is taken replaces the other, so that a
 * peer with ever new names costs only the conversions. Peers that always say the same name cost no table. Not thread safe; confined to the session's loop.
 */
public final class NameCache {

    private static final int SLOTS = 64;
    private static final int LONGEST = 64;

    private byte[] lastBytes = new byte[0];
    private String lastName = "";
    private @Nullable Slots read;
    private @Nullable Slots written;

    /** One direction; made for the first name that is written, and the second that is read. */
    private static final class Slots {
        private final byte[] @Nullable [] bytes = new byte[SLOTS][];
        private final @Nullable String[] names = new String[SLOTS];
    }

    /** An empty cache. */
    public NameCache() {}

    /**
     * The same name, if it can cross the wire.
     *
     * @throws IllegalArgumentException if it is longer than 255 bytes of UTF-8 or has a lone surrogate
     */
    public static String checked(String name) {
        if (!isShortAndPlain(name)) {
            Text.encode("name", name);
        }
        return name;
    }

    /** As nearly all names are; encoding one would be dearer than the rest of a request. */
    private static boolean isShortAndPlain(String name) {
        int length = name.length();
        for (int i = 0; i < length; i++) {
            if (name.charAt(i) >= 0x80) {
                return false;
            }
        }
        return length <= Text.MAX_NAME_BYTES;
    }

    /**
     * The name's bytes, which must not be changed.
     *
     * @throws IllegalArgumentException if it is longer than 255 bytes of UTF-8 or has a lone surrogate
     */
    public byte[] encode(String name) {
        int hash = name.hashCode();
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        Slots slots = written == null ? written = new Slots() : written;
        byte[] bytes = slots.bytes[slot];
        if (bytes != null && name.equals(slots.names[slot])) {
            return bytes;
        }
        byte[] encoded = Text.encode("MESSAGE name", name);
        if (encoded.length <= LONGEST) {
            slots.names[slot] = name;
            slots.bytes[slot] = encoded;
        }
        return encoded;
    }

    /** The name that these bytes spell, or null if they are not well-formed UTF-8. */
    public @Nullable String decode(byte[] array, int offset, int length) {
        if (length == 0) {
            return "";
        }
        if (isLast(array, offset, length)) {
            return lastName;
        }
        if (length > LONGEST) {
            return Text.decode(array, offset, length);
        }
        if (lastBytes.length == 0) {
            return remember(Text.decode(array, offset, length), Arrays.copyOfRange(array, offset, offset + length));
        }
        int slot = slot(array, offset, length);
        Slots slots = read == null ? read = new Slots() : read;
        byte[] bytes = slots.bytes[slot];
        String name = slots.names[slot];
        if (bytes == null || name == null || !Arrays.equals(bytes, 0, bytes.length, array, offset, offset + length)) {
            name = Text.decode(array, offset, length);
            if (name == null) {
                return null;
            }
            bytes = Arrays.copyOfRange(array, offset, offset + length);
            slots.bytes[slot] = bytes;
            slots.names[slot] = name;
        }
        return remember(name, bytes);
    }

    private @Nullable String remember(@Nullable String name, byte[] bytes) {
        if (name != null) {
            lastBytes = bytes;
            lastName = name;
        }
        return name;
    }

    private boolean isLast(byte[] array, int offset, int length) {
        byte[] last = lastBytes;
        if (last.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (last[i] != array[offset + i]) {
                return false;
            }
        }
        return true;
    }

    private static int slot(byte[] array, int offset, int length) {
        int hash = length;
        for (int at = offset; at < offset + length; at++) {
            hash = 31 * hash + array[at];
        }
        return (hash ^ hash >>> 16) & SLOTS - 1;
    }
}
