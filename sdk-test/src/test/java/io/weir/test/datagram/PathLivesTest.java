package io.weir.test.datagram;

import static io.weir.test.datagram.Ends.CLIENT;
import static io.weir.test.datagram.Ends.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.PeerSession;
import io.weir.test.network.DatagramFate;
import io.weir.test.network.DatagramRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session over datagrams lives through in the midst of a transfer: nothing is lost, doubled or out of order, and it goes on. */
@Tag("once")
final class PathLivesTest {

    private static final int ELEMENTS = 4_000;

    /** 4 MB at 20 Mbit/s: 1.6 s without anything going wrong. */
    private static Ends ends() {
        return new Ends(3, Ends.path(20, 20))
                .stream("numbers", Ends.numbered(ELEMENTS)).start();
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    // ---- addresses

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "the receiver's port",
                "the receiver's address",
                "the sender's address, which stays reachable for 1 s",
                "both addresses, which stay reachable for 1 s",
                "the receiver's port and the sender's address, which stays reachable"
            })
    void aPathThatMovesIsFollowed(String what) {
        try (Ends ends = ends()) {
            Intake numbers = ends.receive("numbers");
            ends.advanceMillis(500);
            switch (what) {
                case "the receiver's port" -> ends.network.changePorts(CLIENT);
                case "the receiver's address" -> ends.network.changeAddress(CLIENT);
                case "the sender's address, which stays reachable for 1 s" ->
                    ends.network.changeAddress(SERVER, millis(1_000));
                case "both addresses, which stay reachable for 1 s" -> {
                    ends.network.changeAddress(SERVER, millis(1_000));
                    ends.network.changeAddress(CLIENT, millis(1_000));
                }
                default -> {
                    ends.network.changeAddress(SERVER, millis(1_000));
                    ends.network.changePorts(CLIENT);
                }
            }
            ends.finish(numbers, ELEMENTS, Duration.ofSeconds(5));
        }
    }

    @Test
    void aPathThatMovesEachSecondIsFollowedEachTime() {
        try (Ends ends = new Ends(3, Ends.path(20, 20))
                .stream("numbers", Ends.numbered(20_000)).start()) {
            Intake numbers = ends.receive("numbers");
            for (int i = 0; i < 8; i++) {
                ends.advanceMillis(1_000);
                ends.network.changeAddress(CLIENT);
            }
            ends.finish(numbers, 20_000, Duration.ofSeconds(20));
        }
    }

    /** Neither can be told where the other is: the session ends in the time that it is given, and the next one is made. */
    @Test
    void twoEndsThatLoseEachOtherFindOutAndMeetAgain() {
        try (Ends ends = ends()) {
            Intake numbers = ends.receive("numbers");
            ends.advanceMillis(500);
            List<CloseReason> reasons = new ArrayList<>();
            ends.session().onClose().subscribe(reasons::add);
            ends.served().onClose().subscribe(reasons::add);
            ends.network.changePorts(CLIENT);
            ends.network.changeAddress(SERVER);
            ends.advance(Duration.ofSeconds(17)); // the silence limit is 15 s
            assertThat(reasons).extracting(CloseReason::error).containsExactly(ErrorCode.SILENCE, ErrorCode.SILENCE);
            assertThat(numbers.failure()).isNotNull();

            ends.meet(Duration.ofSeconds(5));
            ends.finish(ends.receive("numbers"), ELEMENTS, Duration.ofSeconds(5));
        }
    }

    // ---- the size of datagrams

    @ParameterizedTest(name = "the sender knows: {0}")
    @ValueSource(booleans = {false, true})
    void aPathThatShrinksIsNoticed(boolean known) {
        try (Ends ends = ends()) {
            Intake numbers = ends.receive("numbers");
            ends.advanceMillis(700);
            ends.network.between(SERVER, CLIENT).mtu(1_300).mtuIsKnown(known);
            ends.finish(numbers, ELEMENTS, Duration.ofSeconds(5));
        }
    }

    @Test
    void aPathThatShrinksBothWaysAndMovesIsNoticed() {
        try (Ends ends = ends()) {
            Intake numbers = ends.receive("numbers");
            ends.advanceMillis(700);
            ends.network.between(SERVER, CLIENT).mtu(1_280);
            ends.network.between(CLIENT, SERVER).mtu(1_280);
            ends.network.changeAddress(CLIENT);
            ends.finish(numbers, ELEMENTS, Duration.ofSeconds(6));
        }
    }

    // ---- clocks

    /** The silence limit is 15 s. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {SERVER, CLIENT})
    void aClockThatJumpsForwardCostsNothing(String host) {
        try (Ends ends = ends()) {
            Intake numbers = ends.receive("numbers");
            for (int i = 0; i < 10; i++) {
                ends.advanceMillis(100);
                ends.network.setClock(host, millis(3_000));
            }
            ends.finish(numbers, ELEMENTS, Duration.ofSeconds(5));
        }
    }

    /** No clock that is monotonic does that: what waits for a time waits the longer, and nothing else is amiss. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {SERVER, CLIENT})
    void aClockThatIsSetBackCostsNoMoreThanThat(String host) {
        try (Ends ends = ends()) {
            Intake numbers = ends.receive("numbers");
            ends.advanceMillis(500);
            ends.network.setClock(host, millis(-3_000));
            ends.finish(numbers, ELEMENTS, Duration.ofSeconds(3 + 3));
        }
    }

    /** As after a night of sleep: whatever becomes of the session, the nodes are ready for the next one. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {SERVER, CLIENT})
    void aNodeOutlivesAClockThatJumpsByHours(String host) {
        try (Ends ends = ends()) {
            Intake numbers = ends.receive("numbers");
            ends.advanceMillis(300);
            ends.network.setClock(host, Duration.ofHours(8));
            ends.advance(Duration.ofSeconds(17));
            numbers.assertInOrder();
            ends.session().dispose();
            ends.advanceUntil(() -> ends.server().liveSessions().isEmpty(), Duration.ofSeconds(17));

            ends.meet(Duration.ofSeconds(5));
            ends.finish(ends.receive("numbers"), ELEMENTS, Duration.ofSeconds(5));
        }
    }

    /** As in a machine that was suspended: what was under way is older by hours, and none of that is the path's. */
    @ParameterizedTest(name = "{0} by {1} s")
    @CsvSource({"server, 28800", "client, 28800", "server, 20", "server, 2"})
    void aTransferGoesOnAsBeforeWhenAClockHasJumped(String host, int seconds) {
        try (Ends ends = ends()) {
            Intake numbers = ends.receive("numbers");
            ends.advanceMillis(500);
            ends.network.setClock(host, Duration.ofSeconds(seconds));
            ends.finish(numbers, ELEMENTS, Duration.ofSeconds(5));
        }
    }

    // ---- loss by rule

    @Test
    void threeSecondsWithoutAnyFeedbackAreSurvived() {
        try (Ends ends = ends()) {
            Intake numbers = ends.receive("numbers");
            ends.advanceMillis(500);
            ends.network.partitionOneWay(CLIENT, SERVER);
            ends.advanceMillis(3_000);
            ends.network.heal();
            ends.finish(numbers, ELEMENTS, Duration.ofSeconds(6));
        }
    }

    /** The silence limit is 15 s, and a probe goes out each 5 s at the latest: what lasts up to 10 s is always survived. */
    @ParameterizedTest(name = "{0} s")
    @ValueSource(ints = {3, 6, 9})
    void silenceWithinTheLimitIsSurvived(int seconds) {
        try (Ends ends = ends()) {
            Intake numbers = ends.receive("numbers");
            ends.advanceMillis(500);
            ends.network.partitionOneWay(CLIENT, SERVER);
            ends.network.partitionOneWay(SERVER, CLIENT);
            ends.advance(Duration.ofSeconds(seconds));
            ends.network.heal();
            ends.finish(numbers, ELEMENTS, Duration.ofSeconds(20));
        }
    }

    @Test
    void everySecondPacketOfBothDirectionsIsLostAndNothingElse() {
        try (Ends ends = new Ends(3, Ends.path(20, 20))
                .stream("numbers", Ends.numbered(300)).start()) {
            ends.network.between(SERVER, CLIENT).rule(DatagramRule.losing(n -> n % 2 == 1));
            ends.network.between(CLIENT, SERVER).rule(DatagramRule.losing(n -> n % 2 == 0));
            ends.finish(ends.receive("numbers"), 300, Duration.ofSeconds(30));
        }
    }

    /** Not inherited: more than 1,024 lost packets in a row brick a session. */
    @ParameterizedTest(name = "{0} packets")
    @ValueSource(ints = {1_000, 1_200})
    void aThousandLostPacketsInARowAreSurvived(int packets) {
        int elements = 60_000;
        try (Ends ends = new Ends(3, Ends.path(1_000, 20))
                .stream("numbers", Ends.numbered(elements)).start()) {
            Intake numbers = ends.receive("numbers");
            ends.advanceUntil(() -> numbers.count() > 20_000, Duration.ofSeconds(3));
            ends.network.between(SERVER, CLIENT).rule(DatagramRule.losing(n -> n < packets));
            ends.finish(numbers, elements, Duration.ofSeconds(6));
        }
    }

    /** The replay window is 8,192 packets: what comes later than that counts as lost. */
    @Test
    void whatIsOvertakenByMoreThanTheWindowIsSentAgain() {
        int elements = 60_000;
        int[] late = new int[1];
        try (Ends ends = new Ends(3, Ends.path(1_000, 20))
                .stream("numbers", Ends.numbered(elements)).start()) {
            Intake numbers = ends.receive("numbers");
            ends.advanceUntil(() -> numbers.count() > 10_000, Duration.ofSeconds(3));
            ends.network.between(SERVER, CLIENT).rule((number, payload) -> {
                if (number % 5_000 != 100) {
                    return DatagramFate.PASSES;
                }
                late[0]++;
                return DatagramFate.late(millis(200)); // 17,000 packets at full speed
            });
            ends.finish(numbers, elements, Duration.ofSeconds(6));
            assertThat(late[0]).isGreaterThan(5);
            ends.advanceMillis(500);
            assertThat(ends.session().isDisposed()).isFalse();
        }
    }

    @Test
    void whatComesThreeTimesCountsOnce() {
        Ends ends = new Ends(3, Ends.path(20, 20)).stream("numbers", Ends.numbered(1_000));
        ends.network.between(SERVER, CLIENT).rule((number, payload) -> DatagramFate.copies(3));
        ends.network.between(CLIENT, SERVER).rule((number, payload) -> DatagramFate.copies(3));
        try (ends) {
            ends.start();
            ends.finish(ends.receive("numbers"), 1_000, Duration.ofSeconds(5));
            assertThat(ends.client().liveSessions()).hasSize(1);
        }
    }

    /** Each packet of a short life in turn, the handshake's included, is the one that is lost; the last ones too. */
    @ParameterizedTest(name = "from the {0}")
    @ValueSource(strings = {"server", "client"})
    void whicheverOnePacketIsLostNothingElseIs(String from) {
        long packets = shortLife(from, Long.MAX_VALUE);
        assertThat(packets).isBetween(10L, 200L);
        for (long lost = 0; lost < packets; lost++) {
            shortLife(from, lost);
        }
    }

    /** Returns the number of packets. */
    private static long shortLife(String from, long lost) {
        long[] sent = new long[1];
        Ends ends = new Ends(3, Ends.path(20, 20)).stream("numbers", Ends.numbered(40));
        String to = from.equals(SERVER) ? CLIENT : SERVER;
        ends.network.between(from, to).rule((number, payload) -> {
            sent[0] = number + 1;
            return number == lost ? DatagramFate.LOST : DatagramFate.PASSES;
        });
        try (ends) {
            ends.start();
            ends.finish(ends.receive("numbers"), 40, Duration.ofSeconds(3));
            long complete = sent[0];
            ends.session().close().subscribe();
            ends.advanceMillis(5_000);
            assertThat(ends.server().liveSessions()).isEmpty();
            return complete;
        }
    }

    // ---- silence

    /** Not one acknowledges the other's acknowledgement: what is left is the heartbeat. */
    @Test
    void twoIdlePeersFallSilent() {
        try (Ends ends = ends()) {
            ends.finish(ends.receive("numbers"), ELEMENTS, Duration.ofSeconds(5));
            ends.advance(Duration.ofSeconds(15));
            long[] sent = new long[1];
            DatagramRule counting = (number, payload) -> {
                sent[0]++;
                return DatagramFate.PASSES;
            };
            ends.network.between(SERVER, CLIENT).rule(counting);
            ends.network.between(CLIENT, SERVER).rule(counting);
            PeerSession session = ends.session();
            ends.advance(Duration.ofMinutes(2));
            assertThat(session.isDisposed()).isFalse();
            // a PING and its PONG each 5 s, for each direction, and their acknowledgements
            assertThat(sent[0]).isBetween(24L, 24 * 2 * 4L);
        }
    }
}
