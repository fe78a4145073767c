package io.weir.test.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each fault of the network as datagrams meet it. Where chance decides, shares are those of 20,000 packets. */
final class DatagramFaultsTest {

    private static final int MANY = 20_000;
    private static final int PORT = 7_400;

    private final SimulatedNetwork network = SimulatedNetwork.seeded(11);
    private final Faults there = network.between("a", "b");
    private final Faults back = network.between("b", "a");
    private final DatagramEndpoint a = network.datagrams("a", PORT);
    private final DatagramEndpoint b = network.datagrams("b", PORT);
    private final List<Arrival> atA = arrivals(a);
    private final List<Arrival> atB = arrivals(b);

    private record Arrival(long nanos, String from, byte[] bytes) {

        int number() {
            return ByteBuffer.wrap(bytes).getInt();
        }
    }

    private List<Arrival> arrivals(DatagramEndpoint endpoint) {
        List<Arrival> arrivals = new ArrayList<>();
        endpoint.received().subscribe(datagram -> {
            byte[] bytes = new byte[datagram.payload().remaining()];
            datagram.payload().get(bytes);
            arrivals.add(new Arrival(network.nowNanos(), datagram.host() + ":" + datagram.port(), bytes));
        });
        return arrivals;
    }

    @AfterEach
    void close() {
        network.close();
    }

    private void send(int number, int bytes) {
        a.send(ByteBuffer.allocate(bytes).putInt(0, number), "b", PORT);
    }

    /** One each millisecond, and time for all to arrive. */
    private void sendMany() {
        for (int i = 0; i < MANY; i++) {
            send(i, 4);
            network.advance(Duration.ofMillis(1));
        }
        network.advance(Duration.ofSeconds(10));
    }

    private BitSet arrived() {
        BitSet arrived = new BitSet();
        atB.forEach(arrival -> arrived.set(arrival.number()));
        return arrived;
    }

    /** How many runs of lost packets there were, by their length. */
    private Map<Integer, Integer> lostRuns() {
        BitSet arrived = arrived();
        Map<Integer, Integer> runs = new HashMap<>();
        for (int from = arrived.nextClearBit(0); from < MANY; ) {
            int to = arrived.nextSetBit(from);
            int end = to < 0 ? MANY : to;
            runs.merge(end - from, 1, Integer::sum);
            from = arrived.nextClearBit(end);
        }
        return runs;
    }

