package io.weir.test.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.core.path.Ecn;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to a path between two endpoints that a protocol has to live with: it moves, shrinks, is marked, forged, or ruled. */
final class PathFaultsTest {

    private static final int PORT = 7_400;

    private final SimulatedNetwork network = SimulatedNetwork.seeded(11);
    private final Faults there = network.between("a", "b");
    private final DatagramEndpoint a = network.datagrams("a", PORT);
    private final DatagramEndpoint b = network.datagrams("b", PORT);
    private final List<Datagram> atA = new ArrayList<>();
    private final List<Datagram> atB = new ArrayList<>();

    PathFaultsTest() {
        a.received().subscribe(atA::add);
        b.received().subscribe(atB::add);
    }

    @AfterEach
    void close() {
        network.close();
    }

    private void send(int number) {
        assertThat(a.send(payload(number, 4), "b", PORT)).isTrue();
    }

    private static ByteBuffer payload(int number, int bytes) {
        return ByteBuffer.allocate(bytes).putInt(0, number);
    }

    private List<Integer> numbersAtB() {
        return atB.stream().map(datagram -> datagram.payload().getInt(0)).toList();
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    // ---- addresses

    @Test
    void natThatForgetsGivesAnotherPortAtWhichAloneTheHostIsReached() {
        network.between("b", "a").latency(millis(10));
        send(0);
        b.send(payload(1, 4), "a", PORT); // under way
        int port = network.changePort("a", PORT);
        send(1);
        b.send(payload(2, 4), "a", PORT);
        b.send(payload(3, 4), "a", port);
        network.advance(millis(10));

        assertThat(port).isNotEqualTo(PORT).isEqualTo(a.port());
        assertThat(atB).extracting(Datagram::port).containsExactly(PORT, port);
        assertThat(atB).extracting(Datagram::host).containsOnly("a");
        assertThat(atA).extracting(datagram -> datagram.payload().getInt(0)).containsExactly(3);
    }

    @Test
    void portIsNeverGivenAgain() {
        int first = network.changePort("a", PORT);
        int second = network.changePort("a", first);
        assertThat(second).isGreaterThan(first);
        assertThatIllegalStateException()
                .isThrownBy(() -> network.changePort("a", first))
                .withMessage("port " + first + " of a is not bound");
        a.close();
        assertThat(network.datagrams("a", second).port()).isEqualTo(second);
    }

    @Test
    void natThatIsStartedAnewGivesEachEndpointOfAHostAnotherPort() {
        DatagramEndpoint second = network.datagrams("a", PORT + 1);
        network.changePorts("a");
        assertThat(List.of(a.port(), second.port())).doesNotHaveDuplicates().allMatch(port -> port > PORT + 1);
        assertThat(b.port()).isEqualTo(PORT);
        b.send(payload(0, 4), "a", second.port());
        b.send(payload(0, 4), "a", PORT + 1);
        network.settle();
        assertThat(network.trace().text().lines().filter(line -> line.endsWith(" delivered")))
                .hasSize(1);
    }

    @Test
    void bothEndsMoveAtOnce() {
        int portOfB = network.changePort("b", PORT);
        network.changeAddress("a");
        assertThat(a.send(payload(0, 4), "b", PORT)).isTrue();
        assertThat(a.send(payload(1, 4), "b", portOfB)).isTrue();
        network.settle();
        assertThat(numbersAtB()).containsExactly(1);
        assertThat(atB.get(0).host()).isEqualTo(network.addressOf("a")).isNotEqualTo("a");
    }

    @Test
    void formerAddressStaysForAWhileIfWanted() {
        network.between("b", "a").latency(millis(10));
        network.changeAddress("a", millis(50));
        send(0);
        b.send(payload(1, 4), "a", PORT);
        network.advance(millis(41));
        b.send(payload(2, 4), "a", PORT); // would be there after 51 ms
        b.send(payload(3, 4), a.host(), PORT);
        network.advance(millis(100));
        assertThat(atB).extracting(Datagram::host).containsExactly(a.host());
        assertThat(atA).extracting(datagram -> datagram.payload().getInt(0)).containsExactly(1, 3);
    }

    @Test
    void forgedDatagramSaysItComesFromElsewhereAndTakesItsSendersWay() {
        network.between("a", "b").latency(millis(10));
        network.between("c", "b").latency(millis(30));
        a.forge("c", 99, payload(7, 4), "b", PORT);
        network.advance(millis(10));
        assertThat(atB).singleElement().satisfies(datagram -> {
            assertThat(datagram.host()).isEqualTo("c");
            assertThat(datagram.port()).isEqualTo(99);
        });
        assertThat(network.trace().text()).contains("a as c:99>b:7400 datagram of 4 delivered");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> a.forge("c", 0, payload(7, 4), "b", PORT))
                .withMessage("fromPort is 0, must be from 1 to 65535");
    }

