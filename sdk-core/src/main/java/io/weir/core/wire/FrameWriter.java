package io.weir.core.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames into the plaintext of one record or packet, and is reused for the next: nothing is allocated after
 * construction, except by {@link #write} and {@link #reset(long, long)}. Not thread safe; confined to the session's loop.
 *
 * <p>An element or a message is written in three steps: {@link #beginData} or {@link MessageHead} writes the header, the
 * caller puts exactly the announced number of bytes into {@link #payload()}, {@link #endData} takes it over. Until then no
 * other frame can be written.
 */
public final class FrameWriter {

    /** Plaintext at which a record on a byte-stream link is full enough to be sent. */
    public static final int RECORD_TARGET = 32 * 1024;

    /** Most plaintext of a record: 65,535 bytes less the 16 of its authentication tag. */
    public static final int RECORD_MAX = 65_519;

    private static final int WHOLE = FrameType.DATA.number() | StreamFrame.Data.FIRST | StreamFrame.Data.LAST;

    private final byte[] array;
    private final PendingPayload payload;
    private final ByteSink sink;
    private final int target;
    /** Where this record or packet is full enough; the target, or what {@link #reset(PacketLedger, int)} says. */
    private int full;
    /** Where it ends at the latest. */
    private int limit;

    /** What is written goes out as one datagram, or is lost. */
    private boolean datagram;

    private int position;
    /** Where the frames of this packet are noted; null where nothing is lost. */
    private @Nullable PacketLedger ledger;

    private final DataPlace place = new DataPlace();
    /** Up to here it has only frames that go along with what follows; and those of them that stay without it. */
    private int companions;

    private int front;

    /**
     * A writer for records that are full at {@code target} bytes and never longer than {@code max}.
     *
     * @throws IllegalArgumentException unless 1 {@code <=} target {@code <=} max {@code <=} {@link #RECORD_MAX}
     */
    public FrameWriter(int target, int max) {
        if (max < 1 || max > RECORD_MAX) {
            throw new IllegalArgumentException("max is " + max + ", must be 1 to " + RECORD_MAX);
        }
        if (target < 1 || target > max) {
            throw new IllegalArgumentException("target is " + target + ", must be 1 to " + max);
        }
        this.array = new byte[max];
        this.payload = new PendingPayload(array);
        this.sink = new ByteSink(array);
        this.target = target;
        this.full = target;
        this.limit = max;
    }

    /** Begins a new record; what was written is forgotten, an element under way too. */
    public void reset() {
        position = 0;
        payload.forget();
        ledger = null;
        datagram = false;
        full = target;
        limit = array.length;
        companions = 0;
        front = 0;
        place.forget();
    }

    /** Begins a new packet, which may be lost: its frames are noted in an empty ledger. */
    public void reset(PacketLedger notes) {
        reset();
        ledger = notes;
    }

    /**
     * Begins a new packet, which may be lost, and has at most so many bytes.
     *
     * @throws IllegalArgumentException unless {@code bytes} is 1 to what the writer was made for
     */
    public void reset(PacketLedger notes, int bytes) {
        if (bytes < 1 || bytes > array.length) {
            throw new IllegalArgumentException("bytes is " + bytes + ", must be 1 to " + array.length);
        }
        reset(notes);
        full = bytes;
        limit = bytes;
    }

    /**
     * Begins a datagram of a carrier that keeps the order of everything else, of at most so many bytes: nothing in it is noted, as
     * nothing of it comes again.
     *
     * @throws IllegalArgumentException unless {@code bytes} is 1 to what the writer was made for
     */
    public void resetDatagram(int bytes) {
        if (bytes < 1 || bytes > array.length) {
            throw new IllegalArgumentException("bytes is " + bytes + ", must be 1 to " + array.length);
        }
        reset();
        full = bytes;
        limit = bytes;
        datagram = true;
    }

    /** Whether what is written goes out as one datagram of {@link #resetDatagram}. */
    public boolean isDatagram() {
        return datagram;
    }

    /** Notes who has written the last frame; costs nothing where none can be lost. */
    public void note(FrameOwner owner, int what, long argument) {
        PacketLedger notes = ledger;
        if (notes != null) {
            notes.add(owner, what, argument);
        }
    }

    /** Whether what is written is noted, as it may be lost. */
    public boolean isNoted() {
        return ledger != null;
    }

    /** Whether this frame was written into this packet, and noted. */
    public boolean hasNoted(FrameOwner owner, int what) {
        PacketLedger notes = ledger;
        return notes != null && notes.has(owner, what);
    }

    /**
     * The next DATA, and only that, says where it belongs, as it must where it may come in any order.
     *
     * @param offset in its half, 0 or more
     * @param seq number of its element where the half is fire-and-forget; -1 where it is not
     */
    public void place(long offset, long seq) {
        place.set(offset, seq);
    }

    /** Bytes that the {@link #place} of the next DATA takes; 0 without one. */
    public int placeOverhead() {
        return place.overhead();
    }

    /**
     * What was written from this position on was written before, and is here again only to come along with what follows: a
     * packet of nothing else is not worth sending.
     */
    public void markCompanion(int from) {
        if (from == companions) {
            companions = position;
        }
    }

    /** Whether nothing was written but such companions. */
    public boolean isBare() {
        return position == companions;
    }

    /** What was written until now, and is not noted, stands in front of whatever follows, and stays without it. */
    public void markFront() {
        front = position;
        companions = position;
    }

    /** Forgets what was written into this packet behind its front, and its notes. */
    public void discard() {
        PacketLedger notes = ledger;
        position = front;
        payload.forget();
        companions = front;
        place.forget();
        if (notes != null) {
            notes.clear();
        }
    }

    /** Writes whole frames as they were written before; false if they do not fit. */
    public boolean copy(byte[] frames, int from, int length) {
        checkIdle();
        if (length > remaining()) {
            return false;
        }
        System.arraycopy(frames, from, array, position, length);
        position += length;
        return true;
    }

    /**
     * Writes any frame.
     *
     * @return false if it does not fit; then nothing was written
     */
    public boolean write(Frame frame) {
        checkIdle();
        sink.reset(position, limit);
        FrameEncoder.encode(frame, sink);
        return take();
    }

    /** Writes HEARTBEAT; false if it does not fit. */
    public boolean heartbeat() {
        checkIdle();
        if (remaining() < 1) {
            return false;
        }
        array[position++] = (byte) FrameType.HEARTBEAT.number();
        return true;
    }

    /**
     * Fills up with PADDING; nothing if so much is written already.
     *
     * @param bytes in all, at most what may be written
     */
    public void padTo(int bytes) {
        checkIdle();
        if (bytes > limit) {
            throw new IllegalArgumentException("bytes is " + bytes + ", must be at most " + limit);
        }
        if (bytes > position) {
            Arrays.fill(array, position, bytes, (byte) FrameType.PADDING.number());
            position = bytes;
        }
    }

    /** Writes PING; false if it does not fit. */
    public boolean ping(long token) {
        return token(FrameType.PING, token);
    }

    /** Writes PONG; false if it does not fit. */
    public boolean pong(long token) {
        return token(FrameType.PONG, token);
    }

    /** Writes WINDOW; false if it does not fit. */
    public boolean window(long handle, long consumed, long limit) {
        return numbers(FrameType.WINDOW, handle, consumed, limit);
    }

    /** Writes BLOCKED; false if it does not fit. */
    public boolean blocked(long handle, long limit, long sent) {
        return numbers(FrameType.BLOCKED, handle, limit, sent);
    }

    /** Writes RESET; false if it does not fit. */
    public boolean reset(long handle, long code) {
        return write(new StreamFrame.Reset(handle, code));
    }

    /** Writes STOP; false if it does not fit. */
    public boolean stop(long handle, boolean refuses, long code) {
        return numbers(FrameType.STOP, handle, refuses ? StreamFrame.Stop.REFUSES : 0, code);
    }

    /**
     * Begins a whole element on an ordered link: DATA with FIRST and LAST.
     *
     * @param handle of the sending half, 3 or more
     * @param length bytes of the element, 0 or more
     * @return false if header and element do not fit; then nothing was written
     */
    public boolean beginData(long handle, int length) {
        checkIdle();
        if (handle < Frame.FIRST_HANDLE || length < 0) {
            throw illegal(handle, length);
        }
        int at = position;
        if (length > limit - at - FrameOverhead.data(handle, length) - place.overhead()) {
            return false;
        }
        array[at] = (byte) (WHOLE | place.flags());
        at = place.write(array, VarInt.write(array, at + 1, handle));
        at = VarInt.write(array, at, length);
        begin(at, length);
        return true;
    }

    /**
     * Begins a fragment on an ordered link.
     *
     * @param handle of the sending half, 3 or more
     * @param first whether the element begins here
     * @param last whether it ends here
     * @param total bytes of the whole element, more than {@code length}; used only if first and not last
     * @param length bytes of the fragment; at least 1 unless first
     * @return false if header and fragment do not fit; then nothing was written
     */
    public boolean beginFragment(long handle, boolean first, boolean last, long total, int length) {
        checkIdle();
        boolean hasTotal = first && !last;
        if (handle < Frame.FIRST_HANDLE || length < 0) {
            throw illegal(handle, length);
        }
        String problem = StreamFrame.Data.problem(first, -1, hasTotal ? Math.max(total, 0) : -1, length);
        if (problem != null) {
            throw new IllegalArgumentException(problem + " (total " + total + ", length " + length + ")");
        }
        int at = position;
        if (length > limit - at - FrameOverhead.fragment(handle, first, last, total, length) - place.overhead()) {
            return false;
        }
        array[at] = (byte) (FrameType.DATA.number()
                | (first ? StreamFrame.Data.FIRST : 0)
                | (last ? StreamFrame.Data.LAST : 0)
                | place.flags());
        at = place.write(array, VarInt.write(array, at + 1, handle));
        if (hasTotal) {
            at = VarInt.write(array, at, total);
        }
        at = VarInt.write(array, at, length);
        begin(at, length);
        return true;
    }

    /**
     * Where the element under way goes: big-endian, from its position to its limit. The same object every time, valid
     * until {@link #endData} or {@link #cancelData}.
     *
     * @throws IllegalStateException if no element is under way
     */
    public ByteBuffer payload() {
        return payload.view();
    }

    /**
     * Takes over the element under way.
     *
     * @throws IllegalStateException if none is under way, or its payload was not filled exactly; then it stays under way
     */
    public void endData() {
        position = payload.take();
    }

    /** Forgets the element under way, if any. */
    public void cancelData() {
        payload.forget();
    }

    /** Bytes written, without the element under way. */
    public int position() {
        return position;
    }

    /** Whether nothing was written. */
    public boolean isEmpty() {
        return position == 0;
    }

    /** Whether the target is reached, or all that this packet may have. A frame may still go up to the maximum. */
    public boolean isFull() {
        return position >= full;
    }

    /** At how many bytes it {@link #isFull}. */
    public int target() {
        return full;
    }

    /** Bytes left to the maximum. */
    public int remaining() {
        return limit - position;
    }

    /** What was written, from index 0 to {@link #position()}; the same array for every record. */
    public byte[] array() {
        return array;
    }

    /** An element or message is under way, whose header was written from {@link #position()} on. */
    void begin(int payloadStart, int length) {
        payload.begin(payloadStart, length);
    }

    private boolean token(FrameType type, long token) {
        checkIdle();
        if (remaining() < 1 + Long.BYTES) {
            return false;
        }
        array[position] = (byte) type.number();
        position = FixedInt.write(array, position + 1, Long.BYTES, token);
        return true;
    }

    private boolean numbers(FrameType type, long a, long b, long c) {
        checkIdle();
        sink.reset(position, limit);
        sink.varInt(type.number());
        sink.varInt(a);
        sink.varInt(b);
        sink.varInt(c);
        return take();
    }

    private boolean take() {
        if (sink.overflowed()) {
            return false;
        }
        position = sink.position();
        return true;
    }

    /** Nothing may be under way. */
    void checkIdle() {
        payload.checkIdle();
    }

    private static IllegalArgumentException illegal(long handle, int length) {
        return new IllegalArgumentException("DATA handle is " + handle + " and length " + length + ", must be at least "
                + Frame.FIRST_HANDLE + " and 0");
    }
}
