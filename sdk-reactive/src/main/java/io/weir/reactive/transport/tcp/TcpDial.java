package io.weir.reactive.transport.tcp;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.AddressFamily;
import io.weir.core.peer.AddressRace;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.netty.OwnedParts;
import io.weir.reactive.transport.netty.SocketFailure;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.MonoSink;

/**
 * One dial, from its name to the link: looks up both families, races the addresses as {@link AddressRace} has it, gives
 * the first connection and closes the others. Settled once: by a connection, the failure of all, the timer or
 * cancellation. Confined to one event loop, which is the link's in the end.
 */
final class TcpDial {

    private final TcpTransport transport;
    private final PeerAddress address;
    private final Duration timeout;
    private final DialProgress progress;
    private final MonoSink<Link> sink;
    private final EventLoop loop;

    private final AddressRace<InetSocketAddress> race = new AddressRace<>();
    private final List<TcpAttempt> attempts = new ArrayList<>(1);
    private final DialFailure failure = new DialFailure();
    private final Disposable.Composite lookups = Disposables.composite();

    private boolean own; // one of the addresses at least is this node's
    private boolean settled;
    private @Nullable Future<?> expiry;
    private @Nullable Future<?> nextAttempt;

    TcpDial(
            TcpTransport transport,
            PeerAddress address,
            Duration timeout,
            DialProgress progress,
            MonoSink<Link> sink,
            EventLoop loop) {
        this.transport = transport;
        this.address = address;
        this.timeout = timeout;
        this.progress = progress;
        this.sink = sink;
        this.loop = loop;
    }

    /** Any thread. */
    void start() {
        if (address.port() == 0) {
            sink.error(SocketFailure.dialling(
                    address, ErrorCode.ADDRESS_UNUSABLE, new IOException("port is 0, must be 1..65535 to be dialled")));
            return;
        }
        sink.onCancel(() -> execute(this::cancel));
        if (!execute(this::begin)) {
            sink.error(SocketFailure.dialling(address, ErrorCode.CONNECT_FAILED, OwnedParts.refusal()));
        }
    }

    private boolean execute(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // the loop has ended, and every link of the transport with it
        }
    }

    private void begin() {
        if (settled) {
            return;
        }
        expiry = loop.schedule(this::expire, timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (address.isLiteral()) {
            takeLiteral();
        } else {
            progress.resolving();
            for (AddressFamily family : AddressFamily.values()) {
                lookUp(family);
            }
        }
    }

    // ---- names

    private void takeLiteral() {
        try {
            InetAddress literal = InetAddress.getByName(address.host());
            boolean v6 = literal instanceof Inet6Address;
            race.resolved(AddressFamily.IPV6, v6 ? List.of(withPort(literal)) : List.of(), System.nanoTime());
            race.resolved(AddressFamily.IPV4, v6 ? List.of() : List.of(withPort(literal)), System.nanoTime());
            advance();
        } catch (UnknownHostException e) {
            fail(ErrorCode.UNRESOLVED, e); // of a zone that this machine does not have
        }
    }

    private void lookUp(AddressFamily family) {
        lookups.add(transport
                .names()
                .lookUp(address.host(), family, loop)
                .defaultIfEmpty(List.of())
                .subscribe(
                        found -> execute(() -> resolved(family, found)),
                        e -> execute(() -> {
                            failure.unresolved(family, e);
                            resolved(family, List.of());
                        })));
    }

    private void resolved(AddressFamily family, List<InetAddress> found) {
        if (!settled) {
            race.resolved(family, found.stream().map(this::withPort).toList(), System.nanoTime());
            advance();
        }
    }

    private InetSocketAddress withPort(InetAddress host) {
        return new InetSocketAddress(host, address.port());
    }

    // ---- attempts

    /** Begins every attempt that is due, or fails, or sees to being called again when the next one is. */
    private void advance() {
        if (nextAttempt != null) {
            nextAttempt.cancel(false);
            nextAttempt = null;
        }
        InetSocketAddress to;
        while (!settled && (to = race.poll(System.nanoTime())) != null) {
            attempt(to);
        }
        if (settled) {
            return;
        }
        if (race.isLost()) {
            lost();
        } else if (race.hasWaiting()) {
            long delayNanos = Math.max(0, race.nextAtNanos() - System.nanoTime());
            nextAttempt = loop.schedule(this::advance, delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void attempt(InetSocketAddress to) {
        if (!progress.mayTry(to)) {
            own = true;
            failure.refused(to, new IOException("this node listens there itself"));
            race.failed(System.nanoTime());
            return;
        }
        if (attempts.isEmpty()) {
            progress.connecting();
        }
        TcpAttempt attempt = new TcpAttempt(transport, to, this);
        attempts.add(attempt);
        attempt.start(loop, timeout);
    }

    void connected(TcpAttempt winner, TcpLink link) {
        if (settled) {
            link.close();
            return;
        }
        settle();
        attempts.stream().filter(attempt -> attempt != winner).forEach(TcpAttempt::abandon);
        // Either the subscriber takes the link, or cancel() runs.
        sink.success(link);
    }

    void failed(TcpAttempt attempt, Throwable cause) {
        if (!settled) {
            failure.refused(attempt.to(), cause);
            race.failed(System.nanoTime());
            execute(this::advance); // not from within the attempt's own start
        }
    }

    // ---- ends

    private void lost() {
        if (attempts.isEmpty() && own) {
            fail(ErrorCode.SELF_CONNECT, failure.ofAll());
        } else if (attempts.isEmpty()) {
            fail(ErrorCode.UNRESOLVED, failure.ofNames(address.host()));
        } else {
            fail(ErrorCode.CONNECT_FAILED, failure.ofAll());
        }
    }

    private void expire() {
        if (attempts.isEmpty()) {
            fail(
                    ErrorCode.UNRESOLVED,
                    new TimeoutException("its name was not resolved within " + timeout.toMillis() + " ms"));
        } else {
            attempts.stream()
                    .filter(attempt -> !attempt.hasFailed())
                    .forEach(attempt -> failure.refused(
                            attempt.to(), new TimeoutException("no answer within " + timeout.toMillis() + " ms")));
            fail(ErrorCode.CONNECT_FAILED, failure.ofAll());
        }
    }

    private void cancel() {
        settle();
        attempts.forEach(TcpAttempt::abandon);
    }

    private void fail(ErrorCode code, Throwable cause) {
        if (!settled) {
            settle();
            attempts.forEach(TcpAttempt::abandon);
            sink.error(SocketFailure.dialling(address, code, cause));
        }
    }

    private void settle() {
        settled = true;
        lookups.dispose();
        if (expiry != null) {
            expiry.cancel(false);
        }
        if (nextAttempt != null) {
            nextAttempt.cancel(false);
        }
    }
}