    // ---- marks

    @Test
    void marksArriveAsTheyWereSent() {
        a.send(payload(0, 4), "b", PORT, Ecn.ECT_0);
        a.send(payload(1, 4), "b", PORT, Ecn.ECT_1);
        a.send(payload(2, 4), "b", PORT);
        network.settle();
        assertThat(atB).extracting(Datagram::ecn).containsExactly(Ecn.ECT_0, Ecn.ECT_1, Ecn.NOT_ECT);
    }

    @Test
    void queueAboveItsThresholdMarksWhatMayBeMarked() {
        there.bytesPerSecond(100_000).markAbove(2);
        for (int i = 0; i < 6; i++) {
            a.send(payload(i, 972), "b", PORT, i == 4 ? Ecn.NOT_ECT : Ecn.ECT_0);
        }
        network.advance(millis(100));
        a.send(payload(6, 972), "b", PORT, Ecn.ECT_0);
        network.advance(millis(100));
        assertThat(atB)
                .extracting(Datagram::ecn)
                .containsExactly(Ecn.ECT_0, Ecn.ECT_0, Ecn.ECT_0, Ecn.CE, Ecn.NOT_ECT, Ecn.CE, Ecn.ECT_0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> there.markAbove(-1))
                .withMessage("packets is -1, must not be negative");
    }

    @Test
    void marksAreClearedOnTheWay() {
        there.clearMarks(true);
        a.send(payload(0, 4), "b", PORT, Ecn.ECT_0);
        a.send(payload(0, 4), "b", PORT, Ecn.CE);
        there.clearMarks(false);
        a.send(payload(0, 4), "b", PORT, Ecn.ECT_0);
        network.settle();
        assertThat(atB).extracting(Datagram::ecn).containsExactly(Ecn.NOT_ECT, Ecn.NOT_ECT, Ecn.ECT_0);
    }

    // ---- size

    @Test
    void mtuThatShrinksLosesWhatIsLargerAndSaysNothing() {
        assertThat(a.send(payload(0, 1_472), "b", PORT)).isTrue();
        there.mtu(1_300);
        assertThat(a.send(payload(1, 1_272), "b", PORT)).isTrue();
        assertThat(a.send(payload(2, 1_273), "b", PORT)).isTrue();
        network.settle();
        assertThat(numbersAtB()).containsExactly(0, 1);
        assertThat(network.trace().text()).contains("datagram of 1273 lost: larger than the MTU");
    }

    @Test
    void mtuThatIsKnownRefusesWhatIsLarger() {
        there.mtu(1_300).mtuIsKnown(true);
        assertThat(a.send(payload(1, 1_272), "b", PORT)).isTrue();
        assertThat(a.send(payload(2, 1_273), "b", PORT)).isFalse();
        network.settle();
        assertThat(numbersAtB()).containsExactly(1);
        assertThat(network.trace().text()).contains("datagram of 1273 refused: larger than the MTU");
    }

