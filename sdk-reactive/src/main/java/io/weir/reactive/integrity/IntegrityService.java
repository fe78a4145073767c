package io.weir.reactive.integrity;

import io.weir.core.error.Legal;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.VoteCodec;
import io.weir.core.integrity.VoteKey;
import io.weir.reactive.FastPathHandler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Votes on this node's roots, on the fast path: {@code node.fastPath(VoteCodec.COMMAND, service)}. Each vote compares with roots that
 * are kept here; they are fetched again and again on another thread, so that no vote waits for them.
 *
 * <p>While it has no roots it does not vote: before the first are there, where the supplier gives null, and after {@link
 * #MOST_FAILURES} failures in a row, or one call that takes as many intervals. Thread safe; to be disposed of by whoever made it.
 */
public final class IntegrityService implements FastPathHandler, Disposable {

    /** So often in a row the supplier may fail until the last roots are forgotten. */
    public static final int MOST_FAILURES = 3;

    private static final Logger LOG = LoggerFactory.getLogger(IntegrityService.class);

    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration MOST = Duration.ofHours(1);

    private final VoteCodec bare = new VoteCodec(null); // without a key it has no state
    private final @Nullable ThreadLocal<VoteCodec> keyed;
    private final Disposable refreshing;

    private volatile @Nullable RootSet roots;
    private int failures; // of the one refresh that runs at a time

    private IntegrityService(Supplier<RootSet> supplier, Duration every, @Nullable VoteKey key, Scheduler scheduler) {
        keyed = key == null ? null : ThreadLocal.withInitial(() -> new VoteCodec(key));
        refreshing = Mono.fromSupplier(supplier)
                .subscribeOn(scheduler)
                .timeout(every.multipliedBy(MOST_FAILURES), scheduler)
                .doOnSuccess(this::onRoots)
                .onErrorResume(e -> {
                    onFailure(e);
                    return Mono.empty();
                })
                .then(Mono.delay(every, scheduler))
                .repeat()
                .subscribe();
    }

    /** {@link #refreshing(Supplier, Duration, VoteKey, Scheduler)} without a key, on Reactor's scheduler for what blocks. */
    public static IntegrityService refreshing(Supplier<RootSet> supplier, Duration every) {
        return refreshing(supplier, every, null, Schedulers.boundedElastic());
    }

    /**
     * A service that has begun to fetch its roots.
     *
     * @param supplier gives this node's roots as they are now; may block; never called twice at once unless a call is given up
     * @param every how long to wait between two calls, 1 ms to 1 h
     * @param key answers those who have it so that they know it; others are answered as without it
     * @param scheduler where it is called, and whose clock counts: one that can delay
     */
    public static IntegrityService refreshing(
            Supplier<RootSet> supplier, Duration every, @Nullable VoteKey key, Scheduler scheduler) {
        Objects.requireNonNull(supplier, "supplier");
        Legal.range("every", every, LEAST, MOST);
        return new IntegrityService(supplier, every, key, Objects.requireNonNull(scheduler, "scheduler"));
    }

    /** The roots that it votes by; null while it does not vote. */
    public @Nullable RootSet roots() {
        return roots;
    }

    @Override
    public boolean answer(ByteBuffer question, ByteBuffer answer) {
        RootSet own = roots;
        if (own == null) {
            return false;
        }
        ThreadLocal<VoteCodec> codecs = keyed;
        VoteCodec codec = codecs != null && VoteCodec.isSealed(question) ? codecs.get() : bare;
        return codec.answer(question, own, answer) == VoteCodec.Outcome.ANSWERED;
    }

    /** Fetches no roots any more, and does not vote. */
    @Override
    public void dispose() {
        refreshing.dispose();
        roots = null;
    }

    @Override
    public boolean isDisposed() {
        return refreshing.isDisposed();
    }

    private void onRoots(@Nullable RootSet fresh) {
        failures = 0;
        roots = fresh;
    }

    private void onFailure(Throwable e) {
        failures++;
        boolean forgets = failures == MOST_FAILURES || e instanceof TimeoutException;
        if (forgets) {
            roots = null;
        }
        if (forgets || failures == 1) {
            LOG.warn("No roots to vote by could be fetched{}", forgets ? "; it does not vote until they can" : "", e);
        }
    }
}
