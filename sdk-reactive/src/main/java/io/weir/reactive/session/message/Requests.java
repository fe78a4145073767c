package io.weir.reactive.session.message;

import io.weir.core.credit.HeldBytes;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.MessageNotSentException;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.error.WeirException;
import io.weir.core.message.MessageTable;
import io.weir.core.message.Outgoing;
import io.weir.core.message.OutgoingMessage;
import io.weir.core.message.OutgoingRequest;
import io.weir.core.wire.Headers;
import io.weir.core.wire.NameCache;
import io.weir.reactive.Interaction;
import io.weir.reactive.ReplyEvent;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.dispatch.Handling;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.dispatch.Interceptors;
import io.weir.reactive.session.dispatch.Seen;
import io.weir.reactive.session.loop.Broadcast;
import io.weir.reactive.session.loop.ForeignCalls;
import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.session.loop.TimeLimits;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * What this side asks and sends: takes it to the loop, gives it to the table, keeps its time-outs and tells how it ended.
 * Loop-confined but for what says otherwise.
 */
public final class Requests {

    private static final int MOST_EVENTS = 256;

    /** From this time limit on, it does not matter that a request's time begins with the record in whose turn it is asked. */
    private static final long LONG_LIMIT_NANOS = 1_000_000_000;

    private static final CloseReason ANSWERED = CloseReason.local(ErrorCode.NONE);

    private final Messages messages;
    private final SessionContext session;
    private final TimeLimits deadlines;
    private final Broadcast<ReplyEvent> replies;
    private final Interceptors interceptors;
    private final boolean observed;
    private final long defaultTimeoutNanos;
    private long replied;
    private long failed;

    /** Any thread may overwrite it with another that was checked too. */
    private String lastChecked = "";

    Requests(Messages messages, SessionContext session, Interceptors interceptors) {
        this.messages = messages;
        this.session = session;
        this.interceptors = interceptors;
        observed = session.observer() != null;
        deadlines = new TimeLimits(session.timers());
        replies = new Broadcast<>(session.loop(), MOST_EVENTS, Long.MAX_VALUE, event -> 0, session);
        defaultTimeoutNanos = session.limits().requestTimeout().toNanos();
    }

    // ---- any thread

    public <A, B> Mono<B> request(String route, A value, Codec<A> in, Codec<B> out, RequestOptions options) {
        return new MonoRequest<>(this, route, value, in, out, options);
    }

    public <A> Mono<Void> send(String name, Headers headers, A value, Codec<A> codec) {
        return new MonoOneWay<>(this, name, headers, value, codec);
    }

    public Flux<ReplyEvent> replies() {
        return replies;
    }

    /**
     * Checks a name where the caller sees the exception. Nearly all have the same few names.
     *
     * @throws IllegalArgumentException if it is longer than 255 bytes of UTF-8 or has a lone surrogate
     */
    @SuppressWarnings("StringEquality") // the very same string needs no second look
    String checkedName(String name) {
        if (name != lastChecked) {
            lastChecked = NameCache.checked(name);
        }
        return name;
    }

    /** What the node's interceptors have made of what is about to be sent; null if it has none. */
    @Nullable
    Seen see(Interaction.Kind kind, String name, Headers headers, Context context) {
        return interceptors.isEmpty()
                ? null
                : interceptors.see(kind, false, session.peerSession(), name, headers, context);
    }

    /**
     * How long the answer is waited for: as the options or the node say, and no longer than somebody waits for the answer of the
     * handler within which it is asked.
     *
     * @throws ReplyMissingException if nobody waits for that any more
     */
    long timeoutNanos(RequestOptions options, ContextView context) {
        Duration own = options.timeout();
        long nanos = own == null ? defaultTimeoutNanos : own.toNanos();
        Handling handling = Handling.of(context);
        Duration left = handling == null ? null : handling.remaining().orElse(null);
        if (left == null) {
            return nanos;
        }
        if (left.isZero()) {
            throw new ReplyMissingException(CloseReason.local(
                    ErrorCode.REQUEST_TIMEOUT, "no time is left of the request within which it was asked"));
        }
        return Math.min(nanos, left.toNanos());
    }

    boolean inLoop() {
        return session.inLoop();
    }

    /** Takes a message to the loop, with memory reserved for it; false if there is none. */
    boolean queue(ForeignCalls.Call call, Outgoing outgoing, int payloadBytes) {
        long held = HeldBytes.ofMessage(payloadBytes);
        if (!messages.unsent().tryBook(held)) {
            return false;
        }
        outgoing.reserved(held);
        messages.calls().add(call);
        return true;
    }

    /** Takes it to the loop; the caller bounds how many there are. */
    void queue(ForeignCalls.Call call) {
        messages.calls().add(call);
    }

    /** Told what user code throws where nobody can be told. */
    Fault.Listener faults() {
        return session;
    }

    /** As {@link SessionContext#thrownToCaller}. */
    void thrownToCaller(Throwable e) {
        session.thrownToCaller(e);
    }

    /** A request was refused before it reached the loop. */
    void tellRefused(String route, CloseReason reason) {
        if (replies.hasObservers()) {
            session.execute(() -> replies.emit(new ReplyEvent.ReplyMissing(route, 0, reason)));
        }
    }

