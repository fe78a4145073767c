package io.weir.reactive.node;

import io.weir.core.error.CloseReason;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerSession;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a node tells of its dials, as events and to its observer. Any thread. */
final class DialNews {

    private final EventHub events;
    private final @Nullable NodeObserver observer;
    private final LongSupplier nanoTime;
    private final AtomicLong numbers;

    /**
     * @param nanoTime a monotonic clock
     * @param first dials are numbered from here on; random, so that one observer of several nodes can tell theirs apart
     */
    DialNews(EventHub events, @Nullable NodeObserver observer, LongSupplier nanoTime, long first) {
        this.events = events;
        this.observer = observer;
        this.nanoTime = nanoTime;
        numbers = new AtomicLong(first);
    }

    /** A dial begins. */
    OfDial of(PeerAddress address) {
        if (observer == null) {
            return new OfDial(0, address, 0);
        }
        OfDial dial = new OfDial(numbers.getAndIncrement(), address, nanoTime.getAsLong());
        observer.onDialBegun(dial.id, address);
        return dial;
    }

    /** The outcome of one dial: the first that is told counts. */
    final class OfDial {
        private final long id;
        private final PeerAddress address;
        private final long begunNanos;
        private final AtomicBoolean told = new AtomicBoolean();

        private OfDial(long id, PeerAddress address, long begunNanos) {
            this.id = id;
            this.address = address;
            this.begunNanos = begunNanos;
        }

        void succeeded(PeerSession session) {
            tell(new PeerEvent.ConnectionSetup(address, session.peer(), session.id()), null);
        }

        void failed(CloseReason reason) {
            tell(new PeerEvent.ConnectionSetupError(address, reason), reason);
        }

        private void tell(PeerEvent event, @Nullable CloseReason failure) {
            if (!told.compareAndSet(false, true)) {
                return;
            }
            events.publish(event);
            if (observer != null) {
                observer.onDial(new NodeObserver.Dial(id, address, nanoTime.getAsLong() - begunNanos, failure));
            }
        }
    }
}
