package io.weir.test.simulation;

import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What has happened to the hosts of a swarm, without the packets: as objects, since only a failing run is told. */
final class Story {

    private static final int KEPT = 20_000;

    private final SimulatedNetwork network;
    private final Deque<Event> events = new ArrayDeque<>();

    /** Of one host, and of another one if that has to do with it, else of none. */
    private record Event(long atNanos, String host, String other, Object what) {
        @Override
        public String toString() {
            return Duration.ofNanos(atNanos) + " " + host + (other.isEmpty() ? "" : " to " + other) + ": " + what;
        }
    }

    Story(SimulatedNetwork network) {
        this.network = network;
    }

    void tell(String host, String other, Object what) {
        if (events.size() == KEPT) {
            events.remove();
        }
        events.add(new Event(network.nowNanos(), host, other, what));
    }

    void tell(String host, Object what) {
        tell(host, "", what);
    }

    /** The last events that touch both hosts, or one of them and no other. */
    String of(String a, String b, int most) {
        return last(
                event -> (event.host.equals(a) || event.host.equals(b) || event.host.isEmpty())
                        && (event.other.equals(a) || event.other.equals(b) || event.other.isEmpty()),
                most);
    }

    String last(int most) {
        return last(event -> event.other.isEmpty(), most);
    }

    private String last(Predicate<Event> which, int most) {
        long count = events.stream().filter(which).count();
        return events.stream()
                .filter(which)
                .skip(Math.max(0, count - most))
                .map(Event::toString)
                .collect(Collectors.joining("\n    ", "\n    ", ""));
    }
}
