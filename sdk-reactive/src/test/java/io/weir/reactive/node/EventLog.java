package io.weir.reactive.node;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;

/** Everything that a node has told since this was made, to be waited for or looked through. */
public final class EventLog {

    private final Flux<PeerEvent> events;
    private final Queue<PeerEvent> all = new ConcurrentLinkedQueue<>();

    private final Duration patience;

    public EventLog(PeerNode node) {
        this(node, Duration.ofSeconds(20));
    }

    /** For a node in virtual time, where what is to happen has happened: without patience. */
    public EventLog(PeerNode node, Duration patience) {
        this(node.events(), patience);
    }

    /** Of what a node tells an observer, which misses nothing where {@link PeerNode#events} leaves out what comes too fast. */
    public EventLog(Flux<PeerEvent> told, Duration patience) {
        this.patience = patience;
        events = told.doOnNext(all::add).replay().autoConnect(0);
    }

    /** Waits for the first such event. */
    public <E extends PeerEvent> E await(Class<E> kind, Predicate<? super E> test) {
        return Objects.requireNonNull(events.ofType(kind).filter(test).blockFirst(patience), kind.getSimpleName());
    }

    /** Waits until there are that many such events, and returns the last. */
    public <E extends PeerEvent> E await(int count, Class<E> kind, Predicate<? super E> test) {
        return Objects.requireNonNull(
                events.ofType(kind).filter(test).take(count).blockLast(patience), kind.getSimpleName());
    }

    /** Waits for an inbound connection to be refused for that reason. */
    public CloseReason refused(ErrorCode code) {
        return await(PeerEvent.InboundRefused.class, e -> e.reason().error() == code)
                .reason();
    }

    /** Waits until that many have been refused for that reason. */
    public void refused(int count, ErrorCode code) {
        await(count, PeerEvent.InboundRefused.class, e -> e.reason().error() == code);
    }

    /** Waits for the session with that peer to be over, by an END of either side. */
    public CloseReason closed(PeerId peer) {
        return await(PeerEvent.ConnectionClosed.class, e -> e.peer().equals(peer))
                .reason();
    }

    /** Waits for the session with that peer to be lost. */
    public CloseReason lost(PeerId peer) {
        return await(PeerEvent.ConnectionLost.class, e -> e.peer().equals(peer)).reason();
    }

    /** Waits for a dial to fail. */
    public CloseReason setupFailed() {
        return await(PeerEvent.ConnectionSetupError.class, e -> true).reason();
    }

    /** What there is by now. */
    public <E extends PeerEvent> List<E> soFar(Class<E> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
