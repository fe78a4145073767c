package io.weir.core.datagram;

/**
 * What one port for datagrams, or all of a node together, have done since the beginning, in datagrams. What came in and was of no use
 * is in {@link DropCounts}.
 *
 * @param sent given to the system, which may lose them yet
 * @param received taken from the system, whatever they were
 * @param dropped not given to the system, because too much waited for it already
 * @param refused not taken by the system for their size, as where a path is probed for larger ones
 * @param failed not taken by the system for other reasons, such as no route or a firewall
 * @param unanswerable come from port 0, to which nothing can be sent; not received
 */
public record DatagramCounts(long sent, long received, long dropped, long refused, long failed, long unanswerable) {

    /** Of a port that has done nothing, and of a node without one. */
    public static final DatagramCounts NONE = new DatagramCounts(0, 0, 0, 0, 0, 0);

    /** The sums of both. */
    public DatagramCounts plus(DatagramCounts other) {
        return new DatagramCounts(
                sent + other.sent,
                received + other.received,
                dropped + other.dropped,
                refused + other.refused,
                failed + other.failed,
                unanswerable + other.unanswerable);
    }
}
