package io.weir.reactive.session;

import io.weir.core.path.PathStats;
import io.weir.reactive.stats.Samples;
import io.weir.reactive.transport.SessionLoop;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Snapshots of a session's path, taken on its loop. */
final class PathSamples {

    private PathSamples() {}

    /**
     * None where there is no path, or once the session has ended.
     *
     * @param stats called on the loop; null where there is no path
     * @param end completes when there is nothing to tell any more
     */
    static Samples<PathStats> of(SessionCore core, Supplier<@Nullable PathStats> stats, Mono<?> end) {
        Mono<PathStats> taken = Mono.create(sink -> sink.onRequest(n -> core.run(() -> sink.success(stats.get()))));
        return new Samples<>(taken, interval -> pause(core.loop(), interval), end);
    }

    private static Mono<Void> pause(SessionLoop loop, Duration interval) {
        return Mono.create(sink -> {
            Disposable timer = loop.schedule(sink::success, loop.nowNanos() + interval.toNanos());
            sink.onDispose(timer);
        });
    }
}