    // ---- rules

    @Test
    void ruleLosesTheNumbersThatItNames() {
        send(0);
        there.rule(DatagramRule.losing(number -> number % 2 == 1));
        IntStream.rangeClosed(1, 5).forEach(this::send);
        there.rule(null);
        send(6);
        network.settle();
        assertThat(numbersAtB()).containsExactly(0, 1, 3, 5, 6);
        assertThat(network.trace().text().lines().filter(line -> line.endsWith("lost: rule")))
                .hasSize(2);
    }

    @Test
    void ruleSeesThePayload() {
        there.rule((number, payload) -> payload.getInt(0) == 3 ? DatagramFate.LOST : DatagramFate.PASSES);
        IntStream.rangeClosed(1, 4).forEach(this::send);
        network.settle();
        assertThat(numbersAtB()).containsExactly(1, 2, 4);
    }

    @Test
    void ruleSeesWhatIsLostBehindItAndNotWhatIsRefusedBeforeIt() {
        List<Integer> sizes = new ArrayList<>();
        there.mtu(1_300).rule((number, payload) -> {
            sizes.add(payload.remaining());
            return DatagramFate.PASSES;
        });
        a.send(payload(0, 1_273), "b", PORT);
        there.mtuIsKnown(true);
        a.send(payload(1, 1_274), "b", PORT);
        assertThat(sizes).containsExactly(1_273);
    }

    @Test
    void ruleLetsADatagramBeOvertakenByThousands() {
        there.latency(millis(10))
                .rule((number, payload) -> number == 0 ? DatagramFate.late(millis(100)) : DatagramFate.PASSES);
        for (int i = 0; i < 9_000; i++) {
            send(i);
            network.advance(Duration.ofNanos(10_000));
        }
        network.advance(millis(200));
        assertThat(numbersAtB().indexOf(0)).isEqualTo(8_999);
    }

    @Test
    void ruleMultipliesADatagramOfWhichEachCopyMeetsTheLineByItself() {
        there.bytesPerSecond(100_000).corruption(0.5).rule((number, payload) -> DatagramFate.copies(100));
        a.send(payload(5, 972), "b", PORT);
        network.advance(Duration.ofSeconds(2));
        assertThat(atB).hasSize(100);
        ByteBuffer whole = payload(5, 972);
        assertThat(atB.stream().filter(datagram -> datagram.payload().equals(whole)))
                .hasSizeBetween(30, 70);
        assertThat(network.nowNanos()).isGreaterThan(1_000_000_000L);
    }

    @Test
    void fateHasItsLimits() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatagramFate.copies(101))
                .withMessage("copies is 101, must be from 0 to 100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatagramFate.copies(-1))
                .withMessage("copies is -1, must be from 0 to 100");
        assertThatIllegalArgumentException().isThrownBy(() -> DatagramFate.late(millis(-1)));
    }

    // ---- the trace

    @Test
    void traceIsSilentOfDatagramsIfWantedAndAllElseIsTheSame() {
        there.loss(0.5);
        network.traceDatagrams(false);
        IntStream.range(0, 100).forEach(this::send);
        network.settle();
        assertThat(network.trace().text()).doesNotContain("datagram of");
        List<Integer> untold = numbersAtB();
        try (SimulatedNetwork told = SimulatedNetwork.seeded(11)) {
            told.between("a", "b").loss(0.5);
            List<Integer> numbers = new ArrayList<>();
            told.datagrams("b", PORT)
                    .received()
                    .subscribe(datagram -> numbers.add(datagram.payload().getInt(0)));
            DatagramEndpoint sender = told.datagrams("a", PORT);
            IntStream.range(0, 100).forEach(i -> sender.send(payload(i, 4), "b", PORT));
            told.settle();
            assertThat(numbers).isEqualTo(untold).hasSizeBetween(30, 70);
        }
    }
}
