package io.weir.core.message;

import io.weir.core.wire.Headers;

/**
 * A one-way message of the peer. Whoever takes it says {@link #taken} when it is done with it, at once or later: until
 * then its credit is not given back. Confined to the session's loop.
 */
public final class IncomingMessage {

    private final OneWayBook book;
    private final long id;
    private final String name;
    private final Headers headers;
    private byte[] array;
    private int offset;
    private int length;
    private long cost;

    IncomingMessage(
            OneWayBook book, long id, long cost, String name, Headers headers, byte[] array, int offset, int length) {
        this.book = book;
        this.id = id;
        this.cost = cost;
        this.name = name;
        this.headers = headers;
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** The peer's number for it, 1 or more. */
    public long id() {
        return id;
    }

    /** What it is for. */
    public String name() {
        return name;
    }

    /** What the peer says about it. */
    public Headers headers() {
        return headers;
    }

    /**
     * Holds the payload and is never written again; it may be that of a whole record, which whoever keeps it pins. Empty
     * once {@link MessageHost#onOneWay} has returned.
     */
    public byte[] array() {
        return array;
    }

    /** Where the payload begins in the array. */
    public int offset() {
        return offset;
    }

    /** Bytes of payload, 0 or more; 0 once {@link MessageHost#onOneWay} has returned. */
    public int length() {
        return length;
    }

    /** Credit that it holds, in bytes; 0 once it is {@link #taken}. */
    public long cost() {
        return cost;
    }

    /** Gives the credit back. Only the first call counts. */
    public void taken() {
        long given = cost;
        cost = 0;
        if (given > 0) {
            book.onTaken(given);
        }
    }

    /** Lets the payload go: what waits to be taken pins no record. */
    void delivered() {
        array = Outgoing.NO_BYTES;
        offset = 0;
        length = 0;
    }

    @Override
    public String toString() {
        return "one-way " + id + " " + name;
    }
}
