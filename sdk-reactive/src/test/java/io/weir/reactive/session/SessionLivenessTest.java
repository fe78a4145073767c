package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent.ConnectionClosed;
import io.weir.reactive.PeerEvent.ConnectionLost;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.SessionState;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** Heartbeats and the loss of a peer, between two nodes in virtual time. */
class SessionLivenessTest {

    /** The timer that lets pending input be read before the verdict. */
    private static final Duration TIMER_STEP = Duration.ofMillis(1);

    private static final Duration LATENCY = Duration.ofMillis(5);
    private static final long BYTES_PER_SECOND = 2_000_000;

    /** Each end is told once, with the silence that it bore and no more than a step of the timer above its own limit. */
    @ParameterizedTest
    @CsvSource({"300, 300", "300, 3000", "3000, 300", "30, 15000", "15000, 15000"})
    void aSilentPeerIsLostOnceWithinTheLimitAndAStep(long serverLimitMillis, long clientLimitMillis) {
        try (NodePair pair = NodePair.of(limit(serverLimitMillis), limit(clientLimitMillis))) {
            Ends server = new Ends(pair.server);
            Ends client = new Ends(pair.client);
            pair.advance(Duration.ofSeconds(60));

            pair.network.silence(NodePair.NAME);

            assertLostWithin(Duration.ofMillis(serverLimitMillis), Duration.ofMillis(clientLimitMillis), pair, server);
            pair.advance(Duration.ofMillis(Math.max(serverLimitMillis, clientLimitMillis)));
            pair.advance(Duration.ofHours(1));
            server.assertLostOnce(Duration.ofMillis(serverLimitMillis));
            client.assertLostOnce(Duration.ofMillis(clientLimitMillis));
            assertThat(pair.session.state()).isEqualTo(SessionState.CLOSED);
            assertThat(pair.serverSession().state()).isEqualTo(SessionState.CLOSED);
        }
    }

    /** The last sign of life is at most a beat interval old when the wire is cut. */
    private static void assertLostWithin(Duration limit, Duration peerLimit, NodePair pair, Ends ends) {
        Duration beat = limit.dividedBy(3);
        pair.advance(limit.minus(beat).minus(TIMER_STEP));
        assertThat(ends.lost).as("not before the limit").isEmpty();
        pair.advance(beat.plus(TIMER_STEP.multipliedBy(2)));
        assertThat(ends.lost).as("limit %s, the peer's %s", limit, peerLimit).hasSize(1);
    }

    /** A third of 300 ms is 100 ms: the beats and grants of one side go against the full stream of the other. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bulkInOneDirectionForTenSecondsLosesNobody(boolean fromClient) {
        try (NodePair pair = busy()) {
            Ends server = new Ends(pair.server);
            Ends client = new Ends(pair.client);
            AtomicLong consumed = new AtomicLong();
            bulk(fromClient ? pair.session : pair.serverSession(), fromClient ? pair.serverSession() : pair.session)
                    .subscribe(element -> consumed.addAndGet(element.length));

            pair.advance(Duration.ofSeconds(10));

            server.assertNone();
            client.assertNone();
            assertThat(consumed.get()).isGreaterThan(9 * BYTES_PER_SECOND);
        }
    }

    /** The receiver stops asking in the middle: nothing but beats is left in either direction. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bulkThatStallsLosesNobody(boolean fromClient) {
        try (NodePair pair = busy()) {
            Ends server = new Ends(pair.server);
            Ends client = new Ends(pair.client);
            AtomicLong consumed = new AtomicLong();
            bulk(fromClient ? pair.session : pair.serverSession(), fromClient ? pair.serverSession() : pair.session)
                    .subscribe(new BaseSubscriber<byte[]>() {
                        @Override
                        protected void hookOnSubscribe(Subscription subscription) {
                            subscription.request(1_000);
                        }

                        @Override
                        protected void hookOnNext(byte[] element) {
                            consumed.incrementAndGet();
                        }
                    });

            pair.advance(Duration.ofSeconds(10));

            server.assertNone();
            client.assertNone();
            assertThat(consumed).hasValue(1_000);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeerThatFallsSilentInTheMiddleOfBulkIsLost(boolean fromClient) {
        try (NodePair pair = busy()) {
            Ends server = new Ends(pair.server);
            Ends client = new Ends(pair.client);
            bulk(fromClient ? pair.session : pair.serverSession(), fromClient ? pair.serverSession() : pair.session)
                    .subscribe(element -> {}, e -> {});
            pair.advance(Duration.ofSeconds(2));

            pair.network.silence(NodePair.NAME);
            pair.advance(Duration.ofMillis(300).plus(LATENCY).plus(TIMER_STEP.multipliedBy(2)));

            server.assertLostOnce(Duration.ofMillis(300));
            client.assertLostOnce(Duration.ofMillis(300));
        }
    }

    /** One end is away for less than two thirds of the limit, the other sees it come back before its time is up. */
    @ParameterizedTest
    @CsvSource({"300, 190", "3000, 1900", "15000, 9900"})
    void aPeerThatIsAwayForLessThanTwoThirdsOfTheLimitIsNotLost(long limitMillis, long awayMillis) {
        try (NodePair pair = NodePair.paced(LATENCY, Long.MAX_VALUE, limit(limitMillis), limit(limitMillis))) {
            Ends server = new Ends(pair.server);
            Ends client = new Ends(pair.client);
            Duration latency = LATENCY;
            for (int phase = 0; phase < 20; phase++) {
                pair.advance(Duration.ofMillis(limitMillis * 2 + phase * limitMillis / 60));

                latency = latency.plusMillis(awayMillis);
                pair.network.latency(
                        NodePair.NAME, latency); // from now on all that the client says comes so much later

                pair.advance(Duration.ofMillis(limitMillis * 2));
            }
            server.assertNone();
            client.assertNone();
        }
    }

    /** What one node tells of the ends of its sessions. */
    private static final class Ends {
        final List<ConnectionLost> lost = new ArrayList<>();
        private final List<ConnectionClosed> closed = new ArrayList<>();

        Ends(PeerNode node) {
            node.events().ofType(ConnectionLost.class).subscribe(lost::add);
            node.events().ofType(ConnectionClosed.class).subscribe(closed::add);
        }

        void assertNone() {
            assertThat(lost).isEmpty();
            assertThat(closed).isEmpty();
        }

        void assertLostOnce(Duration limit) {
            assertThat(closed).isEmpty();
            assertThat(lost).singleElement().satisfies(event -> {
                assertThat(event.reason()).isEqualTo(CloseReason.local(ErrorCode.SILENCE));
                assertThat(event.silence()).isBetween(limit, limit.plus(TIMER_STEP));
            });
        }
    }

    private static NodePair busy() {
        return NodePair.paced(LATENCY, BYTES_PER_SECOND, limit(300), limit(300));
    }

    /** Elements of 1,000 bytes without end, as the receiver sees them. */
    private static Flux<byte[]> bulk(PeerSession from, PeerSession to) {
        from.openStream("bulk", StreamConfig.reliable())
                .send(Flux.generate(sink -> sink.next(new byte[1_000])), Codec.bytes())
                .subscribe(null, e -> {});
        return to.openStream("bulk", StreamConfig.reliable()).receive(Codec.bytes());
    }

    private static UnaryOperator<PeerNodeSpec> limit(long millis) {
        return spec -> spec.limits(NodeLimits.defaults().withSilenceLimit(Duration.ofMillis(millis)));
    }
}
