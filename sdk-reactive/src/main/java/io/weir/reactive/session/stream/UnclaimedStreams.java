package io.weir.reactive.session.stream;

import io.weir.core.error.ErrorCode;
import io.weir.core.stream.StreamEpoch;
import io.weir.reactive.PeerStream;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.session.loop.SessionContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * Streams that the peer opened and no declared handler takes: a few of them wait, each for a while, for whoever opens the
 * same id here or takes them from {@link io.weir.reactive.PeerSession#streams}. Loop-confined but for {@link #flux}.
 */
final class UnclaimedStreams {

    private static final int MOST = 16;
    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

    private final SessionContext session;
    private final Set<LiveStream> waiting = new LinkedHashSet<>();
    private final List<FluxSink<PeerStream>> observers = new ArrayList<>();

    UnclaimedStreams(SessionContext session) {
        this.session = session;
    }

    /** Whether somebody may still claim a stream that no handler takes. */
    boolean mayWait(StreamEpoch epoch) {
        boolean wanted = !epoch.handlerOnly() || !observers.isEmpty();
        return wanted && waiting.size() < MOST;
    }

    void offer(LiveStream stream) {
        waiting.add(stream);
        stream.expiry.expires(session.timers().at(session.nowNanos() + PATIENCE_NANOS, () -> {
            if (stream.isUnclaimed()) {
                stream.streams.refuse(stream, ErrorCode.UNCLAIMED);
            }
        }));
        StreamHandle handle = new StreamHandle(stream);
        List.copyOf(observers).forEach(observer -> observer.next(handle));
    }

    /** This one waits no more: it has been used, or is over. */
    void remove(LiveStream stream) {
        waiting.remove(stream);
    }

    void onSessionEnd() {
        waiting.clear();
        List.copyOf(observers).forEach(FluxSink::complete);
    }

    /** Those that wait, then each new one. Any thread. */
    Flux<PeerStream> flux() {
        return Barrier.flux(
                Flux.<PeerStream>create(sink -> session.run(() -> observe(sink)), FluxSink.OverflowStrategy.IGNORE)
                        .onBackpressureBuffer(MOST, late -> {}, BufferOverflowStrategy.DROP_OLDEST),
                session);
    }

    private void observe(FluxSink<PeerStream> sink) {
        if (session.closeReason() != null) {
            sink.complete();
            return;
        }
        observers.add(sink);
        sink.onDispose(() -> session.run(() -> observers.remove(sink)));
        for (LiveStream stream : List.copyOf(waiting)) {
            sink.next(new StreamHandle(stream));
        }
    }
}
