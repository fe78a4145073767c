package io.weir.reactive.transport.quic;

import io.netty.channel.EventLoop;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeStage;
import io.weir.core.handshake.Role;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.Handshakes;
import io.weir.reactive.transport.SessionLoop;
import io.weir.reactive.transport.netty.NettyLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A connection that is dialled: nothing goes out before {@link #start}. Of several addresses each begins a quarter of a second after
 * the one before it, or when that has failed; the first that answers is the peer's, whatever it answers. Loop-confined, but for
 * what says otherwise.
 */
final class DialledConnection implements Establisher, DialAttempt.Owner {

    /** Between the beginnings of two attempts (RFC 8305 section 5). */
    static final long ATTEMPT_DELAY_NANOS = 250_000_000L;

    private final QuicTransport transport;
    private final QuicTls tls;
    private final Handshakes handshakes;
    private final EventLoop eventLoop;
    private final SessionLoop loop;
    private final DialTime time;
    private final Deque<InetSocketAddress> untried;
    private final InetSocketAddress first;
    private final List<DialAttempt> attempts = new ArrayList<>(1);
    private final List<PeerCheck> checks = new CopyOnWriteArrayList<>();
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final Disposable.Swap expiry = Disposables.swap();
    private final Disposable.Swap next = Disposables.swap();
    private @Nullable Outcome outcome;
    private @Nullable PeerId expected;
    private @Nullable CloseReason lastFailure;
    private long startedNanos;
    private int open;
    private boolean settled;

    /**
     * @param addresses where to dial, one at least
     * @param time until one of them has answered
     */
    DialledConnection(
            QuicTransport transport,
            QuicTls tls,
            Handshakes handshakes,
            EventLoop eventLoop,
            List<InetSocketAddress> addresses,
            DialTime time) {
        this.transport = transport;
        this.tls = tls;
        this.handshakes = handshakes;
        this.eventLoop = eventLoop;
        this.time = time;
        loop = NettyLoop.of(eventLoop);
        untried = new ArrayDeque<>(addresses);
        first = addresses.get(0);
    }

    // ---- Establisher

    @Override
    public SessionLoop loop() {
        return loop;
    }

    @Override
    public SocketAddress remoteAddress() {
        return first;
    }

    @Override
    public String transport() {
        return PeerAddress.QUIC;
    }

    /** That of the address which is the farthest. */
    @Override
    public HandshakeStage stage() {
        HandshakeStage farthest = HandshakeStage.WRITING;
        for (PeerCheck check : checks) {
            HandshakeStage stage = check.stage();
            if (stage == HandshakeStage.PROCESSING) {
                return stage;
            }
            farthest = stage == HandshakeStage.WRITING ? farthest : stage;
        }
        return farthest;
    }

    @Override
    public void start(Role role, @Nullable PeerId who, Outcome told) {
        outcome = told;
        expected = who;
        startedNanos = loop.nowNanos();
        expiry.update(loop.schedule(this::onTimeout, startedNanos + time.leftNanos()));
        tryNext();
    }

    @Override
    public void abort(ErrorCode code) {
        if (!settled) {
            settle(null);
        }
    }

    @Override
    public void refuse(ErrorCode code) {
        close();
    }

    @Override
    public void close() {
        try {
            loop.execute(() -> settle(null));
        } catch (RejectedExecutionException e) {
            closed.tryEmitEmpty(); // the loop has ended, and its sockets with it
        }
    }

    @Override
    public Mono<Void> onClose() {
        return closed.asMono();
    }

    @Override
    public String toString() {
        return "the QUIC handshake is " + (settled ? "over" : "under way, at " + attempts.size() + " addresses");
    }

    // ---- attempts

    private void tryNext() {
        InetSocketAddress to = untried.poll();
        if (to == null || settled) {
            return;
        }
        open++;
        DialAttempt attempt = new DialAttempt(this, to);
        attempts.add(attempt);
        PeerCheck check = new PeerCheck(tls.self(), expected);
        checks.add(check);
        attempt.start(transport, tls, handshakes, eventLoop, check);
        if (!untried.isEmpty()) {
            next.update(loop.schedule(this::tryNext, loop.nowNanos() + ATTEMPT_DELAY_NANOS));
        }
    }

    @Override
    public void onSecured(DialAttempt attempt, QuicConnection connection) {
        Outcome told = outcome;
        if (settled || told == null) {
            attempt.close();
            return;
        }
        settle(attempt);
        CloseReason reason = Securing.settle(connection, startedNanos, told);
        if (reason != null) {
            connection.refuse(reason.error());
            told.failed(reason);
        }
    }

    @Override
    public void onFailed(DialAttempt attempt, CloseReason reason) {
        if (settled) {
            return;
        }
        lastFailure = reason;
        boolean answered = reason.error() != ErrorCode.CONNECT_FAILED;
        if (answered || untried.isEmpty() && attempts.stream().noneMatch(DialAttempt::isUnderWay)) {
            fail(reason);
        } else {
            tryNext();
        }
    }

    @Override
    public void onGone() {
        if (--open == 0 && settled) {
            closed.tryEmitEmpty();
        }
    }

    private void onTimeout() {
        CloseReason known = lastFailure;
        fail(
                known != null
                        ? known
                        : CloseReason.local(
                                ErrorCode.CONNECT_FAILED,
                                "no answer from " + first + " within "
                                        + time.limit().toMillis() + " ms"));
    }

    private void fail(CloseReason reason) {
        Outcome told = outcome;
        if (!settled && told != null) {
            settle(null);
            told.failed(reason);
        }
    }

    /** Nothing more is tried; all but the winner are closed. */
    private void settle(@Nullable DialAttempt winner) {
        settled = true;
        expiry.dispose();
        next.dispose();
        attempts.stream().filter(attempt -> attempt != winner).forEach(DialAttempt::close);
        if (open == 0) {
            closed.tryEmitEmpty();
        }
    }
}
