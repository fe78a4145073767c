package io.weir.reactive.operator;

import io.weir.core.error.GoingAwayException;
import io.weir.core.error.Legal;
import io.weir.reactive.ending.Ending;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Lets no stream live for ever: after its age it ends with {@link GoingAwayException}, which says 'go on elsewhere', as a session
 * that drains does. At the publisher's end, {@code stream.send(quotes.transform(StreamAge.atMost(age)::limit), codec)}, the
 * receiver gets all that was emitted and opens the stream again ({@link Reconnect}); where it has several peers, at one that it
 * chooses anew. So streams do not stay where they happened to begin, and a peer that comes back gets its share of them.
 *
 * <p>The age of each subscription lies between three quarters and all of the limit, by chance, so that what began together does not
 * end together. Immutable; one instance may serve any number of streams. The end comes on the scheduler.
 */
public final class StreamAge {

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Duration most;
    private final Scheduler scheduler;
    private final DoubleSupplier random;

    private StreamAge(Duration most, Scheduler scheduler, DoubleSupplier random) {
        this.most = most;
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        this.random = Objects.requireNonNull(random, "random");
    }

    /**
     * No stream becomes older, by the clock of {@link Schedulers#parallel()}.
     *
     * @param age 10 ms to 365 days
     */
    public static StreamAge atMost(Duration age) {
        Legal.range("age", age, SHORTEST, LONGEST);
        return new StreamAge(
                age, Schedulers.parallel(), () -> ThreadLocalRandom.current().nextDouble());
    }

    /** The same, on that scheduler and by its clock. */
    public StreamAge on(Scheduler other) {
        return new StreamAge(most, other, random);
    }

    /**
     * The same, with its chance from there.
     *
     * @param source evenly distributed, from 0 to less than 1; any thread
     */
    public StreamAge jitter(DoubleSupplier source) {
        return new StreamAge(most, scheduler, source);
    }

    /** The source's elements, for as long as it may live. */
    public <T> Flux<T> limit(Flux<T> source) {
        return Ending.failing(source, Mono.defer(() -> Mono.delay(age(), scheduler)), GoingAwayException::new);
    }

    private Duration age() {
        long all = most.toNanos();
        return Duration.ofNanos(all - (long) (all / 4d * random.getAsDouble()));
    }
}
