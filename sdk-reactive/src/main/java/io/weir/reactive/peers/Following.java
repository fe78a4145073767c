package io.weir.reactive.peers;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.WantedPeer;
import io.weir.reactive.fault.Fault;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.SignalType;

/** Wants the peers of the latest set of addresses that a source named. Sets come serially; a slow turn delays the next. */
final class Following extends BaseSubscriber<Set<PeerAddress>> {

    private static final Logger LOG = LoggerFactory.getLogger(Following.class);

    private final WantedPeers peers;
    private final Listener listener;

    // Touched on the peers' loop only.
    private final Map<PeerAddress, KeptPeer> named = new LinkedHashMap<>();
    private boolean stopped;

    Following(WantedPeers peers, Listener listener) {
        this.peers = peers;
        this.listener = listener;
    }

    /** Hears whom the source names; on the peers' loop. */
    interface Listener {

        /** Does not care. */
        Listener NONE = new Listener() {
            @Override
            public void named(KeptPeer peer) {}

            @Override
            public void left(KeptPeer peer) {}
        };

        /** It is named from now on, by one address at least. */
        void named(KeptPeer peer);

        /** It is named no more. */
        void left(KeptPeer peer);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        requestUnbounded();
    }

    @Override
    protected void hookOnNext(Set<PeerAddress> addresses) {
        Set<PeerAddress> latest;
        try {
            latest = Set.copyOf(addresses);
        } catch (Throwable e) {
            cancel();
            hookOnError(e);
            if (Fault.isFatal(e)) {
                Fault.throwOn(e);
            }
            return;
        }
        peers.run(() -> follow(latest));
    }

    @Override
    protected void hookOnError(Throwable e) {
        LOG.warn("Discovery failed; the peers that it named last stay wanted", e);
    }

    @Override
    protected void hookFinally(SignalType type) {
        peers.run(() -> peers.followed(this));
    }

    /** Follows no more, and wants no more what it named. */
    void stop() {
        cancel();
        peers.run(() -> {
            stopped = true;
            releaseAllBut(Set.of());
        });
    }

    private void follow(Set<PeerAddress> latest) {
        if (stopped) {
            return;
        }
        releaseAllBut(latest);
        latest.stream()
                .filter(address -> !peers.isOwn(address) && !named.containsKey(address))
                .sorted(Comparator.comparing(PeerAddress::toString)) // the same order each time
                .forEach(this::want);
    }

    private void releaseAllBut(Set<PeerAddress> latest) {
        Set<KeptPeer> left = new LinkedHashSet<>();
        named.entrySet().removeIf(entry -> {
            boolean gone = !latest.contains(entry.getKey());
            if (gone) {
                left.add(entry.getValue());
            }
            return gone;
        });
        left.removeAll(named.values()); // a peer may have been named by several addresses
        left.forEach(peer -> {
            peers.release(peer, this);
            listener.left(peer);
        });
    }

    private void want(PeerAddress address) {
        try {
            KeptPeer peer = peers.want(WantedPeer.at(address), this);
            boolean fresh = !named.containsValue(peer);
            named.put(address, peer);
            if (fresh) {
                listener.named(peer);
            }
        } catch (RuntimeException e) {
            LOG.warn("Cannot want the peer at {}, which was discovered", address, e);
        }
    }
}
