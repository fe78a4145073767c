package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.ConnectionClosed;
import io.weir.reactive.PeerEvent.ConnectionReady;
import io.weir.reactive.PeerEvent.ConnectionSetupError;
import io.weir.reactive.PeerEvent.EventsDropped;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventQueueTest {

    private static final PeerId PEER = Identity.generate().peerId();
    private static final InetSocketAddress REMOTE = InetSocketAddress.createUnresolved("peer", 1);
    private static final CloseReason REASON = CloseReason.local(ErrorCode.NONE);

    private final EventQueue queue = new EventQueue(EventQueue.CAPACITY);

    @Test
    void keepsTheOrder() {
        queue.offer(ready(1));
        queue.offer(closed(1));
        assertThat(drain()).containsExactly(ready(1), closed(1));
    }

    @Test
    void leavesOutAReadyTogetherWithItsEndWhenFull() {
        fill();
        queue.offer(ready(1));
        queue.offer(closed(1));
        assertThat(drain()).startsWith(new EventsDropped(2)).doesNotContain(ready(1), closed(1));
    }

    @Test
    void takesAWaitingReadyOutTogetherWithItsEndWhenFull() {
        queue.offer(ready(1));
        fill();
        queue.offer(closed(1));
        assertThat(drain()).startsWith(new EventsDropped(2)).doesNotContain(ready(1), closed(1));
    }

    @Test
    void neverLosesTheEndOfASessionWhoseReadyWasSeen() {
        queue.offer(ready(1));
        assertThat(queue.poll()).isEqualTo(ready(1));
        fill();
        queue.offer(closed(1));
        assertThat(drain()).endsWith(closed(1));
    }

    @Test
    void showsOnlyWholePairsWhateverTheSubscribersPace() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            EventQueue paced = new EventQueue(EventQueue.CAPACITY);
            Set<Long> open = new HashSet<>();
            Set<Long> seenOpen = new HashSet<>();
            long next = 0;
            long offered = 0;
            long shown = 0;
            for (int step = 0; step < 2_000; step++) {
                if (random.nextInt(10) < 7) {
                    offered++;
                    if (open.isEmpty() || random.nextBoolean()) {
                        open.add(next);
                        paced.offer(ready(next++));
                    } else {
                        long id = open.iterator().next();
                        open.remove(id);
                        paced.offer(closed(id));
                    }
                } else {
                    shown += show(paced.poll(), seenOpen, seed);
                }
                assertThat(paced.size()).isLessThanOrEqualTo(EventQueue.CAPACITY + seenOpen.size());
            }
            for (long id : open) {
                offered++;
                paced.offer(closed(id));
            }
            PeerEvent event;
            while ((event = paced.poll()) != null) {
                shown += show(event, seenOpen, seed);
            }
            assertThat(seenOpen)
                    .as("seed %d: every Ready that was shown has its end", seed)
                    .isEmpty();
            assertThat(shown)
                    .as("seed %d: what was not shown was counted", seed)
                    .isEqualTo(offered);
        }
    }

    private static long show(@org.jspecify.annotations.Nullable PeerEvent event, Set<Long> seenOpen, long seed) {
        if (event instanceof ConnectionReady r) {
            assertThat(seenOpen.add(r.sessionId())).as("seed %d", seed).isTrue();
            return 1;
        }
        if (event instanceof ConnectionClosed c) {
            assertThat(seenOpen.remove(c.sessionId()))
                    .as("seed %d: an end without Ready", seed)
                    .isTrue();
            return 1;
        }
        return event instanceof EventsDropped dropped ? dropped.count() : 0;
    }

    private void fill() {
        while (queue.size() < EventQueue.CAPACITY) {
            queue.offer(new ConnectionSetupError(PeerAddress.memory("nobody"), REASON));
        }
    }

    private List<PeerEvent> drain() {
        List<PeerEvent> events = new ArrayList<>();
        PeerEvent event;
        while ((event = queue.poll()) != null) {
            events.add(event);
        }
        return events;
    }

    private static ConnectionReady ready(long id) {
        return new ConnectionReady(PEER, REMOTE, id, true);
    }

    private static ConnectionClosed closed(long id) {
        return new ConnectionClosed(PEER, REMOTE, id, REASON);
    }
}
