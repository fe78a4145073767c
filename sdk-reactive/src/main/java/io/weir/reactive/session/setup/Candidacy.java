package io.weir.reactive.session.setup;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.session.Session;
import io.weir.reactive.transport.SessionLoop;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection's part in the contest for being the one session with its peer, between the proof of the peer's identity and
 * HELLO. Loop-confined but for {@link Contender}.
 */
final class Candidacy implements Contender {

    private final SessionSetup setup;
    private final SetupHost host;
    private final Session session;
    private final long deadlineNanos;
    private boolean admitted;
    private boolean contending;
    private boolean placed;

    Candidacy(SessionSetup setup, SetupHost host, Session session, long deadlineNanos) {
        this.setup = setup;
        this.host = host;
        this.session = session;
        this.deadlineNanos = deadlineNanos;
    }

    /** The peer that dialled may have a session. */
    void onAdmitted() {
        admitted = true;
        contendIfPresented();
    }

    void onPeerHello() {
        contendIfPresented();
    }

    /** HELLO names the peer's run, which decides; before, there is nothing to hold a place for. */
    private void contendIfPresented() {
        if (admitted && !contending && session.helloHeard()) {
            contend();
        }
    }

    void contend() {
        contending = true;
        host.contend(this);
    }

    boolean mayBecomeReady() {
        return placed || host.claim(this);
    }

    void onReady() {
        host.prevailed(this);
    }

    /**
     * It ended before it was ready.
     *
     * @param instead is told, on the loop, of the session with the peer to which a dial leads, refused as it is; null for
     *     none
     */
    void onEnd(CloseReason reason, Consumer<@Nullable Session> instead) {
        if (placed) {
            host.leavePlace();
        }
        boolean refused = session.initiator() && reason.error() == ErrorCode.DUPLICATE_SESSION;
        if (contending) {
            host.withdraw(this, refused ? survivor -> session.run(() -> instead.accept(survivor)) : survivor -> {});
        }
        if (!contending || !refused) {
            instead.accept(null);
        }
    }

    // ---- Contender

    @Override
    public Session session() {
        return session;
    }

    @Override
    public SessionLoop loop() {
        return session.loop();
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public void goOn() {
        unlessDone(s -> {
            if (s.initiator() || takePlace()) {
                s.sayHello();
            }
        });
    }

    /** What HELLO promises to the peer is held for it first. */
    private boolean takePlace() {
        ErrorCode refusal = host.takePlace();
        if (refusal != null) {
            session.fail(refusal);
            return false;
        }
        placed = host.claim(this);
        if (!placed) {
            host.leavePlace();
        }
        return placed;
    }

    @Override
    public void giveWayTo(Session survivor) {
        unlessDone(s -> {
            setup.leadTo(survivor);
            s.fail(ErrorCode.DUPLICATE_SESSION);
        });
    }

    @Override
    public void giveWay() {
        unlessDone(s -> s.fail(ErrorCode.DUPLICATE_SESSION));
    }

    private void unlessDone(Consumer<Session> step) {
        session.run(() -> {
            if (!setup.isDone()) {
                step.accept(session);
            }
        });
    }
}
