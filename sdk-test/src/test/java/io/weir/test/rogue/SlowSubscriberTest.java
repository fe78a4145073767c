package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.ConnectionReady;
import io.weir.reactive.PeerEvent.EventsDropped;
import io.weir.reactive.PeerSession;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** More peers than a slow subscriber of a node's sessions or events has room for. */
class SlowSubscriberTest {

    /** Of events and sessions, for each subscriber. */
    private static final int CAPACITY = 256;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSlowSubscriberMissesNoLiveSession(boolean subscribedBefore) {
        int count = CAPACITY + 44;
        try (Victim victim = Victim.start()) {
            Slow<PeerSession> slow = new Slow<>();
            if (subscribedBefore) {
                victim.node.sessions().subscribe(slow);
            }
            List<RoguePeer> rogues = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                rogues.add(victim.rogue().session());
            }
            if (!subscribedBefore) {
                victim.node.sessions().subscribe(slow);
            }
            RoguePeer gone = rogues.remove(7);
            gone.close();
            assertThat(slow.seen).isEmpty();

            slow.request(3);
            assertThat(slow.seen).hasSize(3);
            slow.request(Long.MAX_VALUE);
            assertThat(slow.seen)
                    .extracting(PeerSession::peer)
                    .as("the friend's and those of all rogues but the one that has gone, in order")
                    .startsWith(TcpVictim.FRIEND.peerId())
                    .endsWith(rogues.get(count - 2).id())
                    .hasSize(count)
                    .doesNotContain(gone.id());
            rogues.forEach(RoguePeer::close);
        }
    }

    @Test
    void aSlowSubscriberOfEventsLosesWholePairsAndIsToldHowMany() {
        int count = CAPACITY + 30; // of each session a Ready and an end
        try (Victim victim = Victim.start()) {
            Slow<PeerEvent> slow = new Slow<>();
            victim.node.events().subscribe(slow);
            List<RoguePeer> rogues = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                rogues.add(victim.rogue().session());
            }
            rogues.forEach(RoguePeer::close);
            slow.request(Long.MAX_VALUE);

            // three were the case before: two listeners and the friend
            long shown = count(slow.seen, ConnectionReady.class) - 1;
            long ends = slow.seen.stream()
                    .filter(PeerEvent.ConnectionLost.class::isInstance)
                    .count();
            assertThat(ends).as("ends of the sessions shown").isEqualTo(shown);
            assertThat(slow.seen)
                    .filteredOn(EventsDropped.class::isInstance)
                    .extracting(e -> ((EventsDropped) e).count())
                    .as("what is not shown")
                    .containsExactly(2 * (count - shown));
        }
    }

    private static long count(List<PeerEvent> events, Class<? extends PeerEvent> kind) {
        return events.stream().filter(kind::isInstance).count();
    }

    /** Asks for nothing by itself. */
    private static final class Slow<T> extends BaseSubscriber<T> {
        private final List<T> seen = new ArrayList<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(T value) {
            seen.add(value);
        }
    }
}
