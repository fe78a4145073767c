package io.weir.core.message;

import io.weir.core.list.IntrusiveList;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageHead;
import io.weir.core.wire.MessageType;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way out: its body, how much of it was written, and its place in one of a {@link SendLane}'s lists.
 * The body is the caller's own memory, kept and not changed until all of it was written, then let go.
 */
public abstract sealed class Outgoing extends IntrusiveList.Node<Outgoing>
        permits OutgoingRequest, OutgoingMessage, IncomingRequest {

    static final byte[] NO_BYTES = new byte[0];

    private byte[] array = NO_BYTES;
    /** The body where it is no array's; its indexes are those of {@link #offset}. */
    private @Nullable ByteBuffer buffer;

    private int offset;
    private int length;
    /** Of 16 bits, as on the wire; the same below. */
    private char nextPacket;

    private char numPackets = 1;
    /** Bytes of the body in each packet but the last. */
    private char fragmentBytes;

    private long cost;
    private long reserved;
    private long id;
    /** Null where packets are not lost, and before the first was written. */
    private @Nullable Delivery delivery;

    Outgoing() {}

    /** The message's id on the wire, 1 or more, shared by a request and its answer; 0 before anything was written. */
    public long id() {
        return id;
    }

    void id(long number) {
        id = number;
    }

    abstract MessageType type();

    /** In UTF-8; answers have none. */
    abstract byte[] wireName();

    abstract Headers wireHeaders();

    /** Until when its answer is waited for; {@link IncomingRequest#NO_DEADLINE} if that is not said. */
    long answerDeadlineNanos() {
        return IncomingRequest.NO_DEADLINE;
    }

    /** What packet 0, which is written now, says of the time that is left; {@link MessageFrame#NO_LIMIT} for nothing. */
    long millisLeft() {
        return MessageFrame.NO_LIMIT;
    }

    /** The first packet was written, and {@link #id} is the message's from now on. */
    abstract void onBegun();

    /** All was written, and this is in no list any more. May call out. */
    abstract void onWritten();

    final void body(byte[] bytes, int from, int count) {
        Objects.checkFromIndexSize(from, count, bytes.length);
        array = bytes;
        buffer = null;
        offset = from;
        length = count;
    }

    /** The bytes from position to limit. */
    final void body(ByteBuffer bytes) {
        if (bytes.hasArray()) {
            body(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        } else {
            buffer = bytes;
            offset = bytes.position();
            length = bytes.remaining();
        }
    }

    /** Lets the body go. */
    final void release() {
        array = NO_BYTES;
        buffer = null;
    }

    final boolean released() {
        return array == NO_BYTES && buffer == null;
    }

    final int bodyBytes() {
        return length;
    }

    /**
     * Says what the whole message costs, into how many packets it is cut, 65,535 at the most, and how much of the body is in each
     * but the last.
     */
    final void measure(long wholeCost, int packets, int fragment) {
        cost = wholeCost;
        numPackets = (char) packets;
        fragmentBytes = (char) fragment;
    }

    /** What the whole message costs in credit: 16 + name, headers and body; 0 before it was handed over. */
    public long cost() {
        return cost;
    }

    /**
     * Says that its sender has reserved so many bytes for it in the pool of its table: they are given back there once it was
     * written or forgotten, if it is taken. Before it is handed over.
     */
    public final void reserved(long bytes) {
        reserved = bytes;
    }

    /** Bytes reserved for it: those that {@link #reserved(long)} has said, or that the table has reserved when it took it. */
    public final long reserved() {
        return reserved;
    }

    final boolean isWhole() {
        return numPackets == 1;
    }

    final boolean begun() {
        return nextPacket > 0;
    }

    final boolean written() {
        return nextPacket == numPackets;
    }

    /** Bytes of the body that are in no packet yet; they are what the rest costs once packet 0 was written. */
    final int unwrittenBytes() {
        return Math.max(0, length - nextPacket * fragmentBytes);
    }

    /**
     * Writes the next packet.
     *
     * @param number the message's id
     * @return false if it does not fit; then nothing was written
     */
    final boolean writePacket(FrameWriter out, long number) {
        if (!write(out, number, nextPacket)) {
            return false;
        }
        nextPacket++;
        return true;
    }

    /** Writes a packet that was lost; as {@link #writePacket}. */
    final boolean writePacketAgain(FrameWriter out, int packet) {
        return write(out, id, packet);
    }

    /** Keeps account of the packet that was written last, which may be lost. */
    final void noteDelivery(SendLane lane, FrameWriter out) {
        Delivery notes = delivery;
        if (notes == null) {
            notes = Delivery.of(lane, this, numPackets, answerDeadlineNanos());
            delivery = notes;
        }
        notes.onWritten(out, nextPacket - 1);
    }

    final @Nullable Delivery delivery() {
        return delivery;
    }

    /** Makes the body its own: its owner may change it from now on. */
    final void copyBody() {
        byte[] own = new byte[length];
        copy(offset, length, ByteBuffer.wrap(own));
        body(own, 0, own.length);
    }

    private boolean write(FrameWriter out, long number, int packet) {
        int from = packet * fragmentBytes;
        int count = packet == numPackets - 1 ? length - from : fragmentBytes;
        boolean begun = packet == 0
                ? begin(out, number, count)
                : MessageHead.begin(out, type(), numPackets, packet, number, count);
        if (begun) {
            copy(offset + from, count, out.payload());
            out.endData();
        }
        return begun;
    }

    private boolean begin(FrameWriter out, long number, int count) {
        long millisLeft = millisLeft();
        return millisLeft == MessageFrame.NO_LIMIT
                ? MessageHead.begin(out, type(), numPackets, number, wireName(), wireHeaders(), count)
                : MessageHead.beginRequest(out, millisLeft, numPackets, number, wireName(), wireHeaders(), count);
    }

    private void copy(int from, int count, ByteBuffer to) {
        ByteBuffer source = buffer;
        if (source == null) {
            to.put(array, from, count);
        } else {
            source.get(from, to.array(), to.arrayOffset() + to.position(), count);
            to.position(to.position() + count);
        }
    }
}
