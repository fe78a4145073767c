package io.weir.reactive.session.setup;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeStage;
import io.weir.core.handshake.Role;
import io.weir.core.identity.PeerId;
import io.weir.core.wire.FrameOrder;
import io.weir.reactive.PeerAdmission.Candidate;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.Entrance;
import io.weir.reactive.session.Session;
import io.weir.reactive.session.SessionSettings;
import io.weir.reactive.session.loop.LoopCalls;
import io.weir.reactive.transport.Association;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.SessionLoop;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * Takes a fresh connection to a ready session, or to a typed failure: the peer's proof of who it is, which is the
 * {@link Establisher}'s, admission, the contest with other connections of the same peer, HELLO from both sides, all within the
 * handshake time-out. Loop-confined.
 */
public final class SessionSetup implements Establisher.Outcome, Entrance, Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionSetup.class);

    private final SessionSettings settings;
    private final SetupHost host;
    private final long sessionId;
    private final Establisher connection;
    private final boolean initiator;
    private final Consumer<Session> ready;
    private final Consumer<CloseReason> failed;

    private @Nullable Session session;
    private @Nullable FrameOrder order;
    private @Nullable Candidacy candidacy;
    private @Nullable Disposable timeout;
    private @Nullable Disposable admission;
    private long startedNanos;
    private boolean done;

    private SessionSetup(
            SessionSettings settings,
            SetupHost host,
            long sessionId,
            Establisher connection,
            boolean initiator,
            Outcome out) {
        this.settings = settings;
        this.host = host;
        this.sessionId = sessionId;
        this.connection = connection;
        this.initiator = initiator;
        this.ready = out.ready;
        this.failed = out.failed;
    }

    /**
     * Whom to tell; exactly one of the two is called, once, on the loop. Where another session with the peer was ready
     * first, a dial leads to that one.
     */
    public record Outcome(Consumer<Session> ready, Consumer<CloseReason> failed) {}

    /** Starts as the side that dialled. Call on the connection's loop. */
    public static SessionSetup initiate(
            SessionSettings settings,
            SetupHost host,
            long id,
            Establisher connection,
            @Nullable PeerId expected,
            Outcome outcome) {
        return new SessionSetup(settings, host, id, connection, true, outcome).start(expected);
    }

    /** Starts as the side that was dialled. Call on the connection's loop. */
    public static SessionSetup respond(
            SessionSettings settings, SetupHost host, long id, Establisher connection, Outcome outcome) {
        return new SessionSetup(settings, host, id, connection, false, outcome).start(null);
    }

    private SessionSetup start(@Nullable PeerId expected) {
        SessionLoop loop = connection.loop();
        startedNanos = loop.nowNanos();
        timeout = loop.schedule(
                this::onTimeout,
                startedNanos + settings.limits().handshakeTimeout().toNanos());
        connection.start(initiator ? Role.INITIATOR : Role.RESPONDER, expected, this);
        return this;
    }

    /** Gives up and closes the connection, unless the session is ready. Any thread. */
    @Override
    public void dispose() {
        LoopCalls.run(connection.loop(), () -> fail(CloseReason.local(ErrorCode.CANCELLED, "given up")));
    }

    /** How far it is. Any thread, to which a change may be told a little later. */
    public HandshakeStage stage() {
        Session known = session;
        if (known == null) {
            return connection.stage();
        }
        return known.helloHeard() || !known.helloSaid() ? HandshakeStage.PROCESSING : HandshakeStage.READING_HEADER;
    }

    // ---- the connection

    @Override
    public void established(Association association) {
        PeerId peer = association.peer();
        Session s = new Session(settings, host, sessionId, association, initiator, this);
        session = s;
        order = association.carrier().order();
        long deadlineNanos = startedNanos + settings.limits().handshakeTimeout().toNanos();
        candidacy = new Candidacy(this, host, s, deadlineNanos);
        if (initiator) {
            candidacy.contend();
        } else {
            ErrorCode refusal = host.refusal(peer);
            if (refusal != null) {
                s.fail(refusal);
            } else {
                askAdmission(s, new Candidate(peer, association.remoteAddress()));
            }
        }
    }

    @Override
    public void failed(CloseReason reason) {
        fail(reason);
    }

    private void askAdmission(Session s, Candidate candidate) {
        Mono<Boolean> verdict = Fault.defer(
                        "the admission", () -> settings.admission().admit(candidate))
                .next()
                .onErrorResume(e -> {
                    LOG.warn("Admission of {} failed; it is refused", candidate.peer(), e);
                    if (Fault.isFatal(e)) {
                        s.thrown(e, Context.empty());
                    }
                    return Mono.just(false);
                })
                .defaultIfEmpty(false);
        admission = verdict.subscribe(admit -> LoopCalls.run(connection.loop(), () -> {
            if (done) {
                return;
            }
            if (admit) {
                candidacy().onAdmitted();
            } else {
                s.fail(ErrorCode.NOT_ADMITTED);
            }
        }));
    }

    // ---- the session

    @Override
    public void onPeerHello() {
        candidacy().onPeerHello();
    }

    @Override
    public boolean mayBecomeReady() {
        return candidacy().mayBecomeReady();
    }

    @Override
    public void onSettled(@Nullable CloseReason end) {
        if (done) {
            return;
        }
        settle();
        Candidacy contending = candidacy();
        if (end == null) {
            ready.accept(contending.session());
            contending.onReady();
        } else {
            CloseReason reason = suspicion(end);
            contending.onEnd(reason, survivor -> {
                if (survivor != null) {
                    ready.accept(survivor);
                } else {
                    failed.accept(reason);
                }
            });
        }
    }

    /**
     * What a lost link means behind message 3. A responder with another network key cannot open that, and says nothing to whom
     * it does not know: all that its dialler sees is a link that ends before the first record.
     */
    private CloseReason suspicion(CloseReason end) {
        boolean keysMeet = initiator
                && settings.handshake().networkKey() != null
                && !candidacy().session().helloHeard();
        return keysMeet && end.equals(CloseReason.local(ErrorCode.LINK_LOST))
                ? CloseReason.local(
                        ErrorCode.NETWORK_KEY_MISMATCH,
                        "the responder ended the link where it would have shown that it has the same network key")
                : end;
    }

    /** Another session with the peer is ready instead. */
    void leadTo(Session survivor) {
        settle();
        ready.accept(survivor);
    }

    boolean isDone() {
        return done;
    }

    private Candidacy candidacy() {
        return Objects.requireNonNull(candidacy, "established");
    }

    private void settle() {
        done = true;
        if (timeout != null) {
            timeout.dispose();
        }
        if (admission != null) {
            admission.dispose();
        }
    }

    private void onTimeout() {
        String limit = settings.limits().handshakeTimeout().toMillis() + " ms";
        fail(CloseReason.local(ErrorCode.HANDSHAKE_TIMEOUT, "no session within " + limit + ": " + state()));
    }

    private String state() {
        Session s = session;
        return s == null ? connection.toString() : s.helloHeard() ? "HELLO was heard" : unanswered();
    }

    /** Over datagrams a responder that cannot open message 3 drops it: no link ends by which {@link #suspicion} would know. */
    private String unanswered() {
        boolean keysMeet = initiator && settings.handshake().networkKey() != null && order == FrameOrder.NONE;
        return "the peer has not said HELLO" + (keysMeet ? "; the network keys may differ" : "");
    }

    private void fail(CloseReason reason) {
        if (done) {
            return;
        }
        LOG.debug("The connection with {} leads to no session: {}", connection.remoteAddress(), reason);
        Session s = session;
        if (s != null) {
            s.fail(reason.error(), reason.detail());
            return;
        }
        settle();
        connection.abort(reason.error());
        failed.accept(reason);
    }
}
