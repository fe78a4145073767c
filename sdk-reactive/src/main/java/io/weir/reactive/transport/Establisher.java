package io.weir.reactive.transport;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeStage;
import io.weir.core.handshake.Role;
import io.weir.core.identity.PeerId;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A connection whose peer has not proved who it is, and what makes an {@link Association} of it, or a typed failure. It knows
 * no time limit and admits everybody: that is the business of who starts it.
 *
 * <pre>
 *   fresh --start()--&gt; under way ---------&gt; established: the association's carrier has the connection
 *     |                    |
 *     +--refuse()--+       +--failed, abort()--&gt; closed, once the peer had time to hear why
 *                  v
 *                closed
 * </pre>
 *
 * Its text says how far it is. On its loop, but for what says otherwise.
 */
public interface Establisher {

    /** How long the last bytes get to reach the peer before a connection is closed on them. */
    long LINGER_NANOS = 500_000_000L;

    /** Hears how it ends; exactly one of the two, once, on the loop. */
    interface Outcome {

        /**
         * The peer has proved who it is. To the initiator that comes before the peer has judged it: only the peer's HELLO
         * shows that it agrees.
         */
        void established(Association association);

        /** There is no association; the connection closes by itself. */
        void failed(CloseReason reason);
    }

    /** The loop on which everything about this connection happens. */
    SessionLoop loop();

    /** Where the peer is, as this end sees it. Any thread. */
    SocketAddress remoteAddress();

    /** {@link Transport#scheme} of the transport that made it. Any thread. */
    String transport();

    /** How far it is. Any thread, to which a change may be told a little later. */
    HandshakeStage stage();

    /**
     * Begins.
     *
     * @param expected who it must be; a dialler shows nobody else who it is itself. Null for anybody
     */
    void start(Role role, @Nullable PeerId expected, Outcome outcome);

    /** Gives up what is under way: the outcome is not told, and the connection closes. Nothing is done once there is one. */
    void abort(ErrorCode code);

    /** Turns the peer away in place of {@link #start}: says why as far as that needs no waiting, and closes. */
    void refuse(ErrorCode code);

    /** Closes at once. Any thread. */
    void close();

    /** Completes, always without error, when the connection is closed, as an association's too. Any thread. */
    Mono<Void> onClose();
}
