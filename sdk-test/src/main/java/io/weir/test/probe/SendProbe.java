package io.weir.test.probe;

import io.weir.reactive.PeerStream;
import io.weir.reactive.codec.Codec;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * The publisher of a sending half, which emits what the test says as soon as the half asks for it. Any thread, but one at
 * a time.
 */
public final class SendProbe<T> {

    /** Elements that may wait to be asked for. */
    public static final int MOST_WAITING = 65_536;

    private final Sinks.Many<T> sink = Sinks.many()
            .unicast()
            .onBackpressureBuffer(Queues.<T>get(MOST_WAITING).get());
    private final FluxProbe<T> watched = FluxProbe.of(sink.asFlux());
    private final Disposable sending;
    private volatile long offered;
    private volatile boolean done;
    private volatile @Nullable Throwable error;

    SendProbe(PeerStream stream, Codec<T> codec) {
        Flux<T> source = watched.flux();
        sending = stream.send(source, codec).subscribe(null, e -> error = e, () -> done = true);
    }

    /**
     * Offers elements; those that the half has not asked for wait here.
     *
     * @throws reactor.core.publisher.Sinks.EmissionException if the half wants no more, or too many wait
     */
    @SafeVarargs
    public final SendProbe<T> emit(T... elements) {
        for (T element : elements) {
            sink.tryEmitNext(element).orThrow();
            offered = offered + 1;
        }
        return this;
    }

    /** Ends the half behind what was offered. */
    public void complete() {
        sink.tryEmitComplete().orThrow();
    }

    /** Fails: the half is reset. */
    public void fail(Throwable e) {
        sink.tryEmitError(e).orThrow();
    }

    /** Cancels {@code send}: the half is reset. */
    public void cancel() {
        sending.dispose();
    }

    /** Elements that the half has asked for so far: its peer's credit, as demand. */
    public long requested() {
        return watched.requested();
    }

    /** Elements that it has asked for and not got. */
    public long outstanding() {
        return watched.outstanding();
    }

    /** Elements that it has taken. */
    public long taken() {
        return watched.emitted();
    }

    /** Elements that were offered and that it has not asked for yet. */
    public long waiting() {
        return offered - watched.emitted();
    }

    /** Whether the half wants no more. */
    public boolean isCancelled() {
        return watched.isCancelled();
    }

    /** Whether {@code send} has completed: RELIABLE, when the peer has consumed everything. */
    public boolean isDone() {
        return done;
    }

    /** What {@code send} failed with, or null. */
    public @Nullable Throwable error() {
        return error;
    }

    @Override
    public String toString() {
        Throwable e = error;
        return "sent " + watched + ", " + waiting() + " waiting"
                + (done ? ", done" : e != null ? ", failed with " + e : "");
    }
}
