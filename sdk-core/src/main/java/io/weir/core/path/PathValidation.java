package io.weir.core.path;

import io.weir.core.crypto.RandomBytes;
import org.jspecify.annotations.Nullable;

/**
 * Where the peer of a session is, and whether it really is at another address that its packets suddenly come from (PROTOCOL
 * section 4, "Datagrams"; RFC 9000 sections 8.2 and 9).
 *
 * <pre>
 *           the highest-numbered packet so far comes from a new address
 *   PROVEN ------------------------------------------------------------&gt; CHALLENGED
 *     ^  ^                                                                 |   |
 *     |  +-- it comes from the proven address again, or 3 time-outs passed-+   |
 *     +------ a PONG from there answers one of its PINGs: the peer has moved --+
 * </pre>
 *
 * <p>Data goes to the proven address all the time. To the other one goes a PING now and again, each with a token of its own,
 * and never more than three times what came from there: whoever sends a copy of a packet from another's address gains
 * nothing by it. One address is challenged at a time, the newest. Loop-confined; times are monotonic nanoseconds.
 */
public final class PathValidation {

    static final int MOST_CHALLENGES = 3;

    private final RandomBytes random;
    private PathAddress proven;
    private long highest = -1;
    private @Nullable Candidate candidate;
    private long unproven;

    private static final class Candidate {
        private final PathAddress address;
        private final AntiAmplification limit = new AntiAmplification();
        private final long[] tokens = new long[MOST_CHALLENGES];
        private final long timeoutNanos;
        private int challenges;
        private long nextNanos;

        Candidate(PathAddress address, long timeoutNanos, long nowNanos) {
            this.address = address;
            this.timeoutNanos = timeoutNanos;
            nextNanos = nowNanos;
        }
    }

    /**
     * At an address that the handshake has proved.
     *
     * @param random tokens are drawn from it, which nobody may guess
     */
    public PathValidation(PathAddress proven, RandomBytes random) {
        this.proven = proven;
        this.random = random;
    }

    /**
     * An authentic packet has come. What was not opened yet must not be told: anybody can send it.
     *
     * @param probeTimeoutNanos the session's probe time-out now, which a new path's is no shorter than
     */
    public void onPacket(PathAddress from, long number, int bytes, long probeTimeoutNanos, long nowNanos) {
        boolean newest = number > highest;
        highest = Math.max(highest, number);
        if (newest && from.equals(proven)) {
            giveUp();
        } else if (newest && (candidate == null || !from.equals(candidate.address))) {
            giveUp();
            // RFC 9000 section 8.2.4: a new path may be slower than the one that is known.
            long timeoutNanos = Math.max(probeTimeoutNanos, 3 * PacketRttEstimator.INITIAL_NANOS);
            candidate = new Candidate(from, timeoutNanos, nowNanos);
        }
        if (candidate != null && from.equals(candidate.address)) {
            candidate.limit.onReceived(bytes);
        }
    }

    private void giveUp() {
        if (candidate != null) {
            candidate = null;
            unproven++;
        }
    }

    /** The challenge that is due, or null. What is then sent is told by {@link #onSent}. */
    public @Nullable PathChallenge poll(long nowNanos) {
        Candidate to = candidate;
        if (to == null || nowNanos - to.nextNanos < 0) {
            return null;
        }
        if (to.challenges == MOST_CHALLENGES) {
            giveUp(); // section 8.2.4: three time-outs without an answer
            return null;
        }
        long token = random.nextLong();
        to.tokens[to.challenges] = token;
        to.challenges++;
        to.nextNanos = nowNanos + to.timeoutNanos;
        int allowance = (int) Math.min(PathMtu.BASE_BYTES, to.limit.allowanceBytes());
        return allowance == 0 ? null : new PathChallenge(to.address, token, allowance);
    }

    /** A datagram was sent to the address that is being challenged. */
    public void onSent(int bytes) {
        if (candidate != null) {
            candidate.limit.onSent(bytes);
        }
    }

    /** A PONG has come, in an authentic packet. Returns what it has proved; then {@link #proven} is the new address. */
    public PathMove onPong(PathAddress from, long token) {
        Candidate answered = candidate;
        if (answered == null || !from.equals(answered.address)) {
            return PathMove.NONE;
        }
        for (int i = 0; i < answered.challenges; i++) {
            if (answered.tokens[i] == token) {
                PathMove move = PathMove.between(proven, from);
                proven = from;
                candidate = null;
                return move;
            }
        }
        return PathMove.NONE;
    }

    /** Addresses from which the newest packet came, and where the peer was not proved to be: it is elsewhere, or did not answer. */
    public long unproven() {
        return unproven;
    }

    /** Where data goes. */
    public PathAddress proven() {
        return proven;
    }

    /** When {@link #poll} has something to do next; {@link Long#MAX_VALUE} if only another packet changes that. */
    public long deadlineNanos() {
        return candidate == null ? Long.MAX_VALUE : candidate.nextNanos;
    }
}
