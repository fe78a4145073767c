package io.weir.reactive.transport.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.weir.reactive.transport.netty.SocketOptions;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.netty.Connection;

/**
 * One attempt to connect to one address. Ends with its link, with a failure, or abandoned; in that case with nothing left
 * behind. Confined to the event loop that is also its link's.
 */
final class TcpAttempt {

    private final TcpTransport transport;
    private final InetSocketAddress to;
    private final TcpDial dial;
    private final Disposable.Swap connecting = Disposables.swap();

    /**
     * Kept here, not only in Reactor Netty's hands: a connection that comes while its subscriber is being cancelled would be
     * dropped there, open.
     */
    private @Nullable TcpLink link;

    private boolean abandoned;
    private boolean failed;

    TcpAttempt(TcpTransport transport, InetSocketAddress to, TcpDial dial) {
        this.transport = transport;
        this.to = to;
        this.dial = dial;
    }

    void start(EventLoop loop, Duration timeout) {
        connecting.update(transport
                .client(loop)
                .remoteAddress(() -> to)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(timeout))
                .doOnChannelInit((observer, channel, remote) -> {
                    transport.prepare(channel);
                    initialised(TcpLink.install(channel, null));
                })
                .connect()
                .subscribe(this::connected, this::failed));
        if (abandoned) {
            connecting.dispose();
        }
    }

    /** Where it tries to connect. */
    InetSocketAddress to() {
        return to;
    }

    /** Whether nothing can come of it any more. */
    boolean hasFailed() {
        return failed;
    }

    /** Its link, if it has come that far, is closed. */
    void abandon() {
        abandoned = true;
        connecting.dispose();
        if (link != null) {
            link.close();
        }
    }

    private void initialised(TcpLink made) {
        link = made;
        transport.own(made);
        if (abandoned) {
            made.closeLater();
        }
    }

    private void connected(Connection connection) {
        Channel channel = connection.channel();
        if (abandoned) {
            return;
        }
        SocketAddress there = channel.remoteAddress(); // null if it has ended meanwhile
        if (there != null && there.equals(channel.localAddress())) {
            reset(channel);
            failed(new ConnectException("nobody listens there, and the system connected the socket to itself"));
        } else {
            dial.connected(this, TcpLink.of(channel));
        }
    }

    /** Closed in the usual way, the number would be taken for a minute (TIME_WAIT), and who is to listen there could not. */
    private static void reset(Channel channel) {
        SocketOptions.trySet(channel, ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    private void failed(Throwable cause) {
        if (!abandoned) {
            failed = true;
            dial.failed(this, cause);
        }
    }

    private static int millis(Duration timeout) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toMillis()));
    }
}
