package io.weir.reactive.discovery;

import io.weir.core.error.Legal;
import io.weir.core.peer.PeerAddress;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** No more peers of a source than a bound, always the same ones. Of one subscription. */
final class MostPeers {

    private static final Logger LOG = LoggerFactory.getLogger(MostPeers.class);
    private static final int MOST = 65_536;

    private final int maxPeers;
    private boolean cut;

    MostPeers(int maxPeers) {
        this.maxPeers = maxPeers;
    }

    /** @throws IllegalArgumentException if that is no bound */
    static int checked(int maxPeers) {
        Legal.range("maxPeers", maxPeers, 1, MOST);
        return maxPeers;
    }

    /** Those that are taken; what is left out is logged when it begins. */
    Set<PeerAddress> of(Set<PeerAddress> all) {
        if (all.size() <= maxPeers) {
            cut = false;
            return Set.copyOf(all);
        }
        if (!cut) {
            cut = true;
            LOG.warn("Discovery names {} peers; {} are taken, the others left out", all.size(), maxPeers);
        }
        return all.stream()
                .sorted(Comparator.comparing(PeerAddress::toString))
                .limit(maxPeers)
                .collect(Collectors.toUnmodifiableSet());
    }
}
