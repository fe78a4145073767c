package io.weir.reactive.observer;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.path.PathStats;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.HalfState;
import io.weir.core.stream.StreamId;
import io.weir.reactive.Interaction;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
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
        return of(
                observers,
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextInt(),
                LoggerFactory.getLogger(Observers.class));
    }

    static @Nullable NodeObserver of(
            List<NodeObserver> observers, LongSupplier nanoTime, IntSupplier random, Logger log) {
        return observers.isEmpty()
                ? null
                : new Observers(observers.stream()
                        .map(observer -> new GuardedObserver(observer, nanoTime, random, log))
                        .toList());
    }

    private void tell(Consumer<NodeObserver> event) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).tell(event);
        }
    }

    @Override
    public void onNodeStarted(PeerNode node) {
        tell(observer -> observer.onNodeStarted(node));
    }

    @Override
    public void onNodeClosed(PeerNode node) {
        tell(observer -> observer.onNodeClosed(node));
    }

    @Override
    public void onDialBegun(long dial, PeerAddress address) {
        tell(observer -> observer.onDialBegun(dial, address));
    }

    @Override
    public void onDial(Dial dial) {
        tell(observer -> observer.onDial(dial));
    }

    @Override
    public void onHandshakeBegun(long sessionId, String transport, SocketAddress remoteAddress, boolean initiator) {
        tell(observer -> observer.onHandshakeBegun(sessionId, transport, remoteAddress, initiator));
    }

    @Override
    public void onHandshake(Handshake handshake) {
        tell(observer -> observer.onHandshake(handshake));
    }

    @Override
    public void onStrayPackets(String transport, SocketAddress from, long count) {
        tell(observer -> observer.onStrayPackets(transport, from, count));
    }

    @Override
    public void onSessionReady(PeerSession session) {
        tell(observer -> observer.onSessionReady(session));
    }

    @Override
    public void onSessionEnded(PeerSession session, CloseReason reason) {
        tell(observer -> observer.onSessionEnded(session, reason));
    }

    // Records, the requests that end with one and the states of halves come so often that nothing may be allocated to
    // tell of
    // them, as what captures its arguments would be, nor each call be timed.

    @Override
    public void onRecordSent(PeerSession session, int bytes) {
        for (int i = 0; i < all.size(); i++) {
            GuardedObserver guarded = all.get(i);
            long begun = guarded.beginOften();
            try {
                guarded.observer().onRecordSent(session, bytes);
            } catch (Throwable e) {
                guarded.onThrown(e);
            }
            guarded.endOften(begun);
        }
    }

    @Override
    public void onRecordReceived(PeerSession session, int bytes) {
        for (int i = 0; i < all.size(); i++) {
            GuardedObserver guarded = all.get(i);
            long begun = guarded.beginOften();
            try {
                guarded.observer().onRecordReceived(session, bytes);
            } catch (Throwable e) {
                guarded.onThrown(e);
            }
            guarded.endOften(begun);
        }
    }

    @Override
    public void onHalfState(PeerSession session, StreamId stream, HalfState left, long nanos, HalfState entered) {
        for (int i = 0; i < all.size(); i++) {
            GuardedObserver guarded = all.get(i);
            long begun = guarded.beginOften();
            try {
                guarded.observer().onHalfState(session, stream, left, nanos, entered);
            } catch (Throwable e) {
                guarded.onThrown(e);
            }
            guarded.endOften(begun);
        }
    }

    @Override
    public void onRoundTrip(PeerSession session, long nanos) {
        tell(observer -> observer.onRoundTrip(session, nanos));
    }

    @Override
    public void onHeartbeatsMissed(PeerSession session, int count) {
        tell(observer -> observer.onHeartbeatsMissed(session, count));
    }

    @Override
    public void onPath(PeerSession session, PathStats path) {
        tell(observer -> observer.onPath(session, path));
    }

    @Override
    public void onStreamOpened(PeerStream stream) {
        tell(observer -> observer.onStreamOpened(stream));
    }

    @Override
    public void onStreamEnded(PeerStream stream, CloseReason reason) {
        tell(observer -> observer.onStreamEnded(stream, reason));
    }

    @Override
    public void onRefused(PeerSession session, Interaction.Kind what, ErrorCode reason) {
        tell(observer -> observer.onRefused(session, what, reason));
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
    public void onAsked(PeerSession session, RequestDone request) {
        tell(observer -> observer.onAsked(session, request));
    }

    @Override
    public void onAnswered(PeerSession session, RequestDone request) {
        tell(observer -> observer.onAnswered(session, request));
    }

    @Override
    public void onAsked(PeerSession session, RequestsDone requests) {
        for (int i = 0; i < all.size(); i++) {
            GuardedObserver guarded = all.get(i);
            long begun = guarded.beginOften();
            try {
                guarded.observer().onAsked(session, requests);
            } catch (Throwable e) {
                guarded.onThrown(e);
            }
            guarded.endOften(begun);
        }
    }

    @Override
    public void onAnswered(PeerSession session, RequestsDone requests) {
        for (int i = 0; i < all.size(); i++) {
            GuardedObserver guarded = all.get(i);
            long begun = guarded.beginOften();
            try {
                guarded.observer().onAnswered(session, requests);
            } catch (Throwable e) {
                guarded.onThrown(e);
            }
            guarded.endOften(begun);
        }
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
