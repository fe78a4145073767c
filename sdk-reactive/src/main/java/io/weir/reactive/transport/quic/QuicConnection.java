package io.weir.reactive.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicDatagramExtensionEvent;
import io.netty.handler.codec.quic.QuicPathEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamLimitChangedEvent;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import io.weir.core.certificate.CertificateVerdict;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeStage;
import io.weir.core.path.PathStats;
import io.weir.reactive.transport.SessionLoop;
import io.weir.reactive.transport.TurnedAwayException;
import io.weir.reactive.transport.netty.NettyLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One QUIC connection, as its channel tells of it: when both sides have agreed on keys, which streams come, and why it ends.
 * Confined to the channel's loop, but for what says otherwise.
 */
final class QuicConnection extends ChannelInboundHandlerAdapter {

    /** Hears how it goes on. */
    interface Listener {
        /** Keys are agreed on and the peer's certificate was judged. To the dialler that comes before the peer has judged its own. */
        void onSecured();

        /** The peer has opened a stream, of which nothing was read. */
        void onStream(QuicStreamChannel stream);

        /** A datagram has come, which is the listener's to release. */
        void onDatagram(ByteBuf datagram);

        /** {@link #openStream} may find room again. */
        void onStreamsAllowed();

        /** The peer has been proved to be at another address. */
        void onMoved(SocketAddress to);

        /** It seemed to be at another address, and QUIC has not proved that it is. */
        void onMoveUnproven();

        /** It is over; once, and the last. */
        void onEnd();
    }

    /** Who listens before there is a session: nobody takes streams or waits to open one, and the session begins where the peer is then. */
    interface Establishing extends Listener {
        @Override
        default void onStream(QuicStreamChannel stream) {
            stream.close();
        }

        @Override
        default void onDatagram(ByteBuf datagram) {
            datagram.release();
        }

        @Override
        default void onStreamsAllowed() {}

        @Override
        default void onMoved(SocketAddress to) {}

        @Override
        default void onMoveUnproven() {}
    }

    private final QuicChannel channel;
    private final SessionLoop loop;
    private final SocketAddress remoteAddress;
    private final QuicPath path;
    private SocketAddress at; // the last that was proved
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private @Nullable Listener listener;
    private @Nullable QuicConnectionCloseEvent closedByPeer;
    private @Nullable Throwable failure;
    private @Nullable ReadTurns turns;
    private int datagramBytes;
    private boolean secured;
    private boolean closing;

    QuicConnection(QuicChannel channel) {
        this.channel = channel;
        loop = NettyLoop.of(channel.eventLoop());
        remoteAddress = addressOf(channel);
        at = remoteAddress;
        path = new QuicPath(channel);
        channel.closeFuture().addListener(done -> onClosed());
    }

    /** Of an address as the library's events have it, whose ports are in the machine's order of bytes. */
    private static boolean isAt(InetSocketAddress told, SocketAddress known) {
        return known instanceof InetSocketAddress there
                && there.getAddress().equals(told.getAddress())
                && (there.getPort() == told.getPort()
                        || there.getPort() == Character.reverseBytes((char) told.getPort()));
    }

    private static SocketAddress addressOf(QuicChannel channel) {
        SocketAddress at = channel.remoteSocketAddress();
        return at == null ? new InetSocketAddress(0) : at;
    }

    // ---- queries

    SessionLoop loop() {
        return loop;
    }

    /** Where the peer was when the connection began. Any thread. */
    SocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** Completes when it is over. Any thread. */
    Mono<Void> onClose() {
        return closed.asMono();
    }

    boolean isClosed() {
        return !channel.isOpen();
    }

    /** What its path is like, or was like at the end; null before keys are agreed on. */
    @Nullable
    PathStats pathStats() {
        return path.stats();
    }

    /** What the peer's certificate has shown. */
    CertificateVerdict verdict() {
        return check().verdict();
    }

    /** Whether both sides have agreed that they speak Weir's protocol. */
    boolean speaksWeir() {
        SSLEngine engine = channel.sslEngine();
        return engine != null && QuicTls.PROTOCOL.equals(engine.getApplicationProtocol());
    }

    /** How far the handshake is. Any thread. */
    HandshakeStage stage() {
        return check().stage();
    }

    private PeerCheck check() {
        return channel.attr(PeerCheck.KEY).get();
    }

    /** Why there will be no session; {@code unheard} if nothing is known but that nobody has answered. */
    CloseReason whyNot(ErrorCode unheard) {
        CloseReason refusal = check().refusal();
        if (refusal != null) {
            return refusal;
        }
        QuicConnectionCloseEvent said = closedByPeer;
        if (said != null) {
            return refusal(said);
        }
        Throwable own = failure;
        return own != null
                ? QuicError.ownFailure(own)
                : CloseReason.local(unheard, "no answer came from " + remoteAddress);
    }

    private static CloseReason refusal(QuicConnectionCloseEvent said) {
        return QuicError.refusal(said.isApplicationClose(), said.error(), reasonOf(said));
    }

    private static byte[] reasonOf(QuicConnectionCloseEvent said) {
        try {
            return said.reason();
        } catch (NullPointerException e) {
            return new byte[0]; // Netty's way to say that there is none
        }
    }

