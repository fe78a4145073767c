package io.weir.core.certificate;

import java.io.Serial;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Elements of DER (X.690), written and read one by one: a tag of one byte, a length in its shortest form, the content. Not thread
 * safe.
 */
final class Der {

    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int UTF8_STRING = 0x0C;
    static final int UTC_TIME = 0x17;
    static final int GENERALIZED_TIME = 0x18;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;
    static final int EXPLICIT_0 = 0xA0;

    private final byte[] array;
    private final int end;
    private int at;

    private Der(byte[] array, int from, int end) {
        this.array = array;
        this.at = from;
        this.end = end;
    }

    /** One element whose content is these parts, one behind the other. */
    static byte[] element(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        int head = length < 0x80 ? 2 : length <= 0xFF ? 3 : 4;
        byte[] out = new byte[head + length];
        out[0] = (byte) tag;
        out[1] = (byte) (head == 2 ? length : 0x80 | head - 2);
        for (int i = 2, left = head - 3; i < head; i++, left--) {
            out[i] = (byte) (length >>> (left << 3));
        }
        int to = head;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, out, to, part.length);
            to += part.length;
        }
        return out;
    }

    /** Reads the elements that follow each other in {@code der}, which is not copied. */
    static Der reading(byte[] der) {
        return new Der(der, 0, der.length);
    }

    /** Whether all was read. */
    boolean isAtEnd() {
        return at == end;
    }

    /** The tag of what comes next; -1 at the end. */
    int peek() {
        return isAtEnd() ? -1 : array[at] & 0xFF;
    }

    /** The elements inside the next one. */
    Der enter(int tag) throws MalformedException {
        int length = head(tag);
        at += length;
        return new Der(array, at - length, at);
    }

    /** The content of the next one. */
    byte[] content(int tag) throws MalformedException {
        int length = head(tag);
        at += length;
        return Arrays.copyOfRange(array, at - length, at);
    }

    /** The next one whole, tag and length included. */
    byte[] whole(int tag) throws MalformedException {
        int from = at;
        int length = head(tag);
        at += length;
        return Arrays.copyOfRange(array, from, at);
    }

    /** The bytes of the next one, a bit string without unused bits. */
    byte[] bits() throws MalformedException {
        byte[] content = content(BIT_STRING);
        if (content.length == 0 || content[0] != 0) {
            throw new MalformedException("a bit string has unused bits");
        }
        return Arrays.copyOfRange(content, 1, content.length);
    }

    /** Goes on behind the head of the next element, and returns the length of its content. */
    private int head(int tag) throws MalformedException {
        if (peek() != tag) {
            throw new MalformedException("there is " + named(peek()) + " in the place of " + named(tag));
        }
        at++;
        int length = lengthField();
        if (length > end - at) {
            throw new MalformedException(
                    named(tag) + " says that it has " + length + " bytes, of which there are " + (end - at));
        }
        return length;
    }

    private int lengthField() throws MalformedException {
        int first = next();
        if (first < 0x80) {
            return first;
        }
        int bytes = first & 0x7F;
        if (bytes != 1 && bytes != 2) {
            throw new MalformedException("a length has " + bytes + " bytes; legal: 1 and 2");
        }
        int length = 0;
        for (int i = 0; i < bytes; i++) {
            length = length << 8 | next();
        }
        if (length < 0x80 || bytes == 2 && length <= 0xFF) {
            throw new MalformedException("the length " + length + " is not in its shortest form");
        }
        return length;
    }

    private int next() throws MalformedException {
        if (isAtEnd()) {
            throw new MalformedException("it ends inside an element");
        }
        return array[at++] & 0xFF;
    }

    private static String named(int tag) {
        return tag < 0 ? "nothing" : "tag 0x" + HexFormat.of().toHexDigits((byte) tag);
    }

    /** What is read is no DER, or none of the expected form. */
    static final class MalformedException extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message, null, false, false);
        }
    }
}
