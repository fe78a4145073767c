package io.weir.reactive.node;

import io.weir.core.handshake.HandshakeStage;
import io.weir.reactive.session.setup.SessionSetup;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** The setups of a node that are in progress, inbound and outbound; given up when the node closes. Thread safe. */
final class Setups implements Disposable {

    private final Unfinished unfinished;
    private final HandshakeNews news;
    private final AtomicLong sessionIds = new AtomicLong();
    private final Set<Handle> inProgress = ConcurrentHashMap.newKeySet();
    private volatile boolean disposed;

    Setups(Unfinished unfinished, HandshakeNews news) {
        this.unfinished = unfinished;
        this.news = news;
    }

    Unfinished unfinished() {
        return unfinished;
    }

    /** Whom to tell of them. */
    HandshakeNews news() {
        return news;
    }

    /** A setup begins; null, and it must not, when the node is closing. It ends with {@link Handle#settled}. */
    @Nullable
    Handle begin() {
        return disposed || !unfinished.begin() ? null : new Handle();
    }

    /** How many there are of each stage; a snapshot. */
    Map<HandshakeStage, Long> stages() {
        Map<HandshakeStage, Long> stages = new EnumMap<>(HandshakeStage.class);
        for (Handle handle : inProgress) {
            SessionSetup setup = handle.setup;
            if (setup != null) {
                stages.merge(setup.stage(), 1L, Long::sum);
            }
        }
        return stages;
    }

    @Override
    public void dispose() {
        disposed = true;
        inProgress.forEach(Handle::dispose);
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    /** One setup; disposed with the node, or with the dial that wants it. */
    final class Handle implements Disposable {
        private final long sessionId = sessionIds.incrementAndGet();
        private volatile @Nullable SessionSetup setup;
        private volatile boolean unwanted;
        private volatile boolean settled;

        private Handle() {}

        /** The number of the session that it is to lead to. */
        long sessionId() {
            return sessionId;
        }

        /** What it is. */
        void started(SessionSetup started) {
            setup = started;
            inProgress.add(this);
            if (settled) {
                inProgress.remove(this);
            } else if (unwanted || disposed) {
                dispose();
            }
        }

        /** It has led to a session, or failed, and its events are told. Called once. */
        void settled() {
            settled = true;
            inProgress.remove(this);
            unfinished.end();
        }

        /** Constant from run to run, so that a closing node meets its setups in the same order each time. */
        @Override
        public int hashCode() {
            return Long.hashCode(sessionId);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public void dispose() {
            unwanted = true;
            SessionSetup s = setup;
            if (s != null && !settled) {
                s.dispose();
            }
        }

        @Override
        public boolean isDisposed() {
            return settled;
        }
    }
}
