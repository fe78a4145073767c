package io.weir.reactive.session;

import io.weir.core.path.PathStats;
import io.weir.reactive.transport.SessionLoop;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Snapshots of a session's path, taken on its loop when they are asked for. Composed of Reactor's operators; any thread. */
final class PathSamples {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    private final SessionCore core;
    private final Supplier<@Nullable PathStats> stats;
    private final Mono<?> end;

    /**
     * @param stats called on the loop; null where there is no path
     * @param end completes when there is nothing to tell any more
     */
    PathSamples(SessionCore core, Supplier<@Nullable PathStats> stats, Mono<?> end) {
        this.core = core;
        this.stats = stats;
        this.end = end;
    }

    /** One, when it is subscribed to; none where there is no path, or once the session has ended. */
    Mono<PathStats> one() {
        return Mono.<PathStats>create(sink -> sink.onRequest(n -> core.run(() -> sink.success(stats.get()))))
                .takeUntilOther(end);
    }

    /** One for each that is asked for, at most one in each interval. */
    Flux<PathStats> each(Duration interval) {
        if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("interval is " + interval + ", must be 1 ms to 365 days");
        }
        Flux<PathStats> sampleAndPause = Flux.concat(one(), pause(interval).then(Mono.<PathStats>empty()));
        return one().flatMapMany(there -> sampleAndPause.repeat()).takeUntilOther(end);
    }

    private Mono<Void> pause(Duration interval) {
        SessionLoop loop = core.loop();
        return Mono.create(sink -> {
            Disposable timer = loop.schedule(sink::success, loop.nowNanos() + interval.toNanos());
            sink.onDispose(timer);
        });
    }
}
