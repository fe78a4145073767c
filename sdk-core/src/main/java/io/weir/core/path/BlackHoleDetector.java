package io.weir.core.path;

/**
 * Notices that a path has ceased to let large datagrams through, while small ones pass (RFC 8899 section 4.3): when
 * {@value #THRESHOLD} times packets were lost of which each was larger than whatever has arrived that was sent after them.
 * Congestion loses packets of all sizes, and large ones that are sent later arrive.
 *
 * <p>Losses that one FEEDBACK makes known count once: they mostly have one reason.
 */
final class BlackHoleDetector {

    static final int THRESHOLD = 3;

    private static final long NONE = -1;

    private final int baseBytes;
    private int suspicions;
    private int leastSuspectBytes = Integer.MAX_VALUE;
    private long newestSuspect = NONE;
    private int arrivedBytes; // the largest arrived that was sent after the newest suspect
    private long arrivedNumber = NONE;
    private int leastLostBytes = Integer.MAX_VALUE; // of the FEEDBACK that is being read
    private long newestLost = NONE;

    /**
     * Without suspicion.
     *
     * @param baseBytes the size that passes on every path: packets up to it are lost for other reasons
     */
    BlackHoleDetector(int baseBytes) {
        this.baseBytes = baseBytes;
        arrivedBytes = baseBytes;
    }

    /** A packet has arrived. */
    void onAcked(long number, int bytes) {
        if (bytes < arrivedBytes || number <= newestSuspect) {
            return;
        }
        arrivedBytes = bytes;
        arrivedNumber = Math.max(arrivedNumber, number);
        if (bytes >= leastSuspectBytes) {
            suspicions = 0;
            leastSuspectBytes = Integer.MAX_VALUE;
        }
    }

    /** A packet was lost that was no probe. */
    void onLost(long number, int bytes) {
        newestLost = Math.max(newestLost, number);
        leastLostBytes = Math.min(leastLostBytes, bytes);
    }

    /** A FEEDBACK was read to its end. Returns whether the path is a black hole for what is larger than the base. */
    boolean onFeedbackEnd() {
        if (newestLost == NONE) {
            return false;
        }
        boolean smallOnesToo = leastLostBytes <= baseBytes;
        boolean laterOnesArrived = newestLost < arrivedNumber && leastLostBytes <= arrivedBytes;
        if (!smallOnesToo && !laterOnesArrived) {
            suspicions++;
            leastSuspectBytes = Math.min(leastSuspectBytes, leastLostBytes);
            newestSuspect = Math.max(newestSuspect, newestLost);
            if (newestSuspect > arrivedNumber) {
                arrivedBytes = baseBytes;
            }
        }
        newestLost = NONE;
        leastLostBytes = Integer.MAX_VALUE;
        return suspicions >= THRESHOLD;
    }
}
