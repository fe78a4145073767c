package io.weir.reactive.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.SessionClosedException;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** Elements that wait for their subscriber when the session ends, and the timer that bounds how long. */
class StreamTimersTest {

    private static final PeerAddress SERVER = PeerAddress.memory("server");
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final TrackedTime time = new TrackedTime();
    private final MemoryNetwork network = MemoryNetwork.on(time);
    private final List<PeerNode> nodes = new ArrayList<>();
    private final List<String> got = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    /** Asks for what the test wants it to. */
    private final BaseSubscriber<String> slow = new BaseSubscriber<>() {
        @Override
        protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}

        @Override
        protected void hookOnNext(String value) {
            got.add(value);
        }

        @Override
        protected void hookOnError(Throwable throwable) {
            failures.add(throwable);
        }
    };

    @AfterEach
    void dispose() {
        time.dispose();
    }

    @Test
    void endsWithTheQueueThatIsTaken() {
        endSessionWithThreeQueued();
        assertThat(time.timers()).isEqualTo(1);
        slow.request(2);
        time.settle();
        assertThat(time.timers()).isEqualTo(1);
        slow.request(1);
        time.settle();
        assertThat(got).containsExactly("a", "b", "c");
        assertThat(failures).singleElement().isInstanceOf(SessionClosedException.class);
        assertThat(time.timers()).isZero();
    }

    @Test
    void endsWithTheSubscriberThatCancels() {
        endSessionWithThreeQueued();
        slow.cancel();
        time.settle();
        assertThat(got).isEmpty();
        assertThat(time.timers()).isZero();
    }

    @Test
    void endsTheQueueThatNobodyTakes() {
        endSessionWithThreeQueued();
        time.advance(NodeLimits.defaults().drainTimeout());
        assertThat(got).isEmpty();
        assertThat(failures).singleElement().isInstanceOf(SessionClosedException.class);
        assertThat(time.timers()).isZero();
        assertThat(nodes.get(1).reservedBytes()).isZero();
    }

    private void endSessionWithThreeQueued() {
        start(Weir.node()
                .listen(SERVER)
                .onStream(
                        "words",
                        stream -> stream.send(Flux.just("a", "b", "c").concatWith(Flux.never()), Codec.utf8())));
        start(Weir.node());
        List<PeerSession> sessions = new ArrayList<>();
        nodes.get(1).connect(SERVER).subscribe(sessions::add);
        time.settle();
        sessions.get(0)
                .openStream("words", StreamConfig.reliable())
                .receive(Codec.utf8())
                .subscribe(slow);
        time.settle();
        nodes.forEach(PeerNode::dispose);
        time.advance(LINGER);
        assertThat(network.links()).isZero();
        assertThat(failures).isEmpty();
    }

    private void start(PeerNodeSpec spec) {
        spec.transport(network.transport()).start().subscribe(nodes::add);
        time.settle();
    }
}
