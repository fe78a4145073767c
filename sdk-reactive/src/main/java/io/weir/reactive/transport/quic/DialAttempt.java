package io.weir.reactive.transport.quic;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.transport.Handshakes;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One address that is dialled, from a socket of its own, which ends with the connection. Loop-confined. */
final class DialAttempt implements QuicConnection.Establishing {

    /** Hears how it goes on. */
    interface Owner {
        /** Keys are agreed on. */
        void onSecured(DialAttempt attempt, QuicConnection connection);

        /** It has come to nothing: CONNECT_FAILED if nobody has answered. */
        void onFailed(DialAttempt attempt, CloseReason reason);

        /** Its socket is closed, or there never was one; once, and not within {@link #start}. */
        void onGone();
    }

    /** None of Netty's own: its timer is never cancelled, and holds what it knows of a connection for as long; the owner has one. */
    private static final int NO_TIME_OUT = 0;

    /**
     * Between the word that nothing gets there and the end of the attempt, in ns: whoever sees what goes out can say so, and a peer that answers
     * meanwhile is there all the same.
     */
    static final long UNREACHABLE_NANOS = 1_000_000_000L;

    private final Owner owner;
    private final InetSocketAddress to;
    private @Nullable DatagramChannel socket;
    private @Nullable QuicConnection connection;
    private @Nullable Unreachable unreachable;
    private boolean told;
    private boolean over;
    private boolean closed;

    DialAttempt(Owner owner, InetSocketAddress to) {
        this.owner = owner;
        this.to = to;
    }

    /** Whether it may still come to something. */
    boolean isUnderWay() {
        return !over && !closed;
    }

    void start(QuicTransport transport, QuicTls tls, Handshakes handshakes, EventLoop loop, PeerCheck check) {
        InetSocketAddress from = new InetSocketAddress(to.getAddress() instanceof Inet6Address ? "::" : "0.0.0.0", 0);
        DatagramChannel made;
        try {
            made = transport.socket();
        } catch (ChannelException e) { // as where no file descriptor is left
            loop.execute(() -> {
                fail(e);
                owner.onGone();
            });
            return;
        }
        socket = made;
        made.closeFuture().addListener(done -> owner.onGone());
        Unreachable hears = new Unreachable(made, this::onUnreachable);
        unreachable = hears;
        made.pipeline()
                .addLast(
                        PortWatch.dialling(handshakes.tally()),
                        hears,
                        new ReadTurns(),
                        QuicCodecs.dialling(tls, handshakes.receiveLimits(), transport.options()),
                        QuicCodecs.socketErrors());
        transport.bind(made, loop, from).subscribe(bound -> connect(bound, transport, check), this::fail);
    }

    private void connect(DatagramChannel bound, QuicTransport transport, PeerCheck check) {
        if (closed) {
            bound.close();
            return;
        }
        check.onAnswerDue(); // what is said first goes out with this
        QuicChannel.newBootstrap(bound)
                .attr(PeerCheck.KEY, check)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, NO_TIME_OUT)
                .option(
                        QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
                        QuicCodecs.offload(bound, transport.options()))
                .handler(QuicCodecs.<QuicChannel>initializer(channel -> {
                    QuicConnection begun = new QuicConnection(channel);
                    connection = begun;
                    channel.pipeline().addLast(begun);
                    channel.closeFuture().addListener(done -> bound.close());
                    begun.listen(this);
                }))
                .streamHandler(QuicCodecs.<Channel>initializer(stream -> {}))
                .remoteAddress(to)
                .connect()
                .addListener(done -> {
                    if (!done.isSuccess() && connection == null) {
                        fail(done.cause());
                    }
                });
    }

    private void fail(Throwable cause) {
        end(CloseReason.local(ErrorCode.CONNECT_FAILED, to + ": " + cause.getMessage()));
        close();
    }

    private void onUnreachable(IOException why) {
        DatagramChannel bound = socket;
        if (bound != null && isUnderWay() && !told) {
            told = true;
            bound.eventLoop().schedule(() -> failUnlessOver(why), UNREACHABLE_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private void failUnlessOver(IOException why) {
        if (isUnderWay()) {
            fail(why);
        }
    }

    /** Gives it up; nothing is told any more but that it is gone. */
    void close() {
        closed = true;
        QuicConnection begun = connection;
        DatagramChannel bound = socket;
        if (begun != null && !begun.isClosed()) {
            begun.close();
        } else if (bound != null) {
            bound.close();
        }
    }

    private void end(CloseReason reason) {
        if (isUnderWay()) {
            over = true;
            owner.onFailed(this, reason);
        }
    }

    // ---- the connection

    @Override
    public void onSecured() {
        QuicConnection secured = connection;
        if (secured != null && isUnderWay()) {
            over = true;
            if (unreachable != null) {
                unreachable.stop();
            }
            owner.onSecured(this, secured);
        }
    }

    @Override
    public void onEnd() {
        QuicConnection begun = connection;
        if (begun != null) {
            end(begun.whyNot(ErrorCode.CONNECT_FAILED));
        }
    }
}
