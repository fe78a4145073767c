package io.weir.reactive.session.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamEpoch;
import io.weir.core.stream.StreamId;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.NodePair;
import io.weir.reactive.session.SessionProbe;
import io.weir.reactive.session.loop.SessionContext;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One session's large payloads, of which 100 bytes may be reserved or asked for at once, at a node that has as many. */
class SessionPayloadsTest {

    private static final long MOST = 100;
    private static final long SECOND = 1_000_000_000;

    private final NodeMemory memory = new NodeMemory(2 * MOST);
    private final PayloadReservations node = new PayloadReservations(memory);
    private final NodePair pair = NodePair.of(spec -> spec.onStream("sink", stream -> Mono.never()));
    private final SessionContext session = SessionProbe.context(pair.session);
    private final SessionPayloads payloads = new SessionPayloads(session, node, MOST, SECOND);

    @AfterEach
    void close() {
        pair.close();
    }

    @Test
    void oneThatIsNoLongerWantedLetsTheNextOfItsSessionThrough() {
        node.reserve(60, () -> {}); // by another session
        StreamEpoch first = stream(1);
        StreamEpoch second = stream(2);
        assertThat(reserve(first, MOST)).as("waits at the node").isFalse();
        assertThat(reserve(second, 40)).as("waits for the first").isFalse();
        assertThat(memory.reserved()).isEqualTo(60);

        onLoop(() -> payloads.cancel(first));
        assertThat(memory.reserved()).isEqualTo(60 + 40);
        assertThat(payloads.held()).as("the second").isEqualTo(1);

        onLoop(() -> payloads.release(second, 40));
        assertThat(memory.reserved()).isEqualTo(60);
        assertThat(payloads.held()).isZero();
    }

    @Test
    void whatIsReservedForOneThatIsNoLongerWantedGoesBack() {
        node.reserve(60, () -> {});
        StreamEpoch first = stream(1);
        reserve(first, MOST);

        onLoop(() -> {
            node.release(60);
            assertThat(memory.reserved()).as("for the first").isEqualTo(MOST);
            payloads.cancel(first); // the session has yet to learn of it
        });
        assertThat(memory.reserved()).isZero();
        assertThat(reserve(stream(2), MOST)).as("room for another one").isTrue();
    }

    @Test
    void keepsNothingOfOneThatIsConsumed() {
        StreamEpoch first = stream(1);
        assertThat(reserve(first, MOST)).isTrue();
        assertThat(payloads.held()).isEqualTo(1);
        onLoop(() -> payloads.release(first, MOST));
        assertThat(payloads.held()).isZero();
        assertThat(memory.reserved()).isZero();
    }

    @Test
    void keepsNothingOfOneThatWaitedHereAndIsNoLongerWanted() {
        reserve(stream(1), MOST);
        StreamEpoch second = stream(2);
        assertThat(reserve(second, 40)).isFalse();
        onLoop(() -> payloads.cancel(second));
        assertThat(payloads.held()).as("the first").isEqualTo(1);
    }

    @Test
    void keepsNothingOfThoseWhoseSessionHasEnded() {
        node.reserve(60, () -> {}); // by another session
        StreamEpoch first = stream(1);
        assertThat(reserve(first, 40)).isTrue();
        assertThat(reserve(stream(2), 60)).as("waits at the node").isFalse();
        assertThat(reserve(stream(3), 40)).as("waits for the second").isFalse();
        assertThat(payloads.held()).isEqualTo(3);
        assertThat(node.othersWait()).isTrue();

        onLoop(payloads::onSessionEnd);
        assertThat(payloads.held()).isZero();
        assertThat(node.othersWait()).isFalse();
        onLoop(() -> payloads.release(first, 40));
        assertThat(memory.reserved()).isEqualTo(60);
    }

    private StreamEpoch stream(long id) {
        StreamId streamId = new StreamId(id);
        pair.session
                .openStream(streamId, StreamOpen.named("sink"), StreamConfig.reliable())
                .send(Flux.never(), Codec.bytes())
                .subscribe();
        pair.settle();
        return Objects.requireNonNull(SessionProbe.streams(pair.session).table().live(streamId));
    }

    private boolean reserve(StreamEpoch epoch, long bytes) {
        return onLoop(() -> payloads.reserve(epoch, bytes));
    }

    private void onLoop(Runnable task) {
        onLoop(() -> {
            task.run();
            return true;
        });
    }

    /** In one turn of the session's loop. */
    private boolean onLoop(Supplier<Boolean> task) {
        AtomicReference<Boolean> result = new AtomicReference<>();
        session.execute(() -> result.set(task.get()));
        pair.settle();
        return Objects.requireNonNull(result.get());
    }
}
