package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.SessionState;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** PING, PONG and what they measure, between two nodes 20 ms apart. */
class SessionRoundTripTest {

    private static final Duration LATENCY = Duration.ofMillis(20);
    private static final Duration RTT = LATENCY.multipliedBy(2);

    @Test
    void pingTakesTheWayThereAndBack() {
        try (NodePair pair = far()) {
            List<Duration> samples = new ArrayList<>();

            pair.session.ping().subscribe(samples::add);
            pair.advance(RTT.minusMillis(1));
            assertThat(samples).isEmpty();
            pair.advance(Duration.ofMillis(1));

            assertThat(samples).containsExactly(RTT);
            assertThat(pair.session.roundTrip()).isEqualTo(RTT);
        }
    }

    @Test
    void bothEndsKnowTheirRoundTripSoonAfterTheyAreReady() {
        try (NodePair pair = far()) {
            pair.advance(RTT);

            assertThat(pair.session.roundTrip()).isEqualTo(RTT);
            assertThat(pair.serverSession().roundTrip()).isEqualTo(RTT);
        }
    }

    @Test
    void pingIsCold() {
        try (NodePair pair = far()) {
            pair.advance(RTT);
            long before = pair.network.sent(NodePair.CLIENT);

            pair.session.ping();
            pair.advance(Duration.ofSeconds(1));

            assertThat(pair.network.sent(NodePair.CLIENT)).isEqualTo(before);
        }
    }

    @Test
    void aThousandPingsAtOnceAreOneOnTheWire() {
        try (NodePair pair = far()) {
            pair.advance(RTT);
            long asked = pair.network.sent(NodePair.CLIENT);
            long answered = pair.network.sent(NodePair.NAME);
            List<Duration> samples = new ArrayList<>();

            Flux.range(0, 1_000).flatMap(i -> pair.session.ping(), 1_000).subscribe(samples::add);
            pair.advance(RTT);

            assertThat(samples).hasSize(1_000).containsOnly(RTT);
            assertThat(pair.network.sent(NodePair.CLIENT) - asked).isEqualTo(1);
            assertThat(pair.network.sent(NodePair.NAME) - answered).isEqualTo(1);
        }
    }

    @Test
    void aCancelledPingHarmsNoOther() {
        try (NodePair pair = far()) {
            List<Duration> samples = new ArrayList<>();
            pair.session.ping().subscribe(samples::add).dispose();
            pair.session.ping().subscribe(samples::add);

            pair.advance(RTT);

            assertThat(samples).containsExactly(RTT);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pingFailsWhenTheSessionEnds(boolean before) {
        try (NodePair pair = far()) {
            pair.advance(RTT);
            List<Throwable> errors = new ArrayList<>();
            if (before) {
                pair.session.dispose();
                pair.settle();
            }
            pair.session.ping().subscribe(null, errors::add);
            pair.settle();
            if (!before) {
                pair.session.dispose();
                pair.settle();
            }

            assertThat(errors)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            SessionClosedException.class,
                            e -> assertThat(e.reason().error()).isEqualTo(ErrorCode.NONE));
        }
    }

    /** User code inside the answer may end the session. */
    @Test
    void theSessionMayBeClosedFromInsideAPing() {
        try (NodePair pair = far()) {
            pair.session.ping().subscribe(sample -> pair.session.dispose());

            pair.advance(RTT.multipliedBy(3));

            assertThat(pair.session.state()).isEqualTo(SessionState.CLOSED);
            assertThat(pair.serverSession().state()).isEqualTo(SessionState.CLOSED);
        }
    }

    /**
     * The distance of an idle link grows by 60 ms for each way, and both ends notice. A beat is due in each third of what
     * the other end tolerates, and an answer is due to each PING: one in four of the longer limit.
     */
    @ParameterizedTest
    @CsvSource({"15000, 15000", "15000, 1500", "1500, 15000", "300, 60000", "900, 1000"})
    void anIdleLinkIsMeasuredByItsBeats(long serverLimitMillis, long clientLimitMillis) {
        try (NodePair pair = far(limit(serverLimitMillis), limit(clientLimitMillis))) {
            pair.advance(RTT);
            Duration far = Duration.ofMillis(80);
            pair.network.latency(NodePair.CLIENT, far);
            pair.network.latency(NodePair.NAME, far);
            long fromClient = pair.network.sent(NodePair.CLIENT);
            long fromServer = pair.network.sent(NodePair.NAME);
            int limits = 120;
            long millis = limits * Math.max(serverLimitMillis, clientLimitMillis);

            pair.advance(Duration.ofMillis(millis));

            assertThat(pair.session.roundTrip()).isBetween(Duration.ofMillis(150), Duration.ofMillis(160));
            assertThat(pair.serverSession().roundTrip()).isBetween(Duration.ofMillis(150), Duration.ofMillis(160));
            long answers = 1 + limits / 4;
            assertThat(pair.network.sent(NodePair.CLIENT) - fromClient)
                    .isLessThanOrEqualTo(1 + 3 * millis / serverLimitMillis + answers);
            assertThat(pair.network.sent(NodePair.NAME) - fromServer)
                    .isLessThanOrEqualTo(1 + 3 * millis / clientLimitMillis + answers);
        }
    }

    /** There are no beats while one side always sends. */
    @Test
    void aBusyLinkIsMeasuredToo() {
        try (NodePair pair = NodePair.paced(
                LATENCY,
                1_000_000,
                spec -> spec.onStream(
                        "bulk", stream -> stream.receive(Codec.bytes()).then()),
                spec -> spec.limits(NodeLimits.defaults().withSilenceLimit(Duration.ofSeconds(3))))) {
            pair.advance(RTT);
            pair.session
                    .openStream("bulk", StreamConfig.reliable())
                    .send(Flux.generate(sink -> sink.next(new byte[1_000])), Codec.bytes())
                    .subscribe(null, e -> {});
            pair.advance(Duration.ofSeconds(1));
            Duration far = Duration.ofMillis(80);
            pair.network.latency(NodePair.CLIENT, far);
            pair.network.latency(NodePair.NAME, far);

            pair.advance(Duration.ofSeconds(40));

            // a record of 32 KiB takes 33 ms to leave, and the PING waits for those before it
            assertThat(pair.session.roundTrip()).isBetween(Duration.ofMillis(150), Duration.ofMillis(300));
            assertThat(pair.serverSession().roundTrip()).isBetween(Duration.ofMillis(150), Duration.ofMillis(300));
        }
    }

    private static NodePair far() {
        return far(spec -> spec, spec -> spec);
    }

    private static NodePair far(UnaryOperator<PeerNodeSpec> server, UnaryOperator<PeerNodeSpec> client) {
        return NodePair.paced(LATENCY, Long.MAX_VALUE, server, client);
    }

    private static UnaryOperator<PeerNodeSpec> limit(long millis) {
        return spec -> spec.limits(NodeLimits.defaults().withSilenceLimit(Duration.ofMillis(millis)));
    }
}
