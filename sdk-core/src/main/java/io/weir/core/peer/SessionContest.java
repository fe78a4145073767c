package io.weir.core.peer;

import io.weir.core.identity.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Which of two connections between the same two nodes becomes, or stays, their one session (PROTOCOL section 5): what this
 * node does with a newcomer whose peer has proved who it is, before its own HELLO, beside what there is already.
 *
 * <p><b>Why both ends agree.</b> A session begins with the responder's HELLO, which answers the initiator's. An initiator
 * says HELLO on one dial to a peer at a time, and on none beside a session that lives. While it waits for the answer, the
 * node with the lower key lets none of the peer's dials in, and the other one lets the peer's dial in and gives its own up. So
 * at most one responder speaks, and nothing was ever accepted on the losing connection.
 *
 * <p><b>Incarnations.</b> Incumbents of another run of the peer give way at once to a connection that began after them. The
 * exception is an incumbent that took the place of another one a moment ago: two processes that run the same identity must not
 * oust each other as fast as they can dial. An incumbent of the same run, or of an unknown one, gives way only when a probe
 * shows that it is dead. Nobody else can use an incarnation: it is said inside the authenticated session.
 *
 * <p>Immutable, pure.
 */
public final class SessionContest {

    /** What to do with the newcomer. */
    public enum Verdict {
        /** Say HELLO. */
        ADMIT,
        /** Say nothing, and ask again when a dial or a session with this peer has ended or become ready. */
        HOLD,
        /** Say nothing, ask the incumbent for a sign of life, and ask again with what that proved. */
        PROBE,
        /** End the incumbent with REPLACED, and ask again when it has ended. */
        REPLACE,
        /** End the newcomer with DUPLICATE_SESSION: the incumbent lives on. */
        YIELD
    }

    /** What is known of an incumbent's life. */
    public enum Proof {
        /** Nothing was asked. */
        NONE,
        /** Its peer was heard after the newcomer had come. */
        ALIVE,
        /** It did not answer in time. */
        DEAD
    }

    /**
     * A connection whose peer has proved who it is.
     *
     * @param dialledHere this node is the initiator
     * @param number the connection's place in the order in which this node's connections began
     * @param incarnation the run of the peer that its HELLO named; 0 if it has named none, or said none yet
     */
    public record Newcomer(boolean dialledHere, long number, long incarnation) {}

    /**
     * The session with this peer that takes new streams.
     *
     * @param number as of {@link Newcomer}
     * @param incarnation as of {@link Newcomer}
     * @param fresh it took the place of another session a moment ago
     */
    public record Incumbent(long number, long incarnation, boolean fresh, Proof proof) {}

    private final boolean lower;

    /**
     * The rules between these two.
     *
     * @throws IllegalArgumentException if they are the same: nobody has a session with itself
     */
    public SessionContest(PeerId self, PeerId peer) {
        int order = self.compareTo(peer);
        if (order == 0) {
            throw new IllegalArgumentException("peer is " + peer + ", must not be this node itself");
        }
        lower = order < 0;
    }

    /**
     * What to do with the newcomer.
     *
     * @param dialling this node has a dial to the peer in progress beside the newcomer; beside one that was dialled here:
     *     another connection with the peer may say HELLO already, whoever dialled it
     * @param incumbent the live session with the peer, or null
     */
    public Verdict decide(Newcomer newcomer, boolean dialling, @Nullable Incumbent incumbent) {
        if (incumbent != null) {
            return against(incumbent, newcomer);
        }
        boolean waits = dialling && (newcomer.dialledHere || lower);
        return waits ? Verdict.HOLD : Verdict.ADMIT;
    }

    private static Verdict against(Incumbent incumbent, Newcomer newcomer) {
        boolean restarted = newcomer.incarnation != 0
                && incumbent.incarnation != 0
                && newcomer.incarnation != incumbent.incarnation
                && newcomer.number > incumbent.number;
        if (restarted && !incumbent.fresh) {
            return Verdict.REPLACE;
        }
        return switch (incumbent.proof) {
            case NONE -> Verdict.PROBE;
            case ALIVE -> Verdict.YIELD;
            case DEAD -> Verdict.REPLACE;
        };
    }
}
