package io.weir.test.simulation;

import io.weir.core.identity.PeerId;
import io.weir.reactive.RouteLoss;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What becomes of each payload that was offered to a route: those that one session accepted come once and in order, all of
 * them but for the last ones that {@link RouteLoss} tells of; any other never comes.
 */
final class RouteAccounts {

    private final Consumer<String> violations;
    private final Map<Delivery, Item> items = new HashMap<>();
    private final Map<Key, Account> accounts = new LinkedHashMap<>();
    private long received;

    /** A payload to one peer. */
    private record Delivery(long payload, PeerId to) {}

    /** Where it stands among those that its session accepted. */
    private record Item(Account account, long place) {}

    /** A session of the node that sends. */
    private record Key(String run, long sessionId) {}

    private static final class Account {
        private long accepted;
        private long received;
        private long unconfirmed;

        @Override
        public String toString() {
            return accepted + " accepted, " + received + " received, " + unconfirmed + " told to be unconfirmed";
        }
    }

    RouteAccounts(Consumer<String> violations) {
        this.violations = violations;
    }

    void accepted(String run, long sessionId, PeerId to, long payload) {
        Account account = accounts.computeIfAbsent(new Key(run, sessionId), key -> new Account());
        items.put(new Delivery(payload, to), new Item(account, account.accepted++));
    }

    void received(PeerId at, long payload) {
        received++;
        Item item = items.get(new Delivery(payload, at));
        if (item == null) {
            violations.accept(at + " receives payload " + payload + ", which no route to it accepted");
        } else if (item.place != item.account.received++) {
            violations.accept(at + " receives payload " + payload + ", which is number " + item.place + ", as number "
                    + (item.account.received - 1) + " of its session");
        }
    }

    void lost(String run, RouteLoss loss) {
        Account account = accounts.get(new Key(run, loss.sessionId()));
        if (account == null || account.accepted != loss.accepted() || account.unconfirmed != 0) {
            violations.accept(run + " tells " + loss + " of a session with " + account);
        } else {
            account.unconfirmed = loss.unconfirmed();
        }
    }

    /** Where nothing is under way any more. */
    void checkSettled() {
        accounts.forEach((key, account) -> {
            if (account.accepted - account.received > account.unconfirmed) {
                violations.accept(key + ": " + account);
            }
        });
    }

    /** Payloads that have come. */
    long received() {
        return received;
    }

    /** Those that may not have come, as told. */
    long unconfirmed() {
        return accounts.values().stream()
                .mapToLong(account -> account.unconfirmed)
                .sum();
    }
}
