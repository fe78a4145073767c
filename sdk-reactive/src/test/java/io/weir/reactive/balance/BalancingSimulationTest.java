package io.weir.reactive.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.core.balance.PeerSelector;
import io.weir.core.error.ErrorCode;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * 1,000 clients with some 5,000 requests in a second and 10,000 streams, and 20 servers that come, go, break, slow down, drain and fall
 * silent. No request is lost or run twice, each change is even again after 10 s, and nobody is overrun.
 */
class BalancingSimulationTest {

    private static final Duration BUCKET = Duration.ofMillis(250);
    private static final int WINDOW_SECONDS = 4;

    private Fleet fleet = new Fleet(0, PeerSelector.powerOfTwoChoices());
    private long seed;

    static LongStream seeds() {
        Long chosen = Long.getLong("weir.seed");
        return chosen != null ? LongStream.of(chosen) : LongStream.of(1, 2);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noRequestIsLostOrRunTwiceAndTheLoadIsEvenAgainAfterEachChange(long chosen) {
        begin(chosen, PeerSelector.powerOfTwoChoices());

        fleet.servers.subList(0, 16).forEach(FleetServer::come);
        advance(2);
        fleet.clients.forEach(FleetClient::begin);
        evenAfter(10, range(0, 16));

        fleet.servers.subList(16, 20).forEach(FleetServer::come);
        evenAfter(10, range(0, 20));

        assertThat(fleet.failures).as(about()).isEmpty();
        fleet.servers.get(3).die();
        evenAfter(10, without(3));
        assertThat(fleet.failures).as(about()).containsOnlyKeys(ErrorCode.LINK_LOST);
        fleet.failures.clear();

        fleet.servers.get(3).come();
        evenAfter(10, range(0, 20));

        fleet.servers
                .get(7)
                .slowDown(29); // it cannot do its whole share now, and answers nobody too late if it gets less
        evenAfter(10, without(7));
        fleet.servers.get(7).slowDown(1);
        evenAfter(10, range(0, 20));

        fleet.servers.get(5).drain();
        evenAfter(10, without(5));
        fleet.servers.get(5).come();
        evenAfter(10, range(0, 20));
        assertThat(fleet.failures).as(about()).isEmpty();

        fleet.servers.get(9).deaf(true);
        evenAfter(10, without(9));
        fleet.servers.get(9).deaf(false);
        assertThat(fleet.failures).as(about()).containsOnlyKeys(ErrorCode.REQUEST_TIMEOUT);
        advance(20);
        streamsAreEven();
        theBookIsRight();
    }

    /** It keeps its sessions and takes requests, so that only their failures tell. */
    @Test
    void serverThatAnswersNothingIsLeftOut() {
        begin(1, PeerSelector.powerOfTwoChoices());
        fleet.servers.forEach(FleetServer::come);
        advance(2);
        fleet.clients.forEach(FleetClient::begin);

        fleet.servers.get(9).deaf(true);
        evenAfter(60, without(9));

        assertThat(fleet.servers.get(9).arrived)
                .as("requests of a server that answers nothing, where others get %d", fleet.servers.get(0).arrived)
                .isLessThan(fleet.servers.get(0).arrived / 2);
    }

    private void begin(long chosen, PeerSelector selector) {
        seed = chosen;
        fleet = new Fleet(chosen, selector);
    }

    private void theBookIsRight() {
        fleet.end();
        advance(15);
        assertThat(fleet.faults).as(about()).isEmpty();
        assertThat(fleet.unanswered()).as(about()).isZero();
        assertThat(fleet.requests()).as(about()).isGreaterThan(500_000);
        assertThat(fleet.servers).as(about()).allMatch(server -> server.openStreams() == 0);
    }

    /** Those servers that are well get the same within a fifth, and the others no more than that. */
    private void evenAfter(int seconds, int[] well) {
        advance(seconds);
        fleet.servers.forEach(server -> server.arrived = 0);
        advance(WINDOW_SECONDS);
        double even = Arrays.stream(well)
                .map(number -> fleet.servers.get(number).arrived)
                .average()
                .orElseThrow();
        for (int number : well) {
            assertThat((double) fleet.servers.get(number).arrived)
                    .as("requests of server %d, %s", number, about())
                    .isCloseTo(even, within(even / 5));
        }
        assertThat(fleet.servers).as(about()).allMatch(server -> server.arrived <= even * 1.2);
    }

    private void streamsAreEven() {
        double even = (double) Fleet.CLIENTS * FleetClient.STREAMS / Fleet.SERVERS;
        for (FleetServer server : fleet.servers) {
            assertThat((double) server.openStreams())
                    .as("streams of server %d, %s", server.number, about())
                    .isCloseTo(even, within(even / 5));
        }
    }

    /** Nobody gets more than twice its share in any quarter of a second, but for chance: five standard deviations. */
    private void advance(int seconds) {
        for (int i = 0; i < seconds * 4; i++) {
            fleet.time.advanceTimeBy(BUCKET);
            long up = fleet.servers.stream().filter(FleetServer::isUp).count();
            double twice = 2.0
                    * fleet.servers.stream().mapToInt(server -> server.inBucket).sum()
                    / Math.max(up, 1);
            for (FleetServer server : fleet.servers) {
                assertThat((double) server.inBucket)
                        .as("requests of server %d in a quarter of a second, %s", server.number, about())
                        .isLessThanOrEqualTo(twice + 5 * Math.sqrt(twice));
                server.inBucket = 0;
            }
        }
    }

    private String about() {
        return "seed " + seed + " (-Dweir.seed), at " + fleet.time.now(TimeUnit.SECONDS) + " s, failures "
                + fleet.failures;
    }

    private static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    private static int[] without(int number) {
        return IntStream.range(0, Fleet.SERVERS).filter(each -> each != number).toArray();
    }
}
