package io.weir.reactive.balance;

import io.weir.core.balance.PeerSelector;
import io.weir.reactive.calls.Waiting;
import org.jspecify.annotations.Nullable;

/**
 * How the calls of one view of a group are made.
 *
 * @param selector who gets them
 * @param key a hash; null: none
 * @param waiting for somebody who takes calls
 * @param hedges null: no request is made twice
 */
record View(
        PeerSelector selector,
        @Nullable Long key,
        Waiting waiting,
        @Nullable Hedges hedges) {

    View keyed(PeerSelector by, long newKey) {
        return new View(by, newKey, waiting, hedges);
    }

    View within(Waiting newWaiting) {
        return new View(selector, key, newWaiting, hedges);
    }

    View hedged(Hedges newHedges) {
        return new View(selector, key, waiting, newHedges);
    }
}
