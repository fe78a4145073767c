package io.weir.test.assertj;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Layer;
import io.weir.core.error.Origin;
import io.weir.core.identity.PeerId;
import io.weir.reactive.MessageStats;
import io.weir.reactive.PeerSession;
import io.weir.reactive.SessionState;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on a session. */
public final class PeerSessionAssert extends AbstractAssert<PeerSessionAssert, PeerSession> {

    PeerSessionAssert(@Nullable PeerSession actual) {
        super(actual, PeerSessionAssert.class);
    }

    /** Streams may be opened. */
    public PeerSessionAssert isReady() {
        return expectState(SessionState.READY);
    }

    /** One of the sides goes away. */
    public PeerSessionAssert isDraining() {
        return expectState(SessionState.DRAINING);
    }

    /** Over, for whatever reason. */
    public PeerSessionAssert isClosed() {
        return expectState(SessionState.CLOSED);
    }

    /** Over with an authenticated END, and nothing went wrong. */
    public PeerSessionAssert isClosedCleanly() {
        return expectEnd(CloseReasonAssert.clean(end()), "closed cleanly");
    }

    /** Over without END: the link broke, or the peer fell silent. */
    public PeerSessionAssert isLost() {
        CloseReason end = end();
        return expectEnd(end.origin() == Origin.LOCAL && end.layer() == Layer.TRANSPORT, "lost");
    }

    /** Over with that code, whoever said it. */
    public PeerSessionAssert endedWith(ErrorCode expected) {
        return expectEnd(end().error() == expected, "ended with " + expected);
    }

    /** More on why it is over. */
    public CloseReasonAssert closeReason() {
        return new CloseReasonAssert(end()).describedAs(name());
    }

    /** That peer has proved to be at the other end. */
    public PeerSessionAssert hasPeer(PeerId expected) {
        if (!session().peer().equals(expected)) {
            failWithMessage("expected %s to be with %s", name(), expected);
        }
        return this;
    }

    /** No request of either side is unanswered, and no one-way message waits for its handler. */
    public PeerSessionAssert hasNoMessagesInHand() {
        MessageStats stats = session().messageStats();
        if (stats.requestsOutstanding() != 0 || stats.requestsInFlight() != 0 || stats.messagesWaiting() != 0) {
            failWithMessage("expected %s to have no messages in hand, but it has %s", name(), stats);
        }
        return this;
    }

    private PeerSessionAssert expectState(SessionState expected) {
        SessionState state = session().state();
        if (state != expected) {
            CloseReason end = Peek.into(session().onClose());
            failWithMessage(
                    "expected %s to be %s, but it is %s%s", name(), expected, state, end == null ? "" : ": " + end);
        }
        return this;
    }

    private PeerSessionAssert expectEnd(boolean holds, String expected) {
        if (!holds) {
            failWithMessage("expected %s to have %s, but it ended with: %s", name(), verb(expected), end());
        }
        return this;
    }

    private static String verb(String expected) {
        return expected.startsWith("ended") ? expected : "been " + expected;
    }

    private CloseReason end() {
        CloseReason end = Peek.into(session().onClose());
        if (end == null) {
            throw failure(
                    "expected %s to be over, but it is %s", name(), session().state());
        }
        return end;
    }

    private PeerSession session() {
        isNotNull();
        return actual;
    }

    private String name() {
        return "session " + actual.id() + " with " + actual.peer();
    }
}
