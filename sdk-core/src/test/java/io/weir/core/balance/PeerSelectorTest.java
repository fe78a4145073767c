package io.weir.core.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerSelectorTest {

    private static final int PEERS = 20;
    private static final int CALLS = 100_000;

    static Stream<PeerSelector> all() {
        return Stream.of(
                PeerSelector.roundRobin(),
                PeerSelector.powerOfTwoChoices(),
                PeerSelector.consistentHash(),
                PeerSelector.consistentHash(1.25));
    }

    @ParameterizedTest
    @MethodSource("all")
    void whoeverIsAloneIsChosen(PeerSelector selector) {
        TestPeers one = TestPeers.of(1, 1).load(0, 1_000);

        assertThat(selector.select(one, Long.MIN_VALUE, -1)).isZero();
        assertThat(selector.select(one, -1, Long.MIN_VALUE)).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyPeerGetsItsShareWhereNobodyHasMoreToDo(PeerSelector selector) {
        int[] counts = counts(selector, TestPeers.of(PEERS, 2), CALLS);

        for (int count : counts) { // 5,000 each; 6 standard deviations are 413
            assertThat(count).isCloseTo(CALLS / PEERS, within(413));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theSameArgumentsGiveTheSamePeer(PeerSelector selector) {
        TestPeers peers = TestPeers.of(PEERS, 3);

        for (long call = 0; call < 1_000; call++) {
            long key = Mixing.mix(call);
            assertThat(selector.select(peers, call, key)).isEqualTo(selector.select(peers, call, key));
        }
    }

    @Test
    void roundRobinGoesRoundAlsoWhereTheCallsNumberWrapsAround() {
        TestPeers four = TestPeers.of(4, 4);
        PeerSelector selector = PeerSelector.roundRobin();

        assertThat(IntStream.range(-3, 5).map(i -> selector.select(four, Long.MAX_VALUE + i, 0)))
                .containsExactly(0, 1, 2, 3, 0, 1, 2, 3);
    }

    @Test
    void ofTwoTheOneWithLessToDoIsChosen() {
        TestPeers two = TestPeers.of(2, 5).load(0, 7).load(1, 6);

        assertThat(counts(PeerSelector.powerOfTwoChoices(), two, 1_000)).containsExactly(0, 1_000);
    }

    /** The peer with most to do is drawn, but never wins; an idle one wins each time it is drawn, which is 2 of n. */
    @Test
    void anIdlePeerGetsNoMoreThanTwiceItsShareAndABusyOneNothing() {
        TestPeers peers = TestPeers.of(PEERS, 6);
        IntStream.range(1, PEERS).forEach(i -> peers.load(i, 3));
        peers.load(PEERS - 1, 1_000);

        int[] counts = counts(PeerSelector.powerOfTwoChoices(), peers, CALLS);

        assertThat(counts[0]).isCloseTo(2 * CALLS / PEERS, within(600));
        assertThat(counts[PEERS - 1]).isZero();
    }

    @Test
    void onlyTheKeysOfThePeerThatGoesMove() {
        TestPeers before = TestPeers.of(PEERS, 7);
        PeerSelector selector = PeerSelector.consistentHash();
        int gone = 11;
        TestPeers after = before.without(gone);

        int moved = 0;
        for (int i = 0; i < CALLS; i++) {
            long key = Mixing.mix("user " + i);
            int was = selector.select(before, i, key);
            int is = selector.select(after, -i, key);
            if (was == gone) {
                moved++;
            } else {
                assertThat(after.peer(is)).isEqualTo(before.peer(was));
            }
        }
        assertThat(moved).isCloseTo(CALLS / PEERS, within(413));
    }

    @Test
    void aKeyDoesNotMoveWhateverTheLoadUnlessThatIsBounded() {
        TestPeers peers = TestPeers.of(PEERS, 8);
        long key = Mixing.mix("popular");
        int home = PeerSelector.consistentHash().select(peers, 1, key);

        peers.load(home, 1_000_000);

        assertThat(PeerSelector.consistentHash().select(peers, 2, key)).isEqualTo(home);
        assertThat(PeerSelector.consistentHash(2).select(peers, 2, key)).isNotEqualTo(home);
    }

    /** Whatever the keys: no peer has more than the factor times the average, rounded up. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 1.25, 2})
    void aPopularKeyDoesNotOverloadItsPeer(double loadFactor) {
        TestPeers peers = TestPeers.of(PEERS, 9);
        PeerSelector selector = PeerSelector.consistentHash(loadFactor);
        Random random = new Random(9);

        for (int all = 1; all <= 2_000; all++) {
            long key = Mixing.mix("key " + (random.nextInt(4) == 0 ? random.nextInt(100) : 0));
            int chosen = selector.select(peers, all, key);
            peers.load(chosen, peers.outstanding(chosen) + 1);
            assertThat(peers.outstanding(chosen)).isLessThanOrEqualTo((int) Math.ceil(loadFactor * all / PEERS));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.99, 100.1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesALoadFactorOutOfRange(double loadFactor) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerSelector.consistentHash(loadFactor))
                .withMessage("loadFactor is " + loadFactor + "; legal: 1.0 to 100.0");
    }

    private static int[] counts(PeerSelector selector, TestPeers peers, int calls) {
        int[] counts = new int[peers.size()];
        long start = 0x123456789L;
        for (long call = start; call < start + calls; call++) {
            counts[selector.select(peers, call, Mixing.mix(call))]++;
        }
        return counts;
    }
}
