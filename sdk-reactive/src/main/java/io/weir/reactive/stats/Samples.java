package io.weir.reactive.stats;

import java.time.Duration;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Snapshots that are taken when they are asked for. Composed of Reactor's operators; any thread. */
public final class Samples<T> {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Mono<T> taken;
    private final Function<Duration, ? extends Publisher<?>> pause;
    private final Mono<?> end;

    /**
     * @param taken takes one when it is asked for it; empty where there is nothing to tell
     * @param pause completes after so long, and emits nothing
     * @param end completes when there is nothing to tell any more
     */
    public Samples(Mono<T> taken, Function<Duration, ? extends Publisher<?>> pause, Mono<?> end) {
        this.taken = taken;
        this.pause = pause;
        this.end = end;
    }

    /** One, when it is asked for; none where there is nothing to tell. */
    public Mono<T> one() {
        return taken.takeUntilOther(end);
    }

    /**
     * One for each that is asked for, at most one in each interval.
     *
     * @param interval 1 ms to 365 days
     */
    public Flux<T> each(Duration interval) {
        if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("interval is " + interval + ", must be 1 ms to 365 days");
        }
        Flux<T> sampleAndPause =
                Flux.concat(one(), Flux.from(pause.apply(interval)).then(Mono.<T>empty()));
        return one().flatMapMany(there -> sampleAndPause.repeat()).takeUntilOther(end);
    }
}
