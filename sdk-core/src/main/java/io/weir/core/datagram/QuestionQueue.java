package io.weir.core.datagram;

import io.weir.core.path.PathAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Questions of the fast path that wait for the end of their turn: copies, in the order in which they came. Bounded by {@link #PLACES};
 * each place keeps its memory, at most {@link FastDatagram#MOST_QUESTION} bytes, for those to come, so that nothing is made for a
 * question. Loop-confined.
 */
public final class QuestionQueue {

    /** No more wait; further ones are dropped. */
    public static final int PLACES = 512;

    private static final int FIRST_BYTES = 64;

    private final Place[] places = new Place[PLACES];
    private int head;
    private int size;

    /** With none waiting. */
    public QuestionQueue() {}

    /** A question that waits. Valid until it is {@link #poll removed}. */
    public static final class Place {
        private byte[] bytes = new byte[0];
        private ByteBuffer view = ByteBuffer.allocate(0);
        private int length;
        private @Nullable PathAddress from;

        private Place() {}

        /** Of the whole datagram. */
        public int length() {
            return length;
        }

        /** Its command. */
        public int command() {
            return FastDatagram.command(bytes, 0);
        }

        /** Who asks, as the datagram says. */
        public PathAddress from() {
            PathAddress address = from;
            if (address == null) {
                throw new IllegalStateException("no question is here");
            }
            return address;
        }

        /** Its body, from position to limit, read-only: the same object for each question in this place. */
        public ByteBuffer body() {
            return view.limit(length).position(FastDatagram.HEADER_LENGTH);
        }

        private void fill(byte[] array, int offset, int bytesOf, PathAddress sender) {
            if (bytesOf > bytes.length) {
                int doubled = Math.max(FIRST_BYTES, Integer.highestOneBit(bytesOf - 1) << 1);
                bytes = new byte[Math.min(doubled, FastDatagram.MOST_QUESTION)];
                view = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
            }
            System.arraycopy(array, offset, bytes, 0, bytesOf);
            length = bytesOf;
            from = sender;
        }
    }

    /** How many wait. */
    public int size() {
        return size;
    }

    /** Adds a copy of a question, of {@link FastDatagram#MOST_QUESTION} bytes at the most; false if there is no place. */
    public boolean add(byte[] array, int offset, int length, PathAddress from) {
        if (size == PLACES) {
            return false;
        }
        int at = head + size & PLACES - 1;
        Place place = places[at];
        if (place == null) {
            place = new Place();
            places[at] = place;
        }
        place.fill(array, offset, length, from);
        size++;
        return true;
    }

    /** The one that came first; null if none waits. */
    public @Nullable Place peek() {
        return size == 0 ? null : places[head];
    }

    /** Removes the one that came first. */
    public void poll() {
        if (size == 0) {
            throw new IllegalStateException("nobody waits");
        }
        places[head].from = null;
        head = head + 1 & PLACES - 1;
        size--;
    }

    /** Forgets all that wait; returns how many they were. */
    public int clear() {
        int forgotten = size;
        while (size > 0) {
            poll();
        }
        return forgotten;
    }
}
