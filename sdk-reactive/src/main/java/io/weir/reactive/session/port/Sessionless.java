package io.weir.reactive.session.port;

import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.Drop;
import io.weir.core.datagram.DropCounts;
import io.weir.core.error.ErrorCode;
import io.weir.core.path.PathAddress;
import io.weir.reactive.transport.SessionLoop;
import org.jspecify.annotations.Nullable;

/**
 * What a port has to do with datagrams of no session: questions, which it answers while it listens, and answers to the votes that were
 * asked for here. Knows what a turn is: all datagrams up to {@link Port#onReceived}. On the port's loop.
 */
final class Sessionless {

    private final Port port;
    private final DropCounts drops;
    private final Runnable published;

    private @Nullable FastPath fastPath; // while the port listens
    private @Nullable OpenVotes votes; // from the first on
    private long turnStartNanos;
    private boolean inTurn;
    private boolean sessionsCame; // in this turn
    private boolean listens;

    /** @param published publishes the port's drops */
    Sessionless(Port port, Runnable published) {
        this.port = port;
        this.drops = port.drops();
        this.published = published;
    }

    /** Answers from now on. */
    void listen() {
        listens = true;
        FastPaths node = port.settings().fastPaths();
        if (!node.isEmpty()) {
            fastPath =
                    new FastPath(port.socket(), node, port.settings().random().nextLong(), drops, published);
        }
    }

    /** Answers no more. */
    void stopListening() {
        listens = false;
        FastPath answering = fastPath;
        if (answering != null) {
            fastPath = null;
            answering.close();
        }
    }

    // ---- votes

    /**
     * Asks for a vote, until then.
     *
     * @param onIdle is run when none has been open for a while; that of the first counts
     */
    void ask(VoteQuestion question, long endNanos, Runnable onIdle) {
        if (port.isClosed()) {
            question.fail(ErrorCode.LINK_LOST, "the port is closed");
            return;
        }
        OpenVotes asking = votes;
        if (asking == null) {
            asking = new OpenVotes(port, port.settings().random(), onIdle);
            votes = asking;
        }
        asking.ask(question, endNanos);
    }

    /** Whether any is open, or was a moment ago. */
    boolean asks() {
        OpenVotes asking = votes;
        return asking != null && asking.isInUse();
    }

    /** Whoever waits for a vote is told that there will be none. */
    void endVotes(ErrorCode code, String why) {
        OpenVotes asking = votes;
        if (asking != null) {
            asking.end(code, why);
        }
    }

    // ---- the socket

    /** Something has come; whether it was for here. */
    boolean takes(DatagramType type, byte[] array, int offset, int length, PathAddress from) {
        if (!inTurn) {
            inTurn = true;
            turnStartNanos = loop().nowNanos();
        }
        if (type == DatagramType.FAST) {
            onQuestion(array, offset, length, from);
            return true;
        }
        if (type == DatagramType.ANSWER) {
            onAnswer(array, offset, length);
            return true;
        }
        sessionsCame = true;
        return false;
    }

    /** Whether the turn's end comes behind what is being done now. */
    boolean isInTurn() {
        return inTurn;
    }

    /** Sessions have got what came for them. */
    void endTurn() {
        boolean contended = sessionsCame;
        inTurn = false;
        sessionsCame = false;
        OpenVotes asking = votes;
        if (asking != null) {
            asking.flush();
        }
        FastPath answering = fastPath;
        if (answering != null) {
            answering.onTurn(contended, loop().nowNanos() - turnStartNanos);
        }
    }

    /** The system takes no datagram of that size to there. */
    void onRefused(int bytes, PathAddress to) {
        OpenVotes asking = votes;
        if (asking != null) {
            asking.onRefused(bytes, to);
        }
    }

    /** The socket is closed. */
    void onClosed() {
        endVotes(ErrorCode.LINK_LOST, "the port is closed");
    }

    private void onQuestion(byte[] array, int offset, int length, PathAddress from) {
        FastPath answering = fastPath;
        if (answering != null) {
            answering.onQuestion(array, offset, length, from, turnStartNanos);
        } else {
            drops.add(listens ? Drop.UNKNOWN_COMMAND : Drop.NOT_LISTENING);
        }
    }

    private void onAnswer(byte[] array, int offset, int length) {
        OpenVotes asking = votes;
        if (asking != null) {
            asking.onAnswer(array, offset, length);
        } else {
            drops.add(Drop.UNASKED);
        }
    }

    private SessionLoop loop() {
        return port.loop();
    }
}
