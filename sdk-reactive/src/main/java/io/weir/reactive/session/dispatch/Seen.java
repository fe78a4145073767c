package io.weir.reactive.session.dispatch;

import io.weir.core.wire.Headers;
import io.weir.reactive.Interaction;
import io.weir.reactive.PeerSession;
import io.weir.reactive.fault.Fault;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/** An interaction that interceptors have seen, or are seeing. Immutable, but for whether it has ended; any thread. */
public final class Seen implements Interaction {

    /** What is told the end, the last that was added first. */
    private record Ear(
            Consumer<? super End> action, @Nullable Ear next) {}

    private final Kind kind;
    private final boolean byPeer;
    private final PeerSession session;
    private final String name;
    private final Headers headers;
    private final Context context;
    private final @Nullable Ear ears;

    /** Shared by all that were made of the same. */
    private final AtomicBoolean ended;

    Seen(Kind kind, boolean byPeer, PeerSession session, String name, Headers headers, Context context) {
        this(kind, byPeer, session, name, headers, context, null, new AtomicBoolean());
    }

    private Seen(
            Kind kind,
            boolean byPeer,
            PeerSession session,
            String name,
            Headers headers,
            Context context,
            @Nullable Ear ears,
            AtomicBoolean ended) {
        this.kind = kind;
        this.byPeer = byPeer;
        this.session = session;
        this.name = name;
        this.headers = headers;
        this.context = context;
        this.ears = ears;
        this.ended = ended;
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public boolean byPeer() {
        return byPeer;
    }

    @Override
    public PeerSession session() {
        return session;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public Seen withHeaders(Headers newHeaders) {
        Objects.requireNonNull(newHeaders, "headers");
        return new Seen(kind, byPeer, session, name, newHeaders, context, ears, ended);
    }

    @Override
    public Seen withContext(Context newContext) {
        Objects.requireNonNull(newContext, "context");
        return new Seen(kind, byPeer, session, name, headers, newContext, ears, ended);
    }

    @Override
    public Seen doOnEnd(Consumer<? super End> action) {
        Objects.requireNonNull(action, "action");
        return new Seen(kind, byPeer, session, name, headers, context, new Ear(action, ears), ended);
    }

    /** Whether it was made of that one. */
    boolean isOf(Seen first) {
        return ended == first.ended;
    }

    // ---- the end; only the first counts

    /** It ended well. */
    public void succeeded() {
        end(Outcome.SUCCESS, null);
    }

    /** It failed. */
    public void failed(Throwable error) {
        end(Outcome.FAILURE, error);
    }

    /** It was given up. */
    public void cancelled() {
        end(Outcome.CANCELLED, null);
    }

    private void end(Outcome outcome, @Nullable Throwable error) {
        if (ears == null || !ended.compareAndSet(false, true)) {
            return;
        }
        End end = new End(outcome, error);
        for (Ear ear = ears; ear != null; ear = ear.next) {
            try {
                ear.action.accept(end);
            } catch (Throwable e) {
                Fault.report(e, context);
            }
        }
    }

    @Override
    public String toString() {
        return kind + " \"" + name + "\" on " + session;
    }
}
