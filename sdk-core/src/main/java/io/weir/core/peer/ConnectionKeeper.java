package io.weir.core.peer;

import io.weir.core.error.CloseReason;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.ConnectionPolicy.Outlook;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for one peer that is wanted, when to dial it and where, when to wait, when to await the peer's own dial and when to
 * give up, by a {@link ConnectionPolicy}.
 *
 * <pre>{@code
 *             begin, this side dials             dial             onReady, from any phase
 *   -----------------------------------> DUE ----------> DIALLING ------------------------> READY
 *        |                              ^ ^  ^              |  |                           |  |  |
 *        |                     onDeadline |  +--------------+  |                           |  |  |
 *        |                    +-----------+   next address     | all addresses failed      |  |  |
 *        |                    |                                v          lost, dialled    |  |  |
 *        |                    +------------------------- BACKING_OFF <---------------------+  |  |
 *        |                    |                                               lost, awaited   |  |
 *        +-----------> AWAITING_INBOUND <-----------------------------------------------------+  |
 *         the peer dials              failed for good, or too often         lost for good        |
 *                                     --------------------------> GAVE_UP <----------------------+
 * }</pre>
 *
 * <p>A peer that has several addresses is tried at each of them, in turn and without delay; that round is one attempt. An
 * address whose failure is final ({@link ConnectionPolicy#outlook}) is not tried again; the peer is given up when none is left. In which
 * turn says {@link ConnectionPolicy#preference}.
 *
 * <p>Deterministic, not thread safe. Times are monotonic nanoseconds with an arbitrary origin.
 */
public final class ConnectionKeeper {

    /** Where the connection is in its course. */
    public enum Phase {
        /** To be dialled as soon as there is room for one more dial. */
        DUE,
        /** A dial is in progress. */
        DIALLING,
        /** There is a session. */
        READY,
        /** To be dialled at the deadline. */
        BACKING_OFF,
        /** The peer is to dial; at the deadline, if there is one, this side does. */
        AWAITING_INBOUND,
        /** Not dialled any more. */
        GAVE_UP
    }

    private final ConnectionPolicy policy;
    private final PeerId self;
    private final Candidates candidates;
    private final Attempts attempts;
    private @Nullable PeerId peer;
    private Phase phase = Phase.DUE;
    private boolean hasDeadline;
    private long deadlineNanos;
    private boolean dialledHere = true;
    private @Nullable CloseReason reason;
    private @Nullable CloseReason mostHopeful; // of the failures of this round: it says how long to wait

    /**
     * Begins.
     *
     * @param peer null if only the addresses tell who is wanted
     * @param addresses where to dial, in this order; if there are none the peer is awaited
     */
    public ConnectionKeeper(
            ConnectionPolicy policy, PeerId self, @Nullable PeerId peer, List<PeerAddress> addresses, long nowNanos) {
        this.policy = policy;
        this.self = self;
        this.peer = peer;
        candidates = new Candidates(addresses, policy.preference());
        attempts = new Attempts(policy);
        begin(nowNanos, 0);
    }

    private void begin(long nowNanos, long delayNanos) {
        candidates.arrange(nowNanos);
        if (candidates.isEmpty()) {
            enter(Phase.AWAITING_INBOUND);
        } else if (!policy.initiator().dialsHere(self, peer, dialledHere)) {
            enterUntil(Phase.AWAITING_INBOUND, nowNanos + policy.awaitInbound().toNanos() + delayNanos);
        } else if (delayNanos > 0) {
            enterUntil(Phase.BACKING_OFF, nowNanos + delayNanos);
        } else {
            enter(Phase.DUE);
        }
    }

    // ---- commands

    /** Begins the dial that is due; returns where. */
    public PeerAddress dial() {
        if (phase != Phase.DUE) {
            throw new IllegalStateException("phase is " + phase + ", must be " + Phase.DUE);
        }
        enter(Phase.DIALLING);
        return Objects.requireNonNull(candidates.current());
    }

    /** Forgets all failures and dials now, unless there is a session or a dial already. */
    public void retry() {
        if (phase == Phase.READY || phase == Phase.DIALLING) {
            return;
        }
        attempts.reset();
        candidates.restore();
        reason = null;
        mostHopeful = null;
        enter(candidates.isEmpty() ? Phase.AWAITING_INBOUND : Phase.DUE);
    }

    // ---- what happens

    /**
     * The dial has failed. Ignored unless one is in progress.
     *
     * @param random evenly distributed, from 0 to less than 1
     */
    public void onDialFailed(CloseReason why, long nowNanos, double random) {
        if (phase != Phase.DIALLING) {
            return;
        }
        reason = why;
        candidates.failed(why, nowNanos);
        Outlook outlook = policy.outlook(why);
        if (outlook == Outlook.RETRY || outlook == Outlook.RETRY_RARELY && mostHopeful == null) {
            mostHopeful = why;
        }
        if (outlook == Outlook.FINAL ? candidates.strikeOut() : candidates.moveOn()) {
            enter(Phase.DUE);
            return;
        }
        CloseReason ofRound = mostHopeful == null ? why : mostHopeful;
        mostHopeful = null;
        if (candidates.isEmpty() || attempts.onFailure(ofRound, nowNanos, random) != Attempts.Verdict.RETRY) {
            enter(Phase.GAVE_UP);
        } else {
            enterUntil(Phase.BACKING_OFF, nowNanos + attempts.delayNanos());
        }
    }

    /** There is a session with the peer, or another one than before, whoever dialled it. */
    public void onReady(PeerId who, boolean initiator, long nowNanos) {
        if (phase == Phase.DIALLING && initiator) {
            candidates.worked();
        }
        peer = who;
        dialledHere = initiator;
        reason = null;
        mostHopeful = null;
        candidates.newRound();
        attempts.onReady(nowNanos);
        enter(Phase.READY);
    }

    /**
     * The session has ended. Ignored unless there is one.
     *
     * @param random evenly distributed, from 0 to less than 1
     */
    public void onLost(CloseReason why, long nowNanos, double random) {
        if (phase != Phase.READY) {
            return;
        }
        reason = why;
        if (attempts.onFailure(why, nowNanos, random) == Attempts.Verdict.RETRY) {
            begin(nowNanos, attempts.delayNanos());
        } else {
            enter(candidates.isEmpty() ? Phase.AWAITING_INBOUND : Phase.GAVE_UP);
        }
    }

    /** The time has come, or not yet; returns whether a dial is due by it. */
    public boolean onDeadline(long nowNanos) {
        if (!hasDeadline || nowNanos - deadlineNanos < 0) {
            return false;
        }
        candidates.arrange(nowNanos);
        enter(Phase.DUE);
        return true;
    }

    private void enterUntil(Phase next, long atNanos) {
        phase = next;
        hasDeadline = true;
        deadlineNanos = atNanos;
    }

    private void enter(Phase next) {
        phase = next;
        hasDeadline = false;
    }

    // ---- queries

    public Phase phase() {
        return phase;
    }

    /** Whether {@link #onDeadline} is to be called at {@link #deadlineNanos}. */
    public boolean hasDeadline() {
        return hasDeadline;
    }

    public long deadlineNanos() {
        return deadlineNanos;
    }

    /** Who it is, as far as known: by what was wanted, or by the last session. */
    public @Nullable PeerId peer() {
        return peer;
    }

    /** Attempts in a row that have failed, and sessions that did not last. */
    public long failures() {
        return attempts.failures();
    }

    /** Where it was not reached on transports that the policy prefers to that one, and why, the most preferred first. */
    public List<PassedOver> passedOver(String transport) {
        return candidates.passedOver(transport);
    }

    /** Why the last dial or session ended; null if none has since it was ready or began. */
    public @Nullable CloseReason reason() {
        return reason;
    }
}
