package io.weir.core.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts the byte stream of a TCP link into units with a length in front: handshake messages, then records (PROTOCOL
 * section 1). Memory grows with the bytes that have arrived, never with the length that was announced, so that a peer
 * which announces a record and falls silent holds next to nothing. Not thread safe; confined to the link's loop.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         length u16            |  ciphertext ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  ... its last 16 bytes are the authentication tag             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class RecordFraming {

    /** What {@link #cut} found. */
    public enum Cut {
        /** A unit: {@link #length()} bytes from {@link #offset()} in {@link #array()}, until the next call. */
        UNIT,
        /** The chunk is used up and the unit not complete. */
        MORE,
        /** A length that is not allowed; nothing more is read from this stream. */
        MALFORMED
    }

    /** Bytes of the length field. */
    public static final int HEADER_BYTES = 2;

    /** Bytes of the authentication tag at the end of a record. */
    public static final int TAG_BYTES = 16;

    /** The shortest record: one byte of plaintext. */
    public static final int MIN_RECORD = TAG_BYTES + 1;

    /** The longest record. */
    public static final int MAX_RECORD = 65_535;

    /** The longest handshake message. */
    public static final int MAX_HANDSHAKE = 1_200;

    private static final int INITIAL_CAPACITY = 512;
    private static final byte[] EMPTY = new byte[0];

    private final int minLength;
    private final int maxLength;

    private byte[] gathered = EMPTY;
    private int have;
    private int headerHave;
    private int need;
    private boolean malformed;

    private byte[] unitArray = EMPTY;
    private int unitOffset;
    private int unitLength;

    private RecordFraming(int minLength, int maxLength) {
        this.minLength = minLength;
        this.maxLength = maxLength;
    }

    /** For records: 17 to 65,535 bytes of ciphertext. */
    public static RecordFraming records() {
        return new RecordFraming(MIN_RECORD, MAX_RECORD);
    }

    /** For handshake messages: 1 to 1,200 bytes. */
    public static RecordFraming handshake() {
        return new RecordFraming(1, MAX_HANDSHAKE);
    }

    /**
     * Writes the length field of a unit.
     *
     * @param length bytes behind the field, 1 to 65,535
     * @return the position behind the field
     * @throws IllegalArgumentException if the length is out of range
     */
    public static int writeHeader(byte[] array, int pos, int length) {
        if (length < 1 || length > MAX_RECORD) {
            throw new IllegalArgumentException("record length is " + length + ", must be 1 to " + MAX_RECORD);
        }
        return FixedInt.write(array, pos, HEADER_BYTES, length);
    }

    /**
     * Takes bytes from the chunk, up to the end of the unit under way; call again until it says {@link Cut#MORE}. A unit
     * that lies whole in a writable heap chunk is not copied.
     *
     * @param chunk bytes as they arrived, in any cut; its position moves on
     */
    public Cut cut(ByteBuffer chunk) {
        if (need == 0 && !readHeader(chunk)) {
            unitArray = EMPTY; // a silent peer's last one is not kept
            return malformed ? Cut.MALFORMED : Cut.MORE;
        }
        if (have == 0 && chunk.hasArray() && chunk.remaining() >= need) {
            unit(chunk.array(), chunk.arrayOffset() + chunk.position());
            chunk.position(chunk.position() + unitLength);
            return Cut.UNIT;
        }
        int taken = Math.min(need - have, chunk.remaining());
        ensureCapacity(have + taken);
        chunk.get(gathered, have, taken);
        have += taken;
        if (have < need) {
            return Cut.MORE;
        }
        unit(gathered, 0);
        return Cut.UNIT;
    }

    /** The array in which the unit lies, after {@link Cut#UNIT}: the chunk's own, or one that is overwritten later. */
    public byte[] array() {
        return unitArray;
    }

    /** Where the unit begins, behind its length field. */
    public int offset() {
        return unitOffset;
    }

    /** Bytes of the unit. */
    public int length() {
        return unitLength;
    }

    /** Whether the stream has been cut exactly between two units: a FIN here loses no bytes. */
    public boolean atBoundary() {
        return need == 0 && headerHave == 0;
    }

    /** Gives up the memory in which units are put together, unless one is under way; the last unit is no longer valid. */
    public void trim() {
        if (have == 0) {
            gathered = EMPTY;
            unitArray = EMPTY;
        }
    }

    /** Bytes of heap that this holds between calls. */
    public int heldBytes() {
        return gathered.length;
    }

    private boolean readHeader(ByteBuffer chunk) {
        while (headerHave < HEADER_BYTES) {
            if (malformed || !chunk.hasRemaining()) {
                return false;
            }
            unitLength = (headerHave == 0 ? 0 : unitLength << 8) | chunk.get() & 0xFF;
            headerHave++;
        }
        if (unitLength < minLength || unitLength > maxLength) {
            malformed = true;
            headerHave = 0;
            return false;
        }
        need = unitLength;
        return true;
    }

    private void unit(byte[] array, int offset) {
        unitArray = array;
        unitOffset = offset;
        unitLength = need;
        have = 0;
        need = 0;
        headerHave = 0;
    }

    private void ensureCapacity(int wanted) {
        if (wanted > gathered.length) {
            int doubled = Math.max(INITIAL_CAPACITY, 2 * gathered.length);
            gathered = Arrays.copyOf(gathered, Math.min(maxLength, Math.max(wanted, doubled)));
        }
    }
}
