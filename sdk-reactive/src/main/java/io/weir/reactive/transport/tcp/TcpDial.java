package io.weir.reactive.transport.tcp;

import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.Future;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Link;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.MonoSink;
import reactor.netty.Connection;

/**
 * One attempt to connect, from resolving to the link. It is settled once: by the connection, by a failure, by the timer
 * or by cancellation; a connection that comes after that is closed. Thread safe.
 */
final class TcpDial {

    private final TcpTransport transport;
    private final PeerAddress address;
    private final Duration timeout;
    private final MonoSink<Link> sink;

    private final AtomicBoolean settled = new AtomicBoolean();
    private final Disposable.Swap connecting = Disposables.swap();

    private volatile boolean resolving;
    private volatile @Nullable Future<?> timer;
    private volatile @Nullable TcpLink latest;

    TcpDial(TcpTransport transport, PeerAddress address, Duration timeout, MonoSink<Link> sink) {
        this.transport = transport;
        this.address = address;
        this.timeout = timeout;
        this.sink = sink;
    }

    void start() {
        sink.onCancel(this::cancel);
        if (address.port() == 0) {
            fail(ErrorCode.CONNECT_FAILED, new IOException("port 0 cannot be dialled"));
            return;
        }
        try {
            timer = transport.clientLoops().schedule(this::expire, timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RuntimeException e) {
            fail(ErrorCode.CONNECT_FAILED, new IOException("the transport is disposed", e));
            return;
        }
        connecting.update(transport
                .client()
                .host(address.host())
                .port(address.port())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(timeout))
                .doOnResolve(connection -> resolving = true)
                .doAfterResolve((connection, resolved) -> resolving = false)
                .doOnChannelInit((observer, channel, remote) -> {
                    TcpTransport.prepare(channel);
                    initialised(TcpLink.install(channel, null));
                })
                .connect()
                .subscribe(this::connected, this::failed));
        if (settled.get()) {
            connecting.dispose();
        }
    }

    /**
     * A name with several addresses makes one channel after the other. The latest one is kept here, not only in Reactor
     * Netty's hands: a connection that comes while its subscriber is being cancelled would be dropped there, open.
     */
    private void initialised(TcpLink link) {
        latest = link;
        transport.own(link);
        if (settled.get()) {
            link.closeLater();
        }
    }

    private void connected(Connection connection) {
        TcpLink link = TcpLink.of(connection.channel());
        if (settle()) {
            // Either the subscriber takes the link, or cancel() runs.
            sink.success(link);
        } else {
            link.close();
        }
    }

    private void failed(Throwable cause) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof UnknownHostException) {
                fail(ErrorCode.UNRESOLVED, cause);
                return;
            }
        }
        fail(ErrorCode.CONNECT_FAILED, cause);
    }

    private void expire() {
        String phase = resolving ? "its name was not resolved within " : "nobody answered within ";
        TimeoutException cause = new TimeoutException(phase + timeout.toMillis() + " ms");
        if (fail(resolving ? ErrorCode.UNRESOLVED : ErrorCode.CONNECT_FAILED, cause)) {
            abandon();
        }
    }

    private void cancel() {
        settle();
        abandon();
    }

    private void abandon() {
        connecting.dispose();
        TcpLink link = latest;
        if (link != null) {
            link.close();
        }
    }

    private boolean fail(ErrorCode code, Throwable cause) {
        if (!settle()) {
            return false;
        }
        sink.error(new ConnectException(
                CloseReason.local(code),
                new IOException("cannot connect to " + address + ": " + cause.getMessage(), cause)));
        return true;
    }

    private boolean settle() {
        if (!settled.compareAndSet(false, true)) {
            return false;
        }
        Future<?> pending = timer;
        if (pending != null) {
            pending.cancel(false);
        }
        return true;
    }

    private static int millis(Duration timeout) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toMillis()));
    }
}
