package io.weir.reactive;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.core.path.PathStats;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.HalfState;
import io.weir.core.stream.StreamId;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hears what a node does, as it does it: the place for metrics, recordings and traces. Override what is of interest; the rest
 * does nothing.
 *
 * <p><b>How fine.</b> At most a few calls for each record and each message, none for each element. Sizes are in bytes, times in
 * ns of the loop's monotonic clock.
 *
 * <p><b>It observes.</b> What is told is in the middle of being done: from inside a call nothing is to be asked of the session,
 * its streams or the node beyond what they are, nor done to them.
 *
 * <p><b>Threads.</b> What concerns a session is told on its loop, in order; of several sessions, and of dials, it may be told on
 * several threads at once. A call must not block: while it runs, nothing else of the loop does. One that takes more than 500 ms
 * of 10 s is told of in the log, and so is what an observer throws, which is dropped: nobody else notices, and the observer
 * hears the next event all the same. A {@link VirtualMachineError} goes to the thread's uncaught handler as well.
 */
public interface NodeObserver {

    // ---- the node

    /**
     * A node begins, before anything else of it is told; it may yet fail to listen. On any thread.
     *
     * @param node {@link PeerNode#unsentBytes}, {@link PeerNode#datagramCounts} and what else it tells without delay may be asked
     *     from any thread from now on
     */
    default void onNodeStarted(PeerNode node) {}

    /** A node that had begun is closed, and so are its sessions: nothing more of it is told. On any thread. */
    default void onNodeClosed(PeerNode node) {}

    // ---- connections

    /**
     * A dial begins. On any thread.
     *
     * @param dial its number, which no other dial has, of this node or another one: by it {@link #onDial} tells the end
     */
    default void onDialBegun(long dial, PeerAddress address) {}

    /** A dial has led to a session, or has failed. On any thread. */
    default void onDial(Dial dial) {}

    /**
     * How a dial ended.
     *
     * @param id its number, which no other dial has
     * @param address what was dialled
     * @param nanos from its beginning: looking up, connecting and the handshake
     * @param failure null: there is a session, be it one that was there before
     */
    record Dial(
            long id,
            PeerAddress address,
            long nanos,
            @Nullable CloseReason failure) {
        public Dial {
            Objects.requireNonNull(address, "address");
        }
    }

    /**
     * A connection, dialled or accepted, is there, and each side is to prove who it is.
     *
     * @param sessionId the number of the session that it is to lead to, by which {@link #onHandshake} tells the end
     * @param transport the scheme of its transport
     */
    default void onHandshakeBegun(long sessionId, String transport, SocketAddress remoteAddress, boolean initiator) {}

    /**
     * A connection, dialled or accepted, has become a session, or has failed to; also one that was turned away at once, because
     * there are too many.
     */
    default void onHandshake(Handshake handshake) {}

    /**
     * How a handshake ended: who the peer is, admission, the choice among connections with the same peer, and HELLO.
     *
     * @param sessionId the number of the session that it was to lead to
     * @param transport the scheme of the connection's transport
     * @param remoteAddress where the peer is
     * @param initiator whether this side has dialled
     * @param nanos from the connection until now
     * @param peer who proved to be there; null if it failed
     * @param failure null: the session is ready. {@link ErrorCode#DUPLICATE_SESSION} if there is another one with the peer
     */
    record Handshake(
            long sessionId,
            String transport,
            SocketAddress remoteAddress,
            boolean initiator,
            long nanos,
            @Nullable PeerId peer,
            @Nullable CloseReason failure) {}

    /**
     * Packets have come for which there is no session here: late, misdirected, or made up. Nobody answers them. Of each port it is
     * told ten times at once, and then once a second at the most. On the loop of the port.
     *
     * @param transport the scheme of the port's transport
     * @param from where the last of them comes from, as it says
     * @param count how many since the last call
     */
    default void onStrayPackets(String transport, SocketAddress from, long count) {}

    // ---- sessions

    /** A session is ready. */
    default void onSessionReady(PeerSession session) {}

    /** A session that was ready has ended. */
    default void onSessionEnded(PeerSession session, CloseReason reason) {}

    /** A record is on its way to the link: so many bytes of frames, before it is sealed. */
    default void onRecordSent(PeerSession session, int bytes) {}

    /** A record has come and is authentic: so many bytes of frames. */
    default void onRecordReceived(PeerSession session, int bytes) {}

    /** PONG has answered a PING of this side after so long; what waited to be sent at both ends is part of it. */
    default void onRoundTrip(PeerSession session, long nanos) {}

    /**
     * Nothing was heard of the peer where it should have beaten: it says something in each third of this side's silence limit,
     * and half of a third is allowed for the way. A process that was stopped misses beats too.
     *
     * @param count how many more since the last call, or since the peer was last heard
     */
    default void onHeartbeatsMissed(PeerSession session, int count) {}

    /**
     * What the path to the peer is like, where the session is over datagrams or QUIC: with each {@link #onRoundTrip} and each {@link
     * #onHeartbeatsMissed}, and a last time before {@link #onSessionEnded}. Between these, {@link PeerSession#pathStats} tells.
     */
    default void onPath(PeerSession session, PathStats path) {}

    // ---- streams

    /**
     * A stream is in use: of this side, from its first use, which is before its OPEN is written; of the peer, once a handler or
     * somebody here takes it. {@link PeerStream#stats} may be asked, from any thread, from now on.
     */
    default void onStreamOpened(PeerStream stream) {}

