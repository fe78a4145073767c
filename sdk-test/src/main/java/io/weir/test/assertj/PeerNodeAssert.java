package io.weir.test.assertj;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on a node. */
public final class PeerNodeAssert extends AbstractAssert<PeerNodeAssert, PeerNode> {

    PeerNodeAssert(@Nullable PeerNode actual) {
        super(actual, PeerNodeAssert.class);
    }

    /** Neither closed nor about to. */
    public PeerNodeAssert isRunning() {
        if (node().isDisposed()) {
            failWithMessage("expected %s to be running, but it has ended: %s", name(), Peek.into(actual.onClose()));
        }
        return this;
    }

    /** Closed, and all of it has ended. */
    public PeerNodeAssert isClosed() {
        end();
        return this;
    }

    /** Closed with that code. */
    public PeerNodeAssert endedWith(ErrorCode expected) {
        CloseReason end = end();
        if (end.error() != expected) {
            failWithMessage("expected %s to have ended with %s, but it was: %s", name(), expected, end);
        }
        return this;
    }

    /** So many sessions live. */
    public PeerNodeAssert hasSessions(int expected) {
        List<PeerId> peers = peers();
        if (peers.size() != expected) {
            failWithMessage(
                    "expected %s to have %s live sessions, but it has %s: %s", name(), expected, peers.size(), peers);
        }
        return this;
    }

    /** No session lives. */
    public PeerNodeAssert hasNoSessions() {
        return hasSessions(0);
    }

    /** A session with that peer lives. */
    public PeerNodeAssert hasSessionWith(PeerId expected) {
        List<PeerId> peers = peers();
        if (!peers.contains(expected)) {
            failWithMessage("expected %s to have a live session with %s, but it has with %s", name(), expected, peers);
        }
        return this;
    }

    /** No memory is promised to any peer: every session has ended, and what they had queued was taken. */
    public PeerNodeAssert hasNothingReserved() {
        long reserved = node().reservedBytes();
        if (reserved != 0) {
            failWithMessage(
                    "expected %s to have nothing reserved, but it has promised %s bytes, with %s live sessions",
                    name(), reserved, peers().size());
        }
        return this;
    }

    /** Nothing that was accepted for sending waits: all was written, or its session has ended. */
    public PeerNodeAssert hasNothingUnsent() {
        long unsent = node().unsentBytes();
        if (unsent != 0) {
            failWithMessage(
                    "expected %s to have written everything, but it holds %s bytes, with %s live sessions",
                    name(), unsent, peers().size());
        }
        return this;
    }

    private List<PeerId> peers() {
        List<PeerId> peers = new ArrayList<>();
        node().sessions()
                .filter(session -> !session.isDisposed())
                .map(PeerSession::peer)
                .subscribe(peers::add)
                .dispose();
        return peers;
    }

    private CloseReason end() {
        CloseReason end = Peek.into(node().onClose());
        if (end == null) {
            throw failure("expected %s to be closed, but it is not", name());
        }
        return end;
    }

    private PeerNode node() {
        isNotNull();
        return actual;
    }

    private String name() {
        return "node " + actual.id();
    }
}
