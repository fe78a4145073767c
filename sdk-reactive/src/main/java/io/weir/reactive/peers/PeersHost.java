package io.weir.reactive.peers;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.DialStage;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerSession;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What the keeping of peers asks of the node. Any thread. */
public interface PeersHost {

    PeerId id();

    /** Where the node listens. */
    List<PeerAddress> addresses();

    /** How peers are kept that say nothing of it themselves. */
    ConnectionPolicy policy();

    /** Dials at once, at the most. */
    int maxParallelDials();

    /** Peers that may be wanted. */
    int maxPeers();

    /** How long calls wait for a session. */
    Duration sessionWait();

    /** How long a request that has no time-out of its own waits for its answer. */
    Duration requestTimeout();

    /** Calls that may wait for the session of one peer. */
    int maxWaiting();

    /** A session with the peer at that address; the stages are those of the dial, if there is one. Cold. */
    Mono<PeerSession> connect(PeerAddress address, Consumer<? super DialStage> stages);

    /** The session with that peer that takes new streams, if there is one. */
    @Nullable
    PeerSession live(PeerId peer);

    /** The deadline, or {@link IllegalArgumentException} if it is none for a drain. */
    Duration checkedDeadline(Duration deadline);

    /** Evenly distributed, from 0 to less than 1. */
    double random();

    void publish(PeerEvent event);
}
