package io.weir.reactive.transport.quic;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeStage;
import io.weir.core.handshake.Role;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.SessionLoop;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A connection that has come to a listener: its first packet is here, and no more. Loop-confined but for what says otherwise. */
final class AcceptedConnection implements Establisher, QuicConnection.Establishing {

    private final QuicConnection connection;
    private final Runnable onSettled;
    private final long startedNanos;
    private @Nullable Outcome outcome;
    private boolean settled;
    private boolean over;

    /** @param onSettled told once, when the handshake is over in whatever way, or will not begin */
    AcceptedConnection(QuicConnection connection, Runnable onSettled) {
        this.connection = connection;
        this.onSettled = onSettled;
        startedNanos = connection.loop().nowNanos();
    }

    @Override
    public SessionLoop loop() {
        return connection.loop();
    }

    @Override
    public SocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public String transport() {
        return PeerAddress.QUIC;
    }

    @Override
    public HandshakeStage stage() {
        return connection.stage();
    }

    @Override
    public void start(Role role, @Nullable PeerId expected, Outcome told) {
        if (role != Role.RESPONDER || expected != null) {
            throw new IllegalArgumentException("role is " + role + " and a peer is " + (expected == null ? "not " : "")
                    + "expected; a connection that came is a responder's, of anybody");
        }
        outcome = told;
        connection.listen(this);
    }

    @Override
    public void abort(ErrorCode code) {
        if (settle()) {
            connection.refuse(code);
        }
    }

    @Override
    public void refuse(ErrorCode code) {
        settle();
        connection.refuse(code);
    }

    @Override
    public void close() {
        if (connection.loop().inLoop()) {
            over();
        }
        connection.close(); // the listener hears of its end, if nobody else does
    }

    @Override
    public Mono<Void> onClose() {
        return connection.onClose();
    }

    @Override
    public String toString() {
        return "the QUIC handshake is " + (settled ? "over" : "under way");
    }

    /** Its connection has ended, or will, even if nobody has begun with it. */
    void over() {
        if (!over) {
            over = true;
            onSettled.run();
        }
    }

    private boolean settle() {
        boolean first = !settled;
        settled = true;
        over();
        return first;
    }

    // ---- the connection

    @Override
    public void onSecured() {
        Outcome told = outcome;
        if (told != null && settle()) {
            CloseReason reason = Securing.settle(connection, startedNanos, told);
            if (reason != null) {
                connection.refuse(reason.error());
                told.failed(reason);
            }
        }
    }

    @Override
    public void onEnd() {
        Outcome told = outcome;
        if (settle() && told != null) {
            told.failed(connection.whyNot(ErrorCode.LINK_LOST));
        }
    }
}