    private double lossShare() {
        return 1 - arrived().cardinality() / (double) MANY;
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    private List<Long> millisAtB() {
        return atB.stream().map(arrival -> arrival.nanos() / 1_000_000).toList();
    }

    private List<Integer> numbersAtB() {
        return atB.stream().map(Arrival::number).toList();
    }

    private long disorder() {
        List<Integer> numbers = numbersAtB();
        return IntStream.range(1, numbers.size())
                .filter(i -> numbers.get(i) < numbers.get(i - 1))
                .count();
    }

    @Test
    void perfectNetworkLosesNothingAndSaysWhoSent() {
        send(1, 4);
        b.send(ByteBuffer.allocate(0), "a", PORT);
        network.settle();
        assertThat(numbersAtB()).containsExactly(1);
        assertThat(atB.get(0).from()).isEqualTo("a:" + PORT);
        assertThat(atA)
                .singleElement()
                .satisfies(arrival -> assertThat(arrival.bytes()).isEmpty());
    }

    @Test
    void latencyDelaysEachDirectionByItself() {
        there.latency(millis(10));
        back.latency(millis(30));
        send(1, 4);
        b.send(ByteBuffer.allocate(4), "a", PORT);
        network.advance(millis(100));
        assertThat(atB.get(0).nanos()).isEqualTo(10_000_000);
        assertThat(atA.get(0).nanos()).isEqualTo(30_000_000);
    }

    @Test
    void jitterIsUniform() {
        there.latency(millis(10)).jitter(millis(8));
        sendMany();
        assertThat(atB).hasSize(MANY);
        double[] delays = atB.stream()
                .mapToDouble(arrival -> arrival.nanos() / 1e6 - arrival.number())
                .toArray();
        assertThat(Arrays.stream(delays)).allMatch(delay -> delay >= 10 && delay <= 18.000001);
        for (int eighth = 0; eighth < 8; eighth++) {
            int from = 10 + eighth;
            assertThat(Arrays.stream(delays)
                                    .filter(d -> d >= from && d < from + 1)
                                    .count()
                            / (double) MANY)
                    .isCloseTo(1 / 8.0, within(0.01));
        }
    }

    @Test
    void rateSpacesDatagramsWithTheirHeaders() {
        there.bytesPerSecond(100_000);
        for (int i = 0; i < 4; i++) {
            send(i, 972);
        }
        network.advance(millis(25));
        assertThat(millisAtB()).containsExactly(10L, 20L);
        network.advance(millis(100));
        send(4, 472);
        network.advance(millis(100));
        assertThat(millisAtB()).containsExactly(10L, 20L, 30L, 40L, 130L);
    }

    @Test
    void queueTakesAsManyAsItsLimit() {
        there.bytesPerSecond(100_000).queueLimit(5);
        for (int i = 0; i < 10; i++) {
            send(i, 972);
        }
        network.advance(millis(15));
        // one has left: there is room for one more
        send(10, 972);
        send(11, 972);
        network.advance(millis(1_000));
        assertThat(numbersAtB()).containsExactly(0, 1, 2, 3, 4, 5, 10);
    }

    @Test
    void lossTakesItsShareAndEachPacketByItself() {
        there.loss(0.1);
        sendMany();
        assertThat(lossShare()).isCloseTo(0.1, within(0.011));
        Map<Integer, Integer> runs = lostRuns();
        // geometric: nine in ten runs are of one
        assertThat(runs.get(1)
                        / (double) runs.values().stream().mapToInt(n -> n).sum())
                .isCloseTo(0.9, within(0.04));
        assertThat(disorder()).isZero();
    }

    @Test
    void lossStopsAtTheLongestRun() {
        there.loss(0.6).longestRun(3);
        sendMany();
        assertThat(lostRuns().keySet()).containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void burstsHaveTheirRateAndTheirLength() {
        BurstLoss burst = BurstLoss.of(0.01, 5);
        there.burst(burst);
        sendMany();
        Map<Integer, Integer> runs = lostRuns();
        int bursts = runs.values().stream().mapToInt(n -> n).sum();
        double mean = runs.entrySet().stream()
                        .mapToInt(run -> run.getKey() * run.getValue())
                        .sum()
                / (double) bursts;
        assertThat(burst.meanLoss()).isCloseTo(1 / 21.0, within(1e-9));
        assertThat(lossShare()).isCloseTo(burst.meanLoss(), within(0.012));
        // two bursts one behind the other look like one
        assertThat(mean).isCloseTo(5, within(1.0));
        assertThat(runs.keySet()).anyMatch(length -> length > 12);
    }

    @Test
    void burstsLoseTheirShareInEachState() {
        BurstLoss burst = new BurstLoss(0.05, 0.2, 0.01, 0.5);
        there.burst(burst);
        sendMany();
        assertThat(burst.meanLoss()).isCloseTo(0.2 * 0.5 + 0.8 * 0.01, within(1e-9));
        assertThat(lossShare()).isCloseTo(burst.meanLoss(), within(0.012));
    }

    @Test
    void corruptionFlipsOneBitOfItsShare() {
        there.corruption(0.1);
        int damaged = 0;
        for (int i = 0; i < MANY; i++) {
            send(0, 8);
        }
        network.settle();
        assertThat(atB).hasSize(MANY);
        Set<Integer> bits = new HashSet<>();
        for (Arrival arrival : atB) {
            BitSet set = BitSet.valueOf(arrival.bytes());
            assertThat(set.cardinality()).isLessThanOrEqualTo(1);
            damaged += set.cardinality();
            set.stream().forEach(bits::add);
        }
        assertThat(damaged / (double) MANY).isCloseTo(0.1, within(0.011));
        assertThat(bits).hasSize(64);
    }

    @Test
    void corruptionStopsAtTheLongestRunAndSparesWhatIsEmpty() {
        there.corruption(1).longestRun(2);
        for (int i = 0; i < 6; i++) {
            send(0, 8);
        }
        a.send(ByteBuffer.allocate(0), "b", PORT);
        network.settle();
        assertThat(atB.stream().map(arrival -> BitSet.valueOf(arrival.bytes()).cardinality()))
                .containsExactly(1, 1, 0, 1, 1, 0, 0);
    }

    @Test
    void duplicationDeliversItsShareTwice() {
        there.duplication(0.2);
        sendMany();
        assertThat(arrived().cardinality()).isEqualTo(MANY);
        assertThat((atB.size() - MANY) / (double) MANY).isCloseTo(0.2, within(0.015));
        Map<Integer, Integer> copies = new HashMap<>();
        atB.forEach(arrival -> copies.merge(arrival.number(), 1, Integer::sum));
        assertThat(copies.values()).allMatch(n -> n <= 2);
    }

    @Test
    void duplicatesAreTheReceiversToKeep() {
        there.duplication(1);
        List<Datagram> kept = new ArrayList<>();
        network.datagrams("b", 1).received().subscribe(kept::add);
        a.send(ByteBuffer.allocate(4).putInt(0, 5), "b", 1);
        network.settle();
        assertThat(kept).hasSize(2);
        assertThat(kept.get(0).payload().getInt()).isEqualTo(5);
        assertThat(kept.get(1).payload().getInt()).isEqualTo(5);
        assertThat(kept.get(0).payload().isReadOnly()).isTrue();
    }

    @Test
    void reorderingHoldsBackItsShare() {
        there.latency(millis(20)).reordering(0.1);
        sendMany();
        assertThat(atB).hasSize(MANY);
        assertThat(arrived().cardinality()).isEqualTo(MANY);
        long late = atB.stream()
                .filter(arrival -> arrival.nanos() > (arrival.number() + 20) * 1_000_000L)
                .count();
        assertThat(late / (double) MANY).isCloseTo(0.1, within(0.011));
        assertThat(atB).allMatch(arrival -> arrival.nanos() <= (arrival.number() + 40) * 1_000_000L);
        assertThat(disorder()).isGreaterThan(MANY / 20);
    }

    @Test
    void orderIsKeptWithoutJitterAndReordering() {
        there.latency(millis(20))
                .loss(0.1)
                .duplication(0.1)
                .bytesPerSecond(40_000)
                .queueLimit(30);
        sendMany();
        assertThat(disorder()).isZero();
    }

    @Test
    void mtuLosesWhatIsLarger() {
        there.mtu(1_280);
        send(0, 1_252);
        send(1, 1_253);
        network.settle();
        assertThat(numbersAtB()).containsExactly(0);
        assertThat(network.trace().text()).contains("lost: larger than the MTU");
    }

    @Test
    void oneWayPartitionLosesOneDirectionUntilItHeals() {
        network.partitionOneWay("a", "b");
        send(0, 4);
        b.send(ByteBuffer.allocate(4), "a", PORT);
        network.settle();
        assertThat(atB).isEmpty();
        assertThat(atA).hasSize(1);
        network.heal();
        send(1, 4);
        network.settle();
        assertThat(numbersAtB()).containsExactly(1);
    }

    @Test
    void fullPartitionLosesBothAndNobodyElses() {
        network.partition(Set.of("a"), Set.of("b", "c"));
        DatagramEndpoint d = network.datagrams("d", PORT);
        send(0, 4);
        b.send(ByteBuffer.allocate(4), "a", PORT);
        d.send(ByteBuffer.allocate(4).putInt(0, 9), "b", PORT);
        network.settle();
        assertThat(numbersAtB()).containsExactly(9);
        assertThat(atA).isEmpty();
    }

    @Test
    void whatIsUnderWayWhenThePartitionBeginsArrives() {
        there.latency(millis(10));
        send(0, 4);
        network.partition(Set.of("a"), Set.of("b"));
        network.advance(millis(10));
        assertThat(numbersAtB()).containsExactly(0);
    }

    @Test
    void blackHoleSwallowsByTurns() {
        there.blackHole(new BlackHole(millis(500), millis(200)));
        for (int i = 0; i < 14; i++) {
            send(i, 4);
            network.advance(millis(100));
        }
        assertThat(numbersAtB()).containsExactly(0, 1, 2, 3, 4, 7, 8, 9, 10, 11);
    }

    @Test
    void addressChangeIsSeenByThePeerAndTheOldAddressIsDead() {
        there.latency(millis(10));
        back.latency(millis(10));
        send(0, 4);
        network.changeAddress("a");
        assertThat(a.host()).isNotEqualTo("a");
        send(1, 4);
        b.send(ByteBuffer.allocate(4), "a", PORT);
        b.send(ByteBuffer.allocate(5), a.host(), PORT);
        network.advance(millis(10));
        assertThat(atB).extracting(Arrival::from).containsExactly("a:" + PORT, a.host() + ":" + PORT);
        assertThat(atA).extracting(arrival -> arrival.bytes().length).containsExactly(5);
    }

    @Test
    void whatIsUnderWayToTheOldAddressIsLost() {
        back.latency(millis(10));
        b.send(ByteBuffer.allocate(4), "a", PORT);
        network.advance(millis(5));
        network.changeAddress("a");
        network.advance(millis(100));
        assertThat(atA).isEmpty();
    }

    @Test
    void frozenHostReceivesLateInOrder() {
        network.freeze("b", millis(300));
        for (int i = 0; i < 5; i++) {
            send(i, 4);
            network.advance(millis(10));
        }
        b.send(ByteBuffer.allocate(4), "a", PORT);
        network.advance(millis(249));
        assertThat(atB).isEmpty();
        assertThat(atA).hasSize(1);
        network.advance(millis(1));
        assertThat(millisAtB()).containsExactly(300L, 300L, 300L, 300L, 300L);
        assertThat(numbersAtB()).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void hostThatIsFrozenAgainKeepsTheOrder() {
        network.freeze("b", millis(300));
        send(0, 4);
        network.advance(millis(100));
        network.freeze("b", millis(400));
        send(1, 4);
        network.advance(millis(400));
        send(2, 4);
        network.settle();
        assertThat(numbersAtB()).containsExactly(0, 1, 2);
        assertThat(millisAtB()).containsExactly(500L, 500L, 500L);
    }

    @Test
    void nobodyIsReachedAtAPortThatIsClosedOrWasNeverBound() {
        a.send(ByteBuffer.allocate(4), "b", PORT + 1);
        a.send(ByteBuffer.allocate(4), "nobody", PORT);
        there.latency(millis(10));
        send(0, 4);
        b.close();
        b.close();
        network.advance(millis(10));
        assertThat(atB).isEmpty();
        assertThat(network.trace().text().lines().filter(line -> line.endsWith("lost: nobody there")))
                .hasSize(3);
        assertThat(network.datagrams("b", PORT).port()).isEqualTo(PORT);
    }

    @Test
    void receiverThatDoesNotReadLosesWhatIsAboveItsLimit() {
        DatagramEndpoint unread = network.datagrams("b", 1);
        for (int i = 0; i < DatagramEndpoint.RECEIVE_LIMIT + 10; i++) {
            a.send(ByteBuffer.allocate(4).putInt(0, i), "b", 1);
        }
        network.settle();
        List<Integer> got = new ArrayList<>();
        unread.received().subscribe(datagram -> got.add(datagram.payload().getInt()));
        assertThat(got)
                .isEqualTo(IntStream.range(0, DatagramEndpoint.RECEIVE_LIMIT)
                        .boxed()
                        .toList());
        assertThat(network.trace().text().lines().filter(line -> line.endsWith("lost: receiver is full")))
                .hasSize(10);
    }

    @Test
    void portsAreOneHostsOwnAndTakenOnce() {
        assertThatIllegalStateException()
                .isThrownBy(() -> network.datagrams("a", PORT))
                .withMessage("port 7400 of a is taken");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.datagrams("a", 0))
                .withMessage("port is 0, must be from 1 to 65535");
        assertThatIllegalArgumentException().isThrownBy(() -> network.datagrams("a~1", 1));
    }

    @Test
    void payloadIsCopiedWhenItIsSent() {
        there.latency(millis(10));
        ByteBuffer payload = ByteBuffer.allocate(4).putInt(0, 1);
        a.send(payload, "b", PORT);
        payload.putInt(0, 2);
        network.advance(millis(10));
        assertThat(numbersAtB()).containsExactly(1);
        assertThat(payload.hasRemaining()).isFalse();
    }
}
