package io.weir.reactive.session.dispatch;

import io.weir.core.wire.Headers;
import io.weir.reactive.Interaction;
import io.weir.reactive.PeerSession;
import io.weir.reactive.fault.Fault;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/** An interaction that interceptors have seen, or are seeing. Immutable, but for whether it has ended; any thread. */
public final class Seen implements Interaction {

    /** What is told the end, the last that was added first. */
    private record Ear(
            Consumer<? super End> action, @Nullable Ear next) {}

    /** What is opened around the handler's call, the last that was added first. */
    private record Around(
            Supplier<? extends Scope> scope, @Nullable Around next) {}

    private final Kind kind;
    private final boolean byPeer;
    private final PeerSession session;
    private final String name;
    private final Headers headers;
    private final Context context;
    private final @Nullable Ear ears;
    private final @Nullable Around around;

    /** Shared by all that were made of the same. */
    private final AtomicBoolean ended;

    Seen(Kind kind, boolean byPeer, PeerSession session, String name, Headers headers, Context context) {
        this.kind = kind;
        this.byPeer = byPeer;
        this.session = session;
        this.name = name;
        this.headers = headers;
        this.context = context;
        this.ears = null;
        this.around = null;
        this.ended = new AtomicBoolean();
    }

    private Seen(Seen before, Headers headers, Context context, @Nullable Ear ears, @Nullable Around around) {
        this.kind = before.kind;
        this.byPeer = before.byPeer;
        this.session = before.session;
        this.name = before.name;
        this.headers = headers;
        this.context = context;
        this.ears = ears;
        this.around = around;
        this.ended = before.ended;
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
        return new Seen(this, newHeaders, context, ears, around);
    }

    @Override
    public Seen withContext(Context newContext) {
        Objects.requireNonNull(newContext, "context");
        return new Seen(this, headers, newContext, ears, around);
    }

    @Override
    public Seen doOnEnd(Consumer<? super End> action) {
        Objects.requireNonNull(action, "action");
        return new Seen(this, headers, context, new Ear(action, ears), around);
    }

    @Override
    public Seen within(Supplier<? extends Scope> scope) {
        Objects.requireNonNull(scope, "scope");
        return new Seen(this, headers, context, ears, new Around(scope, around));
    }

    /** Calls a handler, or subscribes to what it returned, within all scopes; throws what opening one throws. */
    public void runWithin(Runnable work) {
        runWithin(around, work);
    }

    private void runWithin(@Nullable Around last, Runnable work) {
        if (last == null) {
            work.run();
            return;
        }
        runWithin(last.next, () -> {
            Scope scope = Objects.requireNonNull(last.scope.get(), "an interceptor's scope is null");
            try {
                work.run();
            } finally {
                close(scope);
            }
        });
    }

    private void close(Scope scope) {
        try {
            scope.close();
        } catch (Throwable e) {
            Fault.report(e, context);
        }
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
