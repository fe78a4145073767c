package io.weir.reactive.transport.quic;

import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.util.concurrent.Future;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.PortTally;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * A socket to which connections come. They stay on it for life, so that it is released with the last of them, once it was told to
 * listen no more. Confined to the socket's loop, but for what is of {@link LinkListener}: any thread.
 */
final class QuicListener implements LinkListener {

    private final DatagramChannel socket;
    private final Runnable release;
    private final PortTally tally;
    private final Consumer<? super Establisher> onConnection;
    private final Sinks.Empty<Void> stopped = Sinks.empty();
    private final Sinks.Empty<Void> gone = Sinks.empty();
    private @Nullable PeerAddress address;
    private int handshakes;
    private int connections;
    private volatile boolean disposed;

    /**
     * At a socket that is bound, or will be.
     *
     * @param ended completes when it is the listener's no more
     * @param release is run once nobody here uses the socket any more, on its loop: {@code ended} follows
     * @param tally hears of connections of which nobody else does
     */
    QuicListener(
            DatagramChannel socket,
            Future<Void> ended,
            Runnable release,
            PortTally tally,
            Consumer<? super Establisher> onConnection) {
        this.socket = socket;
        this.release = release;
        this.tally = tally;
        this.onConnection = onConnection;
        ended.addListener(done -> {
            disposed = true;
            stopped.tryEmitEmpty();
            gone.tryEmitEmpty();
        });
    }

    /** It is bound there, where that was asked for. */
    QuicListener at(PeerAddress asked) {
        address = asked.withPort(socket.localAddress().getPort());
        return this;
    }

    /** How many have not agreed on keys yet. */
    int handshakes() {
        return handshakes;
    }

    /** A connection has come: its first packet is read when this returns. */
    void onConnection(QuicChannel channel) {
        QuicConnection connection = new QuicConnection(channel);
        channel.pipeline().addLast(connection);
        connections++;
        handshakes++;
        AcceptedConnection accepted = new AcceptedConnection(connection, () -> handshakes--);
        channel.closeFuture().addListener(done -> {
            accepted.over(); // also where nobody has begun with it
            connections--;
            closeIfUnused();
        });
        if (disposed) {
            tally.rejected(ErrorCode.GOING_AWAY);
            accepted.refuse(ErrorCode.GOING_AWAY);
            return;
        }
        try {
            onConnection.accept(accepted);
        } catch (Throwable e) {
            accepted.close();
            Fault.report(e, Context.empty());
        }
    }

    private void closeIfUnused() {
        if (disposed && connections == 0) {
            release.run();
        }
    }

    // ---- LinkListener

    @Override
    public PeerAddress address() {
        PeerAddress bound = address;
        if (bound == null) {
            throw new IllegalStateException("the listener is not bound");
        }
        return bound;
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(this::dispose).then(onClose());
    }

    @Override
    public Mono<Void> onClose() {
        return stopped.asMono();
    }

    /** Completes when the socket is closed, or is another's again. */
    Mono<Void> onGone() {
        return gone.asMono();
    }

    @Override
    public void dispose() {
        disposed = true;
        if (socket.isRegistered()) {
            socket.eventLoop().execute(() -> {
                closeIfUnused();
                if (socket.isOpen()) {
                    stopped.tryEmitEmpty(); // its sessions use it still
                }
            });
        }
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }
}
