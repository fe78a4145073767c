package io.weir.core.path;

/**
 * What was sent on a path and is neither acknowledged nor lost, and whether the window or a lack of anything to send is what
 * bounds it (RFC 9002 section 7.8).
 *
 * <p>Whenever the window holds a packet back, all packets that are then in flight fill it, so the arrival of each of them
 * proves that the path takes that much. Of packets sent later that is not known yet. Where the pacer holds a packet back, the
 * window would be full without it if enough is waiting; that is believed while at least half of it is in flight, so that who
 * sends in bursts gets no window of more than twice what is ever used.
 */
final class BytesInFlight {

    private long bytes;
    private long largestSent = -1;
    private long largestInFullWindow = -1;

    void onSent(long number, int size) {
        largestSent = number;
        bytes += size;
    }

    /** A packet was acknowledged, was lost, or is given up. */
    void onSettled(int size) {
        bytes -= size;
    }

    /** There is something to send, and it has to wait for the window or for its turn. */
    void onHeldBack(long windowBytes) {
        if (bytes >= windowBytes / 2) { // as it is when the window is full, which is of two datagrams at least
            largestInFullWindow = largestSent;
        }
    }

    /** Whether the window was not used when this packet was in flight, as far as it is known. */
    boolean appLimited(long number) {
        return number > largestInFullWindow;
    }

    /** Whether so many bytes more are within the window (RFC 9002 section 7). */
    boolean fits(int size, long windowBytes) {
        return bytes + size <= windowBytes;
    }

    long bytes() {
        return bytes;
    }
}
