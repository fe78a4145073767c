package io.weir.reactive.transport.netty;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * What a transport has made and what ends with it at the latest: sockets, links, listeners. They end first, so that each tells its end
 * while there is a loop to tell it on; loops that ended before them would leave native memory. Thread safe.
 */
public final class OwnedParts {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Map<Object, Part> parts = new ConcurrentHashMap<>();
    private final NettyLoops loops;
    private volatile boolean disposed;

    private record Part(Mono<Void> onEnd, Runnable end) {}

    /** @param loops on which they live; end with them */
    public OwnedParts(NettyLoops loops) {
        this.loops = loops;
    }

    /** Whether the transport has been disposed of: it makes nothing any more. */
    public boolean isDisposed() {
        return disposed;
    }

    /** What is told to whoever wants something of a transport that is disposed. */
    public static IOException refusal() {
        return new IOException("the transport is disposed");
    }

    /**
     * Lets something end with the transport; at once, if that is disposed already.
     *
     * @param onEnd completes, always without error, when it has ended
     * @param end lets it end; idempotent, on any thread
     */
    public <T> T own(T thing, Mono<Void> onEnd, Runnable end) {
        parts.put(thing, new Part(onEnd, end));
        onEnd.subscribe(null, e -> parts.remove(thing), () -> parts.remove(thing));
        if (disposed) {
            end.run();
        }
        return thing;
    }

    /** Those of that type that have not ended. */
    public <T> List<T> all(Class<T> type) {
        return parts.keySet().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /**
     * Cold: ends all of it, waits for that for 5 s at most, and ends the loops.
     *
     * @param before is done before the loops end
     */
    public Mono<Void> disposeLater(Runnable before) {
        return Mono.defer(() -> {
            disposed = true;
            List<Part> left = List.copyOf(parts.values());
            Mono<Void> ended = Mono.when(left.stream().map(Part::onEnd).toList());
            left.forEach(part -> part.end().run());
            return ended.timeout(TIMEOUT, Mono.empty()).then(Mono.defer(() -> {
                before.run();
                return loops.disposeLater(Duration.ZERO, TIMEOUT);
            }));
        });
    }
}
