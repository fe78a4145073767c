package io.weir.reactive.session;

import io.weir.core.error.GoingAwayException;
import io.weir.core.error.RequestRefusedException;
import io.weir.core.schedule.TokenBucket;
import io.weir.reactive.HandlerError;
import io.weir.reactive.HandlerError.Kind;
import io.weir.reactive.PeerSession;
import io.weir.reactive.fault.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.util.context.Context;

/**
 * Tells of failed handlers: every one to the hooks of the node's specification, and to the log as a warning as often as a
 * reader can bear, for each handler apart, so that a noisy one hides no other. Shared by all sessions of a node, from any
 * thread. There are as many buckets as handlers that have failed.
 */
public final class HandlerErrors {

    /** Warnings at once for one handler. */
    private static final int BURST = 10;

    /** Then one in so long. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final List<Consumer<? super HandlerError>> hooks;
    private final Logger log;
    private final Map<Handler, TokenBucket> buckets = new ConcurrentHashMap<>();

    private record Handler(Kind kind, String name) {}

    public HandlerErrors(List<Consumer<? super HandlerError>> hooks) {
        this(hooks, LoggerFactory.getLogger(HandlerErrors.class));
    }

    HandlerErrors(List<Consumer<? super HandlerError>> hooks, Logger log) {
        this.hooks = List.copyOf(hooks);
        this.log = log;
    }

    /** A handler that chooses what the peer is told has not failed, nor a publisher that ends with its node. */
    void failed(Kind kind, String name, PeerSession session, long nowNanos, Throwable e) {
        boolean said = e instanceof RequestRefusedException || Fault.saidHere(e) != null;
        if (said || e instanceof GoingAwayException) {
            log.debug("The handler of \"{}\" on {} has not failed", name, session, e);
        } else {
            tell(new HandlerError(kind, name, session.peer(), session.id(), e), nowNanos);
        }
    }

    void tell(HandlerError error, long nowNanos) {
        for (Consumer<? super HandlerError> hook : hooks) {
            try {
                hook.accept(error);
            } catch (Throwable e) {
                Fault.report(e, Context.empty());
            }
        }
        TokenBucket bucket = buckets.compute(
                new Handler(error.kind(), error.name()),
                (handler, before) -> (before == null ? TokenBucket.full(BURST, INTERVAL.toNanos(), nowNanos) : before)
                        .next(nowNanos));
        if (bucket.passes()) {
            log.warn("{}", text(error, bucket.heldBack()), error.error());
        }
    }

    private static String text(HandlerError error, long heldBack) {
        String what = switch (error.kind()) {
            case STREAM -> "The handler of streams \"";
            case PUBLISHER -> "A publisher of the handler of streams \"";
            case REQUEST -> "The handler of requests \"";
            case MESSAGE -> "The handler of messages \"";
        };
        String more = heldBack == 0 ? "" : "; " + heldBack + " failures of it before this one were not logged";
        return what + error.name() + "\" failed for " + error.peer() + " on session " + error.sessionId() + more;
    }
}
