package io.weir.core.path;

/**
 * Whether a path brings marks of Explicit Congestion Notification through, and with them the peer's counts (RFC 9000 section
 * 13.4.2, appendix A.4): packets that are to be marked ECT(0) are, at first ten, and further ones once that has worked.
 *
 * <pre>
 *   TESTING --ten were sent--&gt; UNKNOWN --counts that fit--&gt; CAPABLE
 *      |                          |                           |
 *      +--counts that do not fit--+-- all ten were lost ------+--&gt; FAILED
 * </pre>
 *
 * <p>What the peer counts does not fit if marks have vanished or come from nowhere: then the path, or the peer, is not to be
 * believed, and nothing it says about congestion is. Counts are of the whole session, over all its paths. Loop-confined.
 */
public final class EcnValidation {

    static final int TEST_PACKETS = 10;

    private static final long NONE = -1;

    private enum State {
        TESTING,
        UNKNOWN,
        CAPABLE,
        FAILED
    }

    private State state = State.TESTING;
    private int testPacketsLeft = TEST_PACKETS;
    private int testPacketsOut;
    private long firstNumber; // of this path
    private boolean arrived; // a marked packet of this path
    private long marked; // packets of the session
    private long newlyAcked; // of those, since the last FEEDBACK that was looked at
    private long largest = NONE;
    private long ect0;
    private long ce;

    /** For the first path of a session. */
    public EcnValidation() {}

    /** Whether the packet that goes out now is to be marked ECT(0), which then counts. */
    public boolean mark() {
        boolean marks = state == State.TESTING || state == State.CAPABLE;
        if (!marks) {
            return false;
        }
        marked++;
        if (state == State.TESTING) {
            testPacketsOut++;
            testPacketsLeft--;
            state = testPacketsLeft == 0 ? State.UNKNOWN : state;
        }
        return true;
    }

    /** A packet that was marked has arrived, for all that was known; before {@link #onFeedback}. */
    public void onAcked(long number) {
        newlyAcked++;
        arrived |= number >= firstNumber;
    }

    /** A packet that was marked is taken to be lost. */
    public void onLost(long number) {
        if (number < firstNumber) {
            return;
        }
        testPacketsOut--;
        if (state == State.UNKNOWN && testPacketsOut == 0) {
            state = State.FAILED; // something on the way drops what is marked
        }
    }

    /**
     * The peer has told what it has counted. One that is older than another that was seen says nothing.
     *
     * @param largestAcked the largest packet that it acknowledges
     * @param ect0Count packets that came marked ECT(0)
     * @param ect1Count packets that came marked ECT(1), of which none is ever sent
     * @param ceCount packets that came marked Congestion Experienced
     * @return whether the path is congested: it has marked more packets
     */
    public boolean onFeedback(long largestAcked, long ect0Count, long ect1Count, long ceCount) {
        if (state == State.FAILED || largestAcked <= largest) {
            return false;
        }
        long moreEct0 = ect0Count - ect0;
        long moreCe = ceCount - ce;
        boolean vanished = moreEct0 < 0 || moreCe < 0 || moreEct0 + moreCe < newlyAcked;
        boolean fromNowhere = ect1Count > 0 || ect0Count + ceCount > marked;
        if (vanished || fromNowhere) {
            state = State.FAILED;
            return false;
        }
        if (arrived) {
            state = State.CAPABLE;
        }
        largest = largestAcked;
        ect0 = ect0Count;
        ce = ceCount;
        newlyAcked = 0;
        return moreCe > 0;
    }

    /**
     * The peer has moved to another IP address: another path, which may treat marks otherwise.
     *
     * @param nextNumber of the packets that will be sent on it
     */
    public void onNewPath(long nextNumber) {
        if (state != State.FAILED) {
            state = State.TESTING;
            firstNumber = nextNumber;
            arrived = false;
            testPacketsLeft = TEST_PACKETS;
            testPacketsOut = 0;
        }
    }
}
