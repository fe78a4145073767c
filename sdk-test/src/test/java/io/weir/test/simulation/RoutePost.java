package io.weir.test.simulation;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.Target;
import io.weir.reactive.PeerNode;
import io.weir.reactive.Routed;
import io.weir.reactive.TrySend;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** Sends to all peers of one node, and takes what they send, as fast as it comes or a little now and then. */
final class RoutePost extends BaseSubscriber<Routed> {

    private final String run;
    private final PeerNode node;
    private final RouteAccounts accounts;
    private final Map<PeerId, Long> latestSessions = new HashMap<>();
    private boolean slow;

    /** @param run what the node is called, which has no other post */
    RoutePost(String run, PeerNode node, RouteAccounts accounts, boolean slow) {
        this.run = run;
        this.node = node;
        this.accounts = accounts;
        this.slow = slow;
        node.sessions().subscribe(session -> latestSessions.put(session.peer(), session.id()));
        node.routes().losses().subscribe(loss -> accounts.lost(run, loss));
        node.routes().receive().subscribe(this);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        if (!slow) {
            requestUnbounded();
        }
    }

    @Override
    protected void hookOnNext(Routed routed) {
        accounts.received(node.id(), routed.payload().getLong());
    }

    /** Takes so many more, if it is slow. */
    void take(int count) {
        if (slow) {
            request(count);
        }
    }

    /** Is not slow any more. */
    void takeAll() {
        slow = false;
        requestUnbounded();
    }

    /**
     * Offers a payload of that number to every peer.
     *
     * @return how many routes accepted it
     */
    int sendAll(long number, int size) {
        Map<Target, TrySend> outcomes = new HashMap<>();
        node.routes()
                .sendAll(ByteBuffer.allocate(Math.max(Long.BYTES, size)).putLong(0, number))
                .subscribe(outcomes::putAll);
        int accepted = 0;
        for (Map.Entry<Target, TrySend> outcome : outcomes.entrySet()) {
            if (outcome.getValue() == TrySend.OK) {
                PeerId peer = node.routes().peer(outcome.getKey()).orElseThrow();
                accounts.accepted(run, latestSessions.getOrDefault(peer, -1L), peer, number);
                accepted++;
            }
        }
        return accepted;
    }
}
