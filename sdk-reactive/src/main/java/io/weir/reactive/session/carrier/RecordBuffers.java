package io.weir.reactive.session.carrier;

import io.weir.reactive.session.loop.Lent;
import io.weir.reactive.session.loop.Plaintexts;

/** The record buffers of a node's threads, {@link Lent} to its sessions. */
public final class RecordBuffers {

    private static final int LEAST_PLAINTEXT = 512;

    private final Lent<RecordBuffer> free = new Lent<>();
    private final Plaintexts plaintexts = new Plaintexts(LEAST_PLAINTEXT);

    /** Buffers of a node without sessions yet: none. */
    public RecordBuffers() {}

    /** One with an empty record. */
    RecordBuffer borrow() {
        RecordBuffer buffer = free.borrow();
        return buffer != null ? buffer : new RecordBuffer();
    }

    /** Nobody uses it any more. */
    void giveBack(RecordBuffer buffer) {
        buffer.record().reset();
        free.giveBack(buffer);
    }

    /** As {@link Plaintexts#borrow}. */
    byte[] borrowPlaintext(int length) {
        return plaintexts.borrow(length);
    }

    /** As {@link Plaintexts#giveBack}. */
    void giveBack(byte[] plaintext) {
        plaintexts.giveBack(plaintext);
    }

    /** A session of this thread was quiet for a while: gives up the plaintexts, which the next record makes anew. */
    void trim() {
        plaintexts.trim();
    }
}
