package io.weir.reactive.session.port;

import io.weir.core.path.PathAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The connections of a port by where their peers are: mostly one at each address. As many as the port has. Loop-confined. */
final class PeerPlaces {

    private final Map<PathAddress, List<PortConnection>> places = new HashMap<>();

    void add(PathAddress at, PortConnection connection) {
        places.merge(at, List.of(connection), PeerPlaces::joined);
    }

    void remove(PathAddress at, PortConnection connection) {
        places.computeIfPresent(at, (place, all) -> without(all, connection));
    }

    /** Those there; a list that does not change. */
    List<PortConnection> at(PathAddress place) {
        return places.getOrDefault(place, List.of());
    }

    private static List<PortConnection> joined(List<PortConnection> some, List<PortConnection> more) {
        List<PortConnection> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    /** Null if none is left. */
    private static @Nullable List<PortConnection> without(List<PortConnection> all, PortConnection connection) {
        List<PortConnection> left = all.stream().filter(c -> c != connection).toList();
        return left.isEmpty() ? null : left;
    }
}