    /** Requests that a reply has come to. */
    long replied() {
        return replied;
    }

    /** Requests that no reply comes to. */
    long failed() {
        return failed;
    }

    // ---- loop

    /** It will not be sent: gives back what was reserved for it on its way here. */
    void forget(Outgoing outgoing) {
        long held = outgoing.reserved();
        if (held > 0) {
            outgoing.reserved(0);
            messages.unsent().release(held);
        }
    }

    /** Asks; its time begins, of which the peer is told when it is written. */
    void begin(PendingRequest<?, ?> request, OutgoingRequest outgoing) {
        // Reading the clock is a twentieth of what a request costs.
        boolean exact = request.limitNanos() < LONG_LIMIT_NANOS;
        deadlines.add(request, exact ? session.nowNanos() : session.turnNanos());
        MessageTable table = openTable();
        if (table == null) {
            CloseReason reason = whyNot();
            forget(outgoing);
            request.refused(new ReplyMissingException(reason), reason);
            return;
        }
        ErrorCode refusal = table.request(outgoing);
        if (refusal != null) {
            CloseReason reason = CloseReason.local(refusal);
            forget(outgoing);
            request.refused(
                    refusal == ErrorCode.PAYLOAD_TOO_LARGE
                            ? new PayloadTooLargeException("request cost", outgoing.cost(), table.peerRequestWindow())
                            : new ReplyMissingException(reason),
                    reason);
        }
    }

    /** Sends. */
    void begin(MonoOneWay.Sending<?> sending, OutgoingMessage outgoing) {
        MessageTable table = openTable();
        if (table == null) {
            forget(outgoing);
            sending.fail(new MessageNotSentException(whyNot()));
            return;
        }
        ErrorCode refusal = table.send(outgoing);
        if (refusal != null) {
            forget(outgoing);
            sending.fail(
                    refusal == ErrorCode.PAYLOAD_TOO_LARGE
                            ? new PayloadTooLargeException("message cost", outgoing.cost(), table.peerRequestWindow())
                            : new MessageNotSentException(CloseReason.local(refusal)));
        }
    }

    private @Nullable MessageTable openTable() {
        return session.closeReason() == null ? messages.table() : null;
    }

    private CloseReason whyNot() {
        CloseReason closed = session.closeReason();
        if (closed == null) {
            return CloseReason.local(ErrorCode.INTERNAL); // nobody has a session before HELLO
        }
        return closed.clean() ? CloseReason.local(ErrorCode.GOING_AWAY, "the session is closed") : closed;
    }

    /** The failure, which says in its message from now on of what it is one. Any thread. */
    <E extends Throwable> E named(E failure, String kind, String name) {
        if (failure instanceof WeirException known) {
            known.about(kind + " \"" + name + "\" on " + session);
        }
        return failure;
    }

    /** The request is no longer wanted; the peer is told. */
    void giveUp(PendingRequest<?, ?> request, OutgoingRequest outgoing) {
        MessageTable table = messages.table();
        if (table != null) {
            table.cancel(outgoing);
        }
        deadlines.remove(request);
    }

    void onReply(PendingRequest<?, ?> request, OutgoingRequest outgoing, int bytes) {
        deadlines.remove(request);
        if (replies.hasObservers()) {
            Duration elapsed = Duration.ofNanos(session.nowNanos() - request.begunNanos());
            replies.emit(new ReplyEvent.Reply(outgoing.name(), outgoing.id(), elapsed, bytes));
        }
        replied++;
        messages.news().replied();
        tellDone(request, outgoing, ANSWERED, session.tickNanos());
    }

    void onMissing(PendingRequest<?, ?> request, OutgoingRequest outgoing, CloseReason reason) {
        deadlines.remove(request);
        if (replies.hasObservers()) {
            replies.emit(new ReplyEvent.ReplyMissing(outgoing.name(), outgoing.id(), reason));
        }
        failed++;
        session.counts().asked(reason.error(), 1);
        tellDone(request, outgoing, reason, session.nowNanos());
    }

    /** @param nowNanos when the answer came */
    private void tellDone(PendingRequest<?, ?> request, OutgoingRequest outgoing, CloseReason outcome, long nowNanos) {
        if (observed) {
            long written = request.waitedUntil(nowNanos);
            messages.news()
                    .asked(
                            outgoing.name(),
                            outcome.error(),
                            outcome.code(),
                            Math.max(0, written - request.waitedSince(nowNanos)),
                            Math.max(0, nowNanos - written));
        }
    }

    /** A request that tells when it was asked and written, if somebody wants to know. Any thread. */
    <A, B> PendingRequest<A, B> pending(MonoRequest<A, B> what, CoreSubscriber<? super B> actual) {
        return observed ? new TimedRequest<>(what, actual) : new PendingRequest<>(what, actual);
    }

    /** The time of the current record. */
    long tickNanos() {
        return session.tickNanos();
    }

    ByteBuffer slice(byte[] array, int offset, int length) {
        return session.view(array, offset, length, true);
    }

    void onSessionEnd() {
        replies.complete();
    }
}