    /** What ended a connection that was used; null if the peer has closed it in good order. */
    @Nullable
    IOException whyLost() {
        QuicConnectionCloseEvent said = closedByPeer;
        if (said != null) {
            return said.isApplicationClose() && said.error() == 0 ? null : new TurnedAwayException(refusal(said));
        }
        if (channel.isTimedOut()) {
            return new IOException("QUIC's idle time-out has passed");
        }
        return new IOException("the QUIC connection ended" + (failure == null ? "" : ": " + failure.getMessage()));
    }

    // ---- commands

    /** Tells how it goes on, from now on. */
    void listen(Listener hears) {
        listener = hears;
        if (secured) {
            hears.onSecured();
        }
        if (isClosed()) {
            hears.onEnd();
        }
    }

    /** Another one hears from now on. */
    void become(Listener hears) {
        listener = hears;
    }

    /** Whether the peer allows a stream more. */
    boolean allowsStream() {
        return !isClosed() && channel.peerAllowedStreams(QuicStreamType.UNIDIRECTIONAL) > 0;
    }

    /** A stream to the peer, fresh; null if the peer allows no more now, or it is over. */
    @Nullable
    QuicStreamChannel openStream() {
        // asking for one that is not allowed would use its number up all the same
        if (!allowsStream()) {
            return null;
        }
        Future<QuicStreamChannel> made = channel.createStream(QuicStreamType.UNIDIRECTIONAL, null);
        return made.isSuccess() ? made.getNow() : null;
    }

    /** The largest datagram that may be lost which the peer takes, in bytes; 0 if it takes none. */
    int datagramBytes() {
        return datagramBytes;
    }

    /** For buffers of datagrams. */
    ByteBufAllocator alloc() {
        return channel.alloc();
    }

    /** Hands a datagram over, which goes out with the next {@link #flushDatagrams}, or is lost. */
    void writeDatagram(ByteBuf datagram) {
        channel.write(datagram); // one that is too large by now is lost like any other
    }

    /** Lets QUIC send the datagrams that were written. */
    void flushDatagrams() {
        channel.flush();
    }

    /** Runs that once something was read from the connection's socket and QUIC has drawn its conclusions, or it was closed. */
    void afterNextRead(Runnable task) {
        turns().afterNext(task);
    }

    /** Runs that before the turn of reading is over that is under way, so that what it writes goes out together; else soon. */
    void writeTogether(Runnable task) {
        if (!turns().beforeEnd(task)) {
            loop.execute(task);
        }
    }

    private ReadTurns turns() {
        ReadTurns known = turns;
        if (known == null) {
            known = ReadTurns.of(channel.parent());
            turns = known;
        }
        return known;
    }

    /** Closes it before there is a session; the peer hears the code as far as that goes. A task of its own. */
    void refuse(ErrorCode code) {
        // not from within the arrival of its first packet, behind which the peer is still to get what it can decrypt
        execute(() -> close(false, QuicError.CONNECTION_REFUSED, QuicError.reason(code)));
    }

    /** Closes it at once; what has not left is dropped. Any thread. */
    void close() {
        if (loop.inLoop()) {
            closeQuietly();
        } else {
            execute(this::closeQuietly);
        }
    }

    /**
     * "Sending a CONNECTION_CLOSE of type 0x1d in an Initial or Handshake packet could expose application state", so that it has to be one of
     * type 0x1c (RFC 9000 section 10.2.3). Netty's quiche sends nothing of the kind, but packets without end, in which its loop is stuck.
     */
    private void closeQuietly() {
        close(secured, secured ? 0 : QuicError.APPLICATION_ERROR, Unpooled.EMPTY_BUFFER);
    }

    private void close(boolean application, int code, ByteBuf reason) {
        closing = true;
        path.stats();
        channel.close(application, code, reason);
    }

    private void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // the loop has ended, and every connection with it
        }
    }

    // ---- what the channel tells

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        secured = true;
        Listener hears = listener;
        if (hears != null && !closing) {
            hears.onSecured();
        }
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Listener hears = listener;
        if (message instanceof ByteBuf datagram) {
            take(datagram, hears);
            return;
        }
        if (message instanceof QuicStreamChannel stream && hears != null && !closing) {
            hears.onStream(stream);
        }
        ctx.fireChannelRead(message); // which registers it
    }

    private void take(ByteBuf datagram, @Nullable Listener hears) {
        if (hears == null || closing) {
            datagram.release();
        } else {
            hears.onDatagram(datagram);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        Listener hears = listener;
        if (event instanceof QuicConnectionCloseEvent said) {
            closedByPeer = said;
            path.stats();
        } else if (event instanceof QuicDatagramExtensionEvent datagrams) {
            datagramBytes = datagrams.maxLength();
        } else if (hears == null || closing) {
            return;
        } else if (event instanceof QuicStreamLimitChangedEvent) {
            hears.onStreamsAllowed();
        } else if (event instanceof QuicPathEvent.PeerMigrated migrated) {
            // where nothing was proved the library goes back, and has sent to elsewhere last
            at = isAt(migrated.remote(), at) ? at : addressOf(channel);
            hears.onMoved(at);
        } else if (event instanceof QuicPathEvent.FailedValidation) {
            hears.onMoveUnproven();
        }
        if (event instanceof QuicConnectionCloseEvent) {
            end(); // the channel's own end comes a second later
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    private void onClosed() {
        end();
        closed.tryEmitEmpty();
    }

    private void end() {
        Listener hears = listener;
        listener = null;
        if (hears != null) {
            hears.onEnd();
        }
    }
}
