package io.weir.reactive.session.setup;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeResult;
import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.handshake.HandshakeResult.Failed;
import io.weir.core.handshake.Role;
import io.weir.core.handshake.StreamHandshake;
import io.weir.core.identity.PeerId;
import io.weir.reactive.PeerAdmission.Candidate;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.Entrance;
import io.weir.reactive.session.Session;
import io.weir.reactive.session.SessionLife;
import io.weir.reactive.session.SessionSettings;
import io.weir.reactive.session.carrier.LinkInput;
import io.weir.reactive.session.loop.LoopCalls;
import io.weir.reactive.transport.Link;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * Takes a fresh link to a ready session, or to a typed failure: handshake, admission, the contest with other connections of
 * the same peer, HELLO from both sides, all within the handshake time-out. Loop-confined; hosts one {@link StreamHandshake}.
 */
public final class SessionSetup implements LinkInput, Entrance {

    private static final Logger LOG = LoggerFactory.getLogger(SessionSetup.class);

    private final SessionSettings settings;
    private final SetupHost host;
    private final long sessionId;
    private final Link link;
    private final boolean initiator;
    private final StreamHandshake handshake;
    private final Consumer<Session> ready;
    private final Consumer<CloseReason> failed;

    private final LinkInput.Reader reader = new LinkInput.Reader(this);
    private final Sinks.Many<ByteBuffer> handshakeBytes = Sinks.many().unicast().onBackpressureBuffer();
    private @Nullable Session session;
    private @Nullable Candidacy candidacy;
    private @Nullable Disposable timeout;
    private @Nullable Disposable admission;
    private long startedNanos;
    private boolean done;

    private SessionSetup(
            SessionSettings settings,
            SetupHost host,
            long sessionId,
            Link link,
            StreamHandshake handshake,
            Outcome out) {
        this.settings = settings;
        this.host = host;
        this.sessionId = sessionId;
        this.link = link;
        this.initiator = handshake.role() == Role.INITIATOR;
        this.handshake = handshake;
        this.ready = out.ready;
        this.failed = out.failed;
    }

    /**
     * Whom to tell; exactly one of the two is called, once, on the loop. Where another session with the peer was ready
     * first, a dial leads to that one.
     */
    public record Outcome(Consumer<Session> ready, Consumer<CloseReason> failed) {}

    /**
     * Starts as the side that dialled. Call on the link's loop.
     *
     * @return disposing it, from any thread, gives up and closes the link unless the session is ready
     */
    public static Disposable initiate(
            SessionSettings settings, SetupHost host, long id, Link link, @Nullable PeerId expected, Outcome outcome) {
        StreamHandshake handshake =
                StreamHandshake.initiator(settings.handshake().withExpectedPeer(expected), settings.random());
        return new SessionSetup(settings, host, id, link, handshake, outcome).start();
    }

    /** Starts as the side that was dialled. Call on the link's loop. */
    public static Disposable respond(SessionSettings settings, SetupHost host, long id, Link link, Outcome outcome) {
        StreamHandshake handshake = StreamHandshake.responder(settings.handshake(), settings.random());
        return new SessionSetup(settings, host, id, link, handshake, outcome).start();
    }

    private Disposable start() {
        startedNanos = link.loop().nowNanos();
        timeout = link.loop()
                .schedule(
                        this::onTimeout,
                        startedNanos + settings.limits().handshakeTimeout().toNanos());
        link.send(Flux.concat(handshakeBytes.asFlux(), Flux.defer(this::records)))
                .subscribe(null, this::outboundFailed, this::outboundEnded);
        link.inbound().subscribe(reader);
        pollOutput();
        return () -> LoopCalls.run(link.loop(), () -> fail(CloseReason.local(ErrorCode.CANCELLED, "given up")));
    }

    private Flux<ByteBuffer> records() {
        Session s = session;
        return s == null ? Flux.empty() : s.records();
    }

    private void outboundFailed(Throwable e) {
        if (!(e instanceof IOException)) {
            // the link is closed by now, so this can no longer be said to the peer
            LOG.error("A defect ends the link to {}", link.remoteAddress(), e);
        }
        outboundEnded();
    }

    private void outboundEnded() {
        Session s = session;
        if (s != null) {
            s.onOutboundEnded();
        } else {
            link.closeOutput();
        }
    }

    @Override
    public void onBytes(ByteBuffer chunk) {
        if (done) {
            chunk.position(chunk.limit());
            return;
        }
        handshake.receive(chunk);
        pollOutput();
        HandshakeResult result = handshake.result();
        if (result instanceof Established established) {
            onEstablished(established);
        } else if (result instanceof Failed refused) {
            fail(refused.reason());
        }
    }

    @Override
    public void onLinkEnd(@Nullable Throwable failure) {
        if (done) {
            link.close();
        } else {
            handshake.abort(ErrorCode.LINK_LOST);
            fail(CloseReason.local(ErrorCode.LINK_LOST, "the link ended during the handshake"));
            link.close();
        }
    }

    @Override
    public void onDefect(Throwable defect) {
        LOG.error("A defect ends the handshake with {}", link.remoteAddress(), defect);
        fail(CloseReason.local(ErrorCode.INTERNAL, "a defect: " + defect));
        if (Fault.isFatal(defect)) {
            Fault.throwOn(defect);
        }
    }

    private void pollOutput() {
        byte[] bytes;
        while ((bytes = handshake.pollOutput()) != null) {
            handshakeBytes.tryEmitNext(ByteBuffer.wrap(bytes));
        }
    }

    private void onEstablished(Established established) {
        long rttNanos = link.loop().nowNanos() - startedNanos;
        Session s = new Session(settings, host, sessionId, link, established, initiator, rttNanos, this);
        session = s;
        long deadlineNanos = startedNanos + settings.limits().handshakeTimeout().toNanos();
        candidacy = new Candidacy(this, host, s, deadlineNanos);
        reader.become(s.input());
        handshakeBytes.tryEmitComplete();
        if (initiator) {
            candidacy.contend();
        } else {
            ErrorCode refusal = host.refusal(established.peer());
            if (refusal != null) {
                s.fail(refusal);
            } else {
                askAdmission(s, new Candidate(established.peer(), link.remoteAddress()));
            }
        }
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
        admission = verdict.subscribe(admit -> LoopCalls.run(link.loop(), () -> {
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
        return s == null ? handshake.toString() : s.helloHeard() ? "HELLO was heard" : "the peer has not said HELLO";
    }

    private void fail(CloseReason reason) {
        if (done) {
            return;
        }
        LOG.debug("Link to {} leads to no session: {}", link.remoteAddress(), reason);
        Session s = session;
        if (s != null) {
            s.fail(reason.error(), reason.detail());
            return;
        }
        settle();
        handshake.abort(reason.error());
        handshakeBytes.tryEmitComplete();
        // a reject may be on its way: give it a moment, then close on whatever the peer still sends
        link.loop().schedule(link::close, link.loop().nowNanos() + SessionLife.LINGER_NANOS);
        failed.accept(reason);
    }
}
