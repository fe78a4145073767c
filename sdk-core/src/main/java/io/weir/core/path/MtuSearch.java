package io.weir.core.path;

/**
 * Which size of datagrams to try next on a path (RFC 8899 section 5.3): the common ones in turn, since most paths end at one
 * of them; once one does not pass, halfway between what passes and what does not, until no more than {@value #LEAST_GAIN}
 * bytes could be won. A size is taken not to pass when {@value #MAX_PROBES} probes of it in a row are lost.
 */
final class MtuSearch {

    static final int MAX_PROBES = 3;
    static final int LEAST_GAIN = 16;

    /**
     * What fits into one packet: of Ethernet with IPv6 and with IPv4, of Ethernet with jumbo frames (9,000) with both, of a
     * loopback interface (65,536) with IPv6, and the most that UDP carries over IPv4.
     */
    private static final int[] COMMON = {1_452, 1_472, 8_952, 8_972, 65_487, 65_507};

    private final int limit;
    private int proven;
    private int refused;
    private int lost;

    /**
     * From a size that is known to pass.
     *
     * @param limit the largest size of interest
     */
    MtuSearch(int proven, int limit) {
        this.proven = proven;
        this.limit = limit;
        refused = limit + 1;
    }

    /** The size to try, or 0 if the search is over. */
    int next() {
        if (proven >= limit) {
            return 0;
        }
        if (refused <= limit) {
            return refused - proven > LEAST_GAIN ? proven + (refused - proven) / 2 : 0;
        }
        for (int size : COMMON) {
            if (size > proven && size <= limit) {
                return size;
            }
        }
        return limit;
    }

    /** A probe of this size has arrived, however late. */
    void onArrived(int size) {
        proven = Math.max(proven, size);
        if (refused <= proven) {
            refused = limit + 1; // it was lost for another reason
        }
        lost = 0;
    }

    /** The probe of {@link #next} was lost. */
    void onLost() {
        lost++;
        if (lost >= MAX_PROBES) {
            onRefused(next());
        }
    }

    /** A datagram of this size does not pass, for sure: the system has refused to send it. */
    void onRefused(int size) {
        refused = Math.min(refused, size);
        lost = 0;
    }
}