    /**
     * Both halves of a stream have ended, or it was given up before the peer heard of it. Its counters rise no more. What was
     * queued when its session ended may be taken later: then this is told after {@link #onSessionEnded}, or never.
     *
     * @param stream the same object that {@link #onStreamOpened} was given
     * @param reason {@link ErrorCode#NONE} if both halves have ended in good order; else why one has not, the sending one
     *     first: CANCELLED of what this side has given up, STREAM_CLOSED if either side has closed it or, in good order, its session
     */
    default void onStreamEnded(PeerStream stream, CloseReason reason) {}

    /**
     * Something that the peer began is turned away before a handler saw it: a request with NO_HANDLER or BUSY, a stream with
     * REFUSED, BUSY or UNCLAIMED, a one-way message that nobody takes with NO_HANDLER. Its name, which the peer may make up, is
     * not told.
     */
    default void onRefused(PeerSession session, Interaction.Kind what, ErrorCode reason) {}

    /** This side has allowed the peer to send so much more on a stream, in bytes of cost. */
    default void onCreditGiven(PeerSession session, StreamId stream, long bytes) {}

    /** The peer has allowed this side to send so much more on a stream, in bytes of cost. */
    default void onCreditGot(PeerSession session, StreamId stream, long bytes) {}

    /**
     * A sending half of this side has left one state for another; {@code left} tells who was slow. What the link does to the
     * halves that wait for it they learn when they have a turn again: {@link HalfState#BLOCKED_BY_LINK} is told then.
     *
     * @param left the state in which it was
     * @param nanos for how long
     * @param entered the state in which it is; of a half that has ended {@link HalfState#IDLE}
     */
    default void onHalfState(PeerSession session, StreamId stream, HalfState left, long nanos, HalfState entered) {}

    // ---- requests

    /** A request of this side has its answer, or has none and gets none. */
    default void onAsked(PeerSession session, RequestDone request) {}

    /**
     * The same of all that one record has brought the answers of, or of one that ended otherwise: override it instead where an
     * object and a call for each are too much. Unless overridden it tells {@link #onAsked(PeerSession, RequestDone)} of each; if
     * that throws, of no more of them.
     */
    default void onAsked(PeerSession session, RequestsDone requests) {
        for (int i = 0; i < requests.size(); i++) {
            onAsked(session, requests.get(i));
        }
    }

    /**
     * A request of the peer that a handler has taken is answered, or was given up: {@link ErrorCode#CANCELLED}, also by the
     * session's end. Those that were refused before, whose routes the peer may make up, are not told.
     */
    default void onAnswered(PeerSession session, RequestDone request) {}

    /**
     * The same of all that one record has brought and that were answered at once, or of one that took longer, as {@link
     * #onAsked(PeerSession, RequestsDone)}.
     */
    default void onAnswered(PeerSession session, RequestsDone requests) {
        for (int i = 0; i < requests.size(); i++) {
            onAnswered(session, requests.get(i));
        }
    }

    /**
     * Requests that have ended, one or more, at most 64, in the order in which they did. It is used again: whoever wants to keep
     * something takes it out while being told.
     *
     * <p>Indexes are from 0 to one below {@link #size}; {@link IndexOutOfBoundsException} beyond.
     */
    interface RequestsDone {

        /** How many. */
        int size();

        /** As {@link RequestDone#route}. */
        String route(int index);

        /** As {@link RequestDone#outcome}. */
        ErrorCode outcome(int index);

        /** As {@link RequestDone#code}. */
        long code(int index);

        /** The index behind this one, and those that follow it, of the same route, outcome and code: above {@code index}. */
        default int alikeUntil(int index) {
            int next = index + 1;
            while (next < size()
                    && outcome(next) == outcome(index)
                    && code(next) == code(index)
                    && route(next).equals(route(index))) {
                next++;
            }
            return next;
        }

        /** As {@link RequestDone#queueNanos}. */
        long queueNanos(int index);

        /** As {@link RequestDone#serviceNanos}. */
        long serviceNanos(int index);

        /** One as an object of its own, to be kept. */
        default RequestDone get(int index) {
            return new RequestDone(route(index), outcome(index), code(index), queueNanos(index), serviceNanos(index));
        }
    }

    /**
     * What became of a request.
     *
     * @param route the route that was asked for
     * @param outcome {@link ErrorCode#NONE}: a value
     * @param code the number of the outcome: of an application's own error that which it gave, from
     *     {@link ErrorCode#FIRST_OF_APPLICATIONS} up
     * @param queueNanos of one that was asked: until it began to be written; of one that was answered: from its last byte
     *     until a thread began to handle it
     * @param serviceNanos from then on, until the answer. Of the peer's requests that come together, and whose handlers take
     *     less than a microsecond each and end within their call, up to 32 share two readings of the clock: each is told their mean
     */
    record RequestDone(String route, ErrorCode outcome, long code, long queueNanos, long serviceNanos) {

        /** One whose outcome is all there is to say. */
        public RequestDone(String route, ErrorCode outcome, long queueNanos, long serviceNanos) {
            this(route, outcome, outcome.number(), queueNanos, serviceNanos);
        }

        public RequestDone {
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(outcome, "outcome");
        }
    }

    // ---- memory

    /**
     * So much of the node's memory has been promised to the peer, as windows or for what it is about to send.
     *
     * @param bytes below 0: given back
     */
    default void onMemoryPromised(PeerSession session, long bytes) {}

    /** Something of a session had to wait for memory of the node that others held: {@code nanos} until it had another try. */
    default void onMemoryWaited(PeerSession session, MemoryOf memory, long nanos) {}

    /** What memory of a node is for. */
    enum MemoryOf {
        /** What peers send, {@link NodeLimits#nodeBudgetBytes}. */
        RECEIVED,

        /** What peers have not taken, {@link NodeLimits#nodeSendBudgetBytes}. */
        UNSENT
    }
}
