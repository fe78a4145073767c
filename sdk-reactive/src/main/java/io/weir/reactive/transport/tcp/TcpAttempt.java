package io.weir.reactive.transport.tcp;

import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
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
        if (!abandoned) {
            dial.connected(this, TcpLink.of(connection.channel()));
        }
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
