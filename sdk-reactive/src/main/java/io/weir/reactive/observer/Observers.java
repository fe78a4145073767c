package io.weir.reactive.observer;

import io.weir.core.error.CloseReason;
import io.weir.core.stream.HalfState;
import io.weir.core.stream.StreamId;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerSession;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The observers of a node as one: each hears everything, in the order in which they were added. Any thread. */
public final class Observers implements NodeObserver {

    private final List<GuardedObserver> all;

    private Observers(List<GuardedObserver> all) {
        this.all = all;
    }

    /** Null if there are none: then nothing needs to be told, nor measured. */
    public static @Nullable NodeObserver of(List<NodeObserver> observers) {
        return of(observers, System::nanoTime, LoggerFactory.getLogger(Observers.class));
    }

    static @Nullable NodeObserver of(List<NodeObserver> observers, LongSupplier nanoTime, Logger log) {
        return observers.isEmpty()
                ? null
                : new Observers(observers.stream()
                        .map(observer -> new GuardedObserver(observer, nanoTime, log))
                        .toList());
    }

    private void tell(Consumer<NodeObserver> event) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).tell(event);
        }
    }

    @Override
    public void onDial(Dial dial) {
        tell(observer -> observer.onDial(dial));
    }

    @Override
    public void onHandshake(Handshake handshake) {
        tell(observer -> observer.onHandshake(handshake));
    }

    @Override
    public void onSessionReady(PeerSession session) {
        tell(observer -> observer.onSessionReady(session));
    }

    @Override
    public void onSessionEnded(PeerSession session, CloseReason reason) {
        tell(observer -> observer.onSessionEnded(session, reason));
    }

    @Override
    public void onRecordSent(PeerSession session, int bytes) {
        tell(observer -> observer.onRecordSent(session, bytes));
    }

    @Override
    public void onRecordReceived(PeerSession session, int bytes) {
        tell(observer -> observer.onRecordReceived(session, bytes));
    }

    @Override
    public void onCreditGiven(PeerSession session, StreamId stream, long bytes) {
        tell(observer -> observer.onCreditGiven(session, stream, bytes));
    }

    @Override
    public void onCreditGot(PeerSession session, StreamId stream, long bytes) {
        tell(observer -> observer.onCreditGot(session, stream, bytes));
    }

    @Override
    public void onHalfState(PeerSession session, StreamId stream, HalfState left, long nanos, HalfState entered) {
        tell(observer -> observer.onHalfState(session, stream, left, nanos, entered));
    }

    @Override
    public void onAsked(PeerSession session, RequestDone request) {
        tell(observer -> observer.onAsked(session, request));
    }

    @Override
    public void onAnswered(PeerSession session, RequestDone request) {
        tell(observer -> observer.onAnswered(session, request));
    }

    @Override
    public void onMemoryPromised(PeerSession session, long bytes) {
        tell(observer -> observer.onMemoryPromised(session, bytes));
    }

    @Override
    public void onMemoryWaited(PeerSession session, MemoryOf memory, long nanos) {
        tell(observer -> observer.onMemoryWaited(session, memory, nanos));
    }
}
