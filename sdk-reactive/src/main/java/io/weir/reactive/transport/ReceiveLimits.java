package io.weir.reactive.transport;

/**
 * What one session of a node may hold at the most, for a transport that has limits of its own: these are never the tighter ones.
 *
 * @param bytes of frames that may be under way to this side at once, above 0
 * @param streams that the peer may have open at once, above 0
 */
public record ReceiveLimits(long bytes, int streams) {

    public ReceiveLimits {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes is " + bytes + "; legal: 1 and above");
        }
        if (streams < 1) {
            throw new IllegalArgumentException("streams is " + streams + "; legal: 1 and above");
        }
    }
}
