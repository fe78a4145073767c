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
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.StepVerifier;

class EventHubTest {

    private static final PeerId PEER = Identity.generate().peerId();
    private static final InetSocketAddress REMOTE = InetSocketAddress.createUnresolved("peer", 1);
    private static final CloseReason REASON = CloseReason.local(ErrorCode.NONE);
    private static final PeerEvent FAILURE = new ConnectionSetupError(PeerAddress.memory("nobody"), REASON);

    private final EventHub hub = new EventHub();

    // ---- subscribers that block

    @Test
    void holdsBackNobodyForASubscriberThatBlocks() throws InterruptedException {
        List<PeerEvent> others = new ArrayList<>();
        Blocking blocking = new Blocking();
        hub.events().subscribe(blocking::onEvent);
        hub.events().subscribe(others::add);
        Thread blocked = blocking.blockedBy(() -> hub.publish(ready(1)));

        hub.publish(ready(2));
        hub.publish(closed(1));
        assertThat(others).as("what the others hear meanwhile").containsExactly(ready(1), ready(2), closed(1));

        blocking.letGo(blocked);
        assertThat(blocking.seen).containsExactlyElementsOf(others);
    }

    @Test
    void keepsNoMoreForASubscriberThatBlocksThanForOneThatIsSlow() throws InterruptedException {
        int published = 100_000;
        Blocking blocking = new Blocking();
        hub.events().subscribe(blocking::onEvent);
        Thread blocked = blocking.blockedBy(() -> hub.publish(ready(1)));

        publishMany(published);
        hub.publish(closed(1));
        blocking.letGo(blocked);

        assertThat(blocking.seen)
                .hasSize(1 + 1 + EventQueue.CAPACITY + 1)
                .startsWith(ready(1), new EventsDropped(published - EventQueue.CAPACITY))
                .as("the end of a session whose Ready was seen")
                .endsWith(closed(1));
    }

    @Test
    void keepsMoreForAnObserverYetNotWithoutBound() throws InterruptedException {
        int left = 10_000;
        Blocking blocking = new Blocking();
        hub.observe(blocking::onEvent);
        Thread blocked = blocking.blockedBy(() -> hub.publish(ready(1)));

        publishMany(EventQueue.OBSERVER_CAPACITY + left);
        for (long id = 2; id < 1_000; id++) {
            hub.publish(ready(id));
            hub.publish(closed(id));
        }
        hub.publish(closed(1));
        blocking.letGo(blocked);

        assertThat(blocking.seen)
                .hasSize(1 + 1 + EventQueue.OBSERVER_CAPACITY + 1)
                .startsWith(ready(1), new EventsDropped(left + 2 * 998))
                .endsWith(closed(1));
    }

    // ---- what is the case

    @Test
    void tellsASlowSubscriberOfEverySessionThatLivedWhenItCame() {
        long sessions = 1_000;
        LongStream.rangeClosed(1, sessions).forEach(id -> hub.publish(ready(id)));
        Slow slow = new Slow();
        hub.events().subscribe(slow);
        publishMany(EventQueue.CAPACITY + 1);

        slow.request(1);
        assertThat(slow.seen).as("what is left out is told first").containsExactly(new EventsDropped(1));
        slow.request(Long.MAX_VALUE);
        assertThat(slow.seen.subList(1, slow.seen.size()))
                .hasSize((int) sessions + EventQueue.CAPACITY)
                .startsWith(ready(1), ready(2))
                .endsWith(FAILURE);
    }

    // ---- order and ends

    @Test
    void tellsWhatASubscriberCausesAfterWhatItHears() {
        List<PeerEvent> first = new ArrayList<>();
        List<PeerEvent> second = new ArrayList<>();
        hub.events().subscribe(event -> {
            if (event.equals(ready(1))) {
                hub.publish(closed(1));
            }
            first.add(event);
        });
        hub.events().subscribe(second::add);
        hub.publish(ready(1));
        assertThat(first).containsExactly(ready(1), closed(1));
        assertThat(second).containsExactly(ready(1), closed(1));
    }

    @Test
    void completesAfterWhatWaits() {
        Slow slow = new Slow();
        hub.events().subscribe(slow);
        hub.publish(ready(1));
        hub.complete();
        assertThat(slow.ended).isFalse();
        slow.request(1);
        assertThat(slow.ended).isTrue();
        assertThat(slow.seen).containsExactly(ready(1));
        StepVerifier.create(hub.events()).expectNext(ready(1)).verifyComplete();
    }

    @Test
    void refusesDemandThatIsNotPositive() {
        List<Throwable> errors = new ArrayList<>();
        Slow slow = new Slow(errors);
        hub.events().subscribe(slow);
        slow.upstream().request(0);
        assertThat(errors).singleElement().isInstanceOf(IllegalArgumentException.class);
        hub.publish(ready(1));
        hub.complete();
        assertThat(slow.seen).isEmpty();
        assertThat(slow.ended).isFalse();
    }

    private void publishMany(int count) {
        for (int i = 0; i < count; i++) {
            hub.publish(FAILURE);
        }
    }

    private static ConnectionReady ready(long id) {
        return new ConnectionReady(PEER, REMOTE, id, true);
    }

    private static ConnectionClosed closed(long id) {
        return new ConnectionClosed(PEER, REMOTE, id, REASON);
    }

    /** Blocks on the first event that it hears, on a thread that may. */
    private static final class Blocking {
        final List<PeerEvent> seen = new ArrayList<>();
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        void onEvent(PeerEvent event) {
            seen.add(event);
            if (seen.size() == 1) {
                entered.countDown();
                await(released);
            }
        }

        Thread blockedBy(Runnable publishing) {
            Thread thread = new Thread(publishing);
            thread.start();
            await(entered);
            return thread;
        }

        void letGo(Thread blocked) throws InterruptedException {
            released.countDown();
            blocked.join();
        }

        private static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Asks for nothing by itself. */
    private static final class Slow extends BaseSubscriber<PeerEvent> {
        final List<PeerEvent> seen = new ArrayList<>();
        private final List<Throwable> errors;
        boolean ended;

        Slow() {
            this(new ArrayList<>());
        }

        Slow(List<Throwable> errors) {
            this.errors = errors;
        }

        @Override
        public Subscription upstream() {
            return super.upstream();
        }

        @Override
        protected void hookOnSubscribe(Subscription s) {
            // asks later
        }

        @Override
        protected void hookOnNext(PeerEvent event) {
            seen.add(event);
        }

        @Override
        protected void hookOnError(Throwable error) {
            errors.add(error);
        }

        @Override
        protected void hookOnComplete() {
            ended = true;
        }
    }
}
