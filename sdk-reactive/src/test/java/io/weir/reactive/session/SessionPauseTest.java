package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent.ConnectionLost;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.SessionState;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that pauses, as for a collection or a laptop's lid, and both ends of a session in it or not. */
class SessionPauseTest {

    private static final Duration LIMIT = Duration.ofMillis(300);
    private static final PeerAddress SERVER = PeerAddress.memory("server");

    private final PausableTime time = new PausableTime();
    private final MemoryNetwork network = MemoryNetwork.on(time);
    private final List<ConnectionLost> lost = new ArrayList<>();
    private final List<PeerNode> nodes = new ArrayList<>();

    @AfterEach
    void end() {
        nodes.forEach(PeerNode::dispose);
        time.advance(Duration.ofSeconds(2));
    }

    /** The pause begins at each moment of a beat's interval, when one side, the other or both are about to beat. */
    @ParameterizedTest
    @CsvSource({
        "0, 100", "0, 200", "0, 240", "0, 299", //
        "5, 100", "5, 200", "5, 220", "5, 240", "5, 270", "5, 299", //
        "25, 200", "25, 240", "25, 270", "25, 299"
    })
    void aPauseOfBothEndsBelowTheLimitLosesNobody(long latencyMillis, long pauseMillis) {
        PeerSession session = connected(Duration.ofMillis(latencyMillis));
        for (int phase = 0; phase < 110; phase++) {
            time.advance(LIMIT.plusMillis(phase));

            time.pause(Duration.ofMillis(pauseMillis));

            time.advance(LIMIT.multipliedBy(2));
            assertThat(lost).as("paused at phase %d", phase).isEmpty();
        }
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    /** A laptop's lid: far longer than the limit, and nobody was away for the other. */
    @Test
    void aLongPauseOfBothEndsLosesNobody() {
        PeerSession session = connected(Duration.ofMillis(25));
        time.advance(LIMIT);

        time.pause(Duration.ofHours(8));

        time.advance(LIMIT.multipliedBy(2));
        assertThat(lost).isEmpty();
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    @Test
    void aPeerThatWasLostDuringThePauseIsNoticedAThirdOfTheLimitLater() {
        connected(Duration.ofMillis(5));
        time.advance(LIMIT);
        network.silence("server");
        time.advance(Duration.ofMillis(10)); // what was under way has arrived

        time.pause(LIMIT.multipliedBy(3));
        time.advance(LIMIT.dividedBy(3).minusMillis(1));
        assertThat(lost).isEmpty();
        time.advance(Duration.ofMillis(3));

        assertThat(lost).hasSize(2);
    }

    private PeerSession connected(Duration latency) {
        started(Weir.node().listen(SERVER), latency);
        PeerNode client = started(Weir.node(), latency);
        AtomicReference<PeerSession> session = new AtomicReference<>();
        client.connect(SERVER).subscribe(session::set);
        time.advance(latency.multipliedBy(4));
        return Objects.requireNonNull(session.get(), "no session");
    }

    private PeerNode started(PeerNodeSpec spec, Duration latency) {
        AtomicReference<PeerNode> started = new AtomicReference<>();
        spec.limits(NodeLimits.defaults().withSilenceLimit(LIMIT))
                .transport(new PacedTransport(network.transport(), Long.MAX_VALUE, latency))
                .start()
                .subscribe(started::set);
        time.advance(Duration.ZERO);
        PeerNode node = Objects.requireNonNull(started.get(), "not started");
        nodes.add(node);
        node.events().ofType(ConnectionLost.class).subscribe(lost::add);
        return node;
    }
}
