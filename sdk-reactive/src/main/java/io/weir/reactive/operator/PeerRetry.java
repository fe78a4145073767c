package io.weir.reactive.operator;

import io.weir.core.error.ConnectException;
import io.weir.core.error.GaveUpException;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.WeirException;
import io.weir.core.peer.Attempts;
import io.weir.core.peer.ConnectionPolicy;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Reactor's {@link Retry} by a {@link ConnectionPolicy}: {@code node.connect(address).retryWhen(PeerRetry.of(policy))}, or
 * on any other publisher that fails with Weir's exceptions.
 *
 * <p>A connect that failed and a session that ended are retried after the policy's delay, 10 ms at the least, unless their
 * reason is final ({@link ConnectionPolicy#outlook}). Any other {@link WeirException} is retried where the policy
 * {@linkplain ConnectionPolicy#retries retries} its reason. Other errors are passed on as they are. When the policy gives up, the subscriber gets a {@link GaveUpException} with the last
 * failure as its cause.
 *
 * <p>Each subscriber has attempts of its own. They are forgotten when a publisher that has emitted something fails no sooner
 * than {@link ConnectionPolicy#stableAfter()} after it was subscribed to; failing sooner than that counts, whatever was
 * emitted.
 *
 * <p>Immutable; one instance may serve any number of subscribers. Delays end, and the source is subscribed to again, on the
 * scheduler.
 */
public final class PeerRetry extends Retry {

    private final ConnectionPolicy policy;
    private final Scheduler scheduler;
    private final DoubleSupplier random;
    private final Predicate<? super Throwable> filter;
    private final Predicate<? super Throwable> atOnce;

    private PeerRetry(
            ConnectionPolicy policy,
            Scheduler scheduler,
            DoubleSupplier random,
            Predicate<? super Throwable> filter,
            Predicate<? super Throwable> atOnce) {
        this.policy = Objects.requireNonNull(policy, "policy");
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        this.random = Objects.requireNonNull(random, "random");
        this.filter = Objects.requireNonNull(filter, "filter");
        this.atOnce = atOnce;
    }

    /** Retries as the policy says, on {@link Schedulers#parallel()}. */
    public static PeerRetry of(ConnectionPolicy policy) {
        return new PeerRetry(
                policy, Schedulers.parallel(), () -> ThreadLocalRandom.current().nextDouble(), e -> true, e -> false);
    }

    /** The same, with the delays on that scheduler and by its clock. */
    public PeerRetry on(Scheduler other) {
        return new PeerRetry(policy, other, random, filter, atOnce);
    }

    /**
     * The same, with its jitter from there.
     *
     * @param source evenly distributed, from 0 to less than 1; any thread
     */
    public PeerRetry jitter(DoubleSupplier source) {
        return new PeerRetry(policy, scheduler, source, filter, atOnce);
    }

    /** The same, but passing on what does not match too. */
    public PeerRetry only(Predicate<? super Throwable> errors) {
        return new PeerRetry(policy, scheduler, random, errors, atOnce);
    }

    /** The same, but a failure that matches is retried without delay if it is the first of a row: the next one waits. */
    PeerRetry firstAtOnce(Predicate<? super Throwable> errors) {
        return new PeerRetry(policy, scheduler, random, filter, errors);
    }

    @Override
    public Publisher<?> generateCompanion(Flux<RetrySignal> failures) {
        return Flux.defer(() -> {
            Run run = new Run();
            return failures.concatMap(failure -> run.onFailure(failure.failure(), failure.totalRetriesInARow() == 0));
        });
    }

    /** The attempts of one subscriber; its failures come one after the other. */
    private final class Run {
        private final Attempts attempts = new Attempts(policy);
        private long subscribedNanos = nowNanos();

        Mono<Long> onFailure(Throwable failure, boolean emitted) {
            if (!(failure instanceof WeirException known) || !filter.test(failure) || !mayRetry(known)) {
                return failed(failure);
            }
            long now = nowNanos();
            if (emitted) {
                attempts.onReady(subscribedNanos);
            }
            return switch (attempts.onFailure(known.reason(), now, random.getAsDouble())) {
                case FINAL -> failed(failure);
                case GAVE_UP ->
                    Mono.error(new GaveUpException(
                            attempts.failures(),
                            Duration.ofNanos(attempts.elapsedNanos(now)),
                            known.reason(),
                            failure));
                case RETRY ->
                    Mono.delay(Duration.ofNanos(delayNanos(failure)), scheduler)
                            .doOnNext(tick -> subscribedNanos = nowNanos());
            };
        }

        /** Not as a scalar, whose LinkageError concatMap would throw in place of signalling it. */
        private static Mono<Long> failed(Throwable failure) {
            return Mono.<Long>error(failure).hide();
        }

        /** What is neither a dial nor a session, such as a request or a stream, fails for good by the table of codes. */
        private boolean mayRetry(WeirException known) {
            return known instanceof ConnectException
                    || known instanceof SessionClosedException
                    || policy.retries(known.reason());
        }

        private long delayNanos(Throwable failure) {
            return attempts.failures() == 1 && atOnce.test(failure) ? 0 : attempts.delayNanos();
        }

        private long nowNanos() {
            return scheduler.now(TimeUnit.NANOSECONDS);
        }
    }
}
