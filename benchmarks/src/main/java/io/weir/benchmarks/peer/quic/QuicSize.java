package io.weir.benchmarks.peer.quic;

/**
 * How QUIC sends its datagrams.
 *
 * @param datagramBytes the largest UDP payload, 1,200 and more
 * @param segments datagrams given to the system in one piece at most, to be cut apart by it; 1: each by itself
 */
record QuicSize(int datagramBytes, int segments) {
    private static final int LEAST_DATAGRAM_BYTES = 1_200;
    private static final int MOST_SEND_BYTES = 65_507;

    QuicSize {
        if (datagramBytes < LEAST_DATAGRAM_BYTES) {
            throw new IllegalArgumentException(
                    "datagramBytes = " + datagramBytes + ", legal: " + LEAST_DATAGRAM_BYTES + " and above");
        }
        if (segments < 1 || datagramBytes * segments > MOST_SEND_BYTES) {
            throw new IllegalArgumentException("segments = " + segments + " of " + datagramBytes
                    + " bytes, legal: 1 and above, of " + MOST_SEND_BYTES + " bytes in all");
        }
    }

    /** For a peer's description. */
    String words() {
        return "datagrams of up to " + datagramBytes + " B, "
                + (segments == 1 ? "each sent by itself" : segments + " in a send by segmentation offload");
    }
}
