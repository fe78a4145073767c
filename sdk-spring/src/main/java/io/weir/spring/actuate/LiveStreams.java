package io.weir.spring.actuate;

import io.weir.core.error.CloseReason;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * The streams that are in use, for whoever looks. At most {@value #MOST_KEPT} are kept, which are the first ones; further ones are
 * not shown.
 */
public final class LiveStreams implements NodeObserver {

    /** Streams that are kept. */
    public static final int MOST_KEPT = 1_000;

    private final Set<PeerStream> streams = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(MOST_KEPT);

    @Override
    public void onStreamOpened(PeerStream stream) {
        if (places.tryAcquire()) {
            streams.add(stream);
        }
    }

    @Override
    public void onStreamEnded(PeerStream stream, CloseReason reason) {
        forget(stream);
    }

    /** Of streams that still had something queued the end may be told later, or never. */
    @Override
    public void onSessionEnded(PeerSession session, CloseReason reason) {
        of(session.id()).forEach(this::forget);
    }

    private void forget(PeerStream stream) {
        if (streams.remove(stream)) {
            places.release();
        }
    }

    /** Those of one session. */
    List<PeerStream> of(long sessionId) {
        return streams.stream()
                .filter(stream -> stream.session().id() == sessionId)
                .toList();
    }

    /** How many are kept. */
    int size() {
        return streams.size();
    }
}
