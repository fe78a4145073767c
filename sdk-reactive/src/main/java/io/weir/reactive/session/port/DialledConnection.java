package io.weir.reactive.session.port;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.handshake.Role;
import io.weir.core.identity.PeerId;
import io.weir.core.path.PathAddress;
import io.weir.core.peer.AddressRace;
import io.weir.reactive.session.packet.PacketCarrier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * A dial: handshakes with the peer's addresses, each of which has a head start before the next (RFC 8305), until one of them has
 * answered as the peer must.
 */
final class DialledConnection extends PortConnection {

    private final Queue<PathAddress> untried;
    private final List<DialAttempt> attempts = new ArrayList<>(1);
    private final Disposable limit;
    private @Nullable HandshakeConfig config;
    private @Nullable Outcome outcome;
    private @Nullable Disposable next;
    private @Nullable DialAttempt chosen;
    private boolean done;

    /**
     * Not begun.
     *
     * @param addresses one or more
     * @param deadlineNanos until when an answer is waited for
     */
    DialledConnection(Port port, List<PathAddress> addresses, long deadlineNanos) {
        super(port, addresses.get(0));
        untried = new ArrayDeque<>(addresses.subList(0, Math.min(addresses.size(), AddressRace.MAX_ADDRESSES)));
        port.add(this);
        limit = port.loop().schedule(this::onLimit, deadlineNanos);
    }

    @Override
    public void start(Role role, @Nullable PeerId expected, Outcome told) {
        outcome = told;
        config = port().settings().handshake().withExpectedPeer(expected);
        if (port().isClosed()) {
            onPortLost();
        } else {
            tryNext();
        }
    }

    private void tryNext() {
        PathAddress to = untried.poll();
        if (done || to == null) {
            return;
        }
        disarm();
        DialAttempt attempt = DialAttempt.to(to, this, Objects.requireNonNull(config, "started"));
        if (attempt == null) {
            fail(CloseReason.local(ErrorCode.CONNECT_FAILED, "all receiver indexes of the port are in use"));
            return;
        }
        if (!untried.isEmpty()) {
            next = loop().schedule(this::tryNext, loop().nowNanos() + AddressRace.ATTEMPT_DELAY_NANOS);
        }
        attempts.add(attempt);
        attempt.begin();
    }

    private void onLimit() {
        if (outcome == null) {
            end();
        } else if (!done) {
            untried.clear();
            List.copyOf(attempts).forEach(attempt -> attempt.abort(ErrorCode.CONNECT_FAILED));
        }
    }

    void onFailed(DialAttempt attempt, CloseReason reason) {
        if (done || !attempts.remove(attempt)) {
            return;
        }
        attempt.end();
        if (!untried.isEmpty()) {
            tryNext();
        } else if (attempts.isEmpty()) {
            fail(reason);
        }
    }

    void onEstablished(DialAttempt attempt) {
        if (done) {
            return;
        }
        done = true;
        chosen = attempt;
        attempts.remove(attempt);
        disarm();
        limit.dispose();
        attempts.forEach(DialAttempt::end);
        attempts.clear();
        PacketCarrier made = establish(attempt.keys(), Objects.requireNonNull(outcome, "started"));
        made.onAuthenticated(this::onAuthenticated);
    }

    private void onAuthenticated() {
        DialAttempt confirmed = chosen;
        if (confirmed != null && !isEnded()) {
            confirmed.onAuthenticated();
            port().indexes().pass(confirmed.keys().ownIndex(), this);
            chosen = null;
        }
    }

    private void fail(CloseReason reason) {
        if (!done) {
            done = true;
            end();
            Objects.requireNonNull(outcome, "started").failed(reason);
        }
    }

    @Override
    public void abort(ErrorCode code) {
        if (!done) {
            done = true;
            end();
        }
    }

    @Override
    public void refuse(ErrorCode code) {
        end();
    }

    @Override
    void onPortLost() {
        if (outcome == null) {
            end();
        } else {
            fail(CloseReason.local(ErrorCode.LINK_LOST, "the port was closed during the handshake"));
        }
    }

    @Override
    void onEnd() {
        done = true;
        disarm();
        limit.dispose();
        attempts.forEach(DialAttempt::end);
        attempts.clear();
        DialAttempt unconfirmed = chosen;
        if (unconfirmed != null) {
            unconfirmed.end();
        }
    }

    private void disarm() {
        Disposable armed = next;
        if (armed != null) {
            armed.dispose();
            next = null;
        }
    }

    @Override
    public String toString() {
        DialAttempt shown = chosen != null ? chosen : attempts.isEmpty() ? null : attempts.get(0);
        return shown == null ? "a handshake that has not begun" : shown.toString();
    }
}
