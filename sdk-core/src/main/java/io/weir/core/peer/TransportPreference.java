package io.weir.core.peer;

import io.weir.core.error.Legal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * Which transports a peer with several addresses is dialled by first, and for how long one that has failed comes behind the others.
 *
 * <p>A round of dials goes through the addresses in the order of the schemes; those of no scheme here come last, and those of one scheme in
 * the order in which they were given. An address that has failed less than {@code fallbackFor} ago comes behind those that have not, so that a
 * network which lets no datagrams through costs a time-out now and then, not at each reconnect. Where all have failed so, as of a peer that
 * is not there, the order is that of the schemes again. So the preferred transport is returned to with the first dial after that time; a session
 * that is there is not moved.
 *
 * @param schemes the first is preferred; {@link PeerAddress#TCP} and the like, each once; none, and the address that worked last is dialled first
 * @param fallbackFor zero to 24 h; zero dials the preferred one first in each round
 */
public record TransportPreference(List<String> schemes, Duration fallbackFor) {

    private static final Duration LONGEST = Duration.ofHours(24);

    /** None: addresses are dialled in the order in which they are given, that which worked last first. */
    public static final TransportPreference NONE = new TransportPreference(List.of(), Duration.ofMinutes(5));

    public TransportPreference {
        schemes = List.copyOf(schemes);
        schemes.forEach(PeerAddress::checkScheme);
        if (new HashSet<>(schemes).size() < schemes.size()) {
            throw new IllegalArgumentException("schemes are " + schemes + ", must be each there once");
        }
        Legal.range("fallbackFor", fallbackFor, Duration.ZERO, LONGEST);
    }

    /** Whether there is one. */
    public boolean isNone() {
        return schemes.isEmpty();
    }

    /** The place of a transport in the order, 0 is the first; all that are not named share the last. */
    public int rank(String scheme) {
        int place = schemes.indexOf(scheme);
        return place < 0 ? schemes.size() : place;
    }
}
