package io.weir.benchmarks.peer.datagram;

import java.nio.ByteBuffer;

/** Finds the elements in datagrams that come in order, with gaps: one of which a part is missing is left out. One thread. */
final class ElementCut {
    private static final int FIRST_ELEMENT_AT = Long.BYTES;

    /** Hears of each element that has come whole. */
    interface Taker {
        void take(int length, byte first, byte last);
    }

    private final Taker taker;
    private boolean within;
    private int length;
    private int left;
    private byte first;

    ElementCut(Taker taker) {
        this.taker = taker;
    }

    static long number(byte[] datagram) {
        return ByteBuffer.wrap(datagram).getLong(0);
    }

    static int firstElement(byte[] datagram) {
        return ByteBuffer.wrap(datagram).getShort(FIRST_ELEMENT_AT) & 0xFFFF;
    }

    /**
     * Takes what was in a datagram.
     *
     * @param follows whether nothing is missing before it
     * @param firstElement where the first element in it begins
     */
    void take(boolean follows, int firstElement, byte[] plain, int bytes) {
        within &= follows;
        int at = within ? 0 : Math.min(firstElement, bytes);
        while (at < bytes) {
            if (within) {
                at = goOn(plain, at, bytes);
            } else if (bytes - at < RawDatagramPeer.LENGTH_BYTES) {
                at = bytes;
            } else {
                length = ByteBuffer.wrap(plain).getInt(at);
                left = length;
                within = true;
                at += RawDatagramPeer.LENGTH_BYTES;
            }
        }
    }

    private int goOn(byte[] plain, int at, int bytes) {
        int part = Math.min(left, bytes - at);
        if (left == length && part > 0) {
            first = plain[at];
        }
        left -= part;
        if (left == 0) {
            within = false;
            taker.take(length, first, plain[at + part - 1]);
        }
        return at + part;
    }
}
