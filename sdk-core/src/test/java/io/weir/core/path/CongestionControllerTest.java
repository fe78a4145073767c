package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What RFC 9002 section 7 asks of any controller, of each that there is. */
class CongestionControllerTest {

    private static final int DATAGRAM = ControllerDriver.DATAGRAM;
    private static final long RTT = 100_000_000L;

    static Stream<Arguments> controllers() {
        return Stream.of(
                Arguments.of("NewReno", (IntFunction<CongestionController>) NewReno::new, 0.5),
                Arguments.of("Cubic", (IntFunction<CongestionController>) Cubic::new, 0.7));
    }

    /** Section 7.2: ten datagrams, limited to the larger of 14,720 bytes and two datagrams. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("controllers")
    void beginsWithTheInitialWindow(String name, IntFunction<CongestionController> make, double beta) {
        assertThat(make.apply(1_200).windowBytes()).isEqualTo(12_000);
        assertThat(make.apply(1_472).windowBytes()).isEqualTo(14_720);
        assertThat(make.apply(1_500).windowBytes()).isEqualTo(14_720);
        assertThat(make.apply(8_952).windowBytes()).isEqualTo(17_904);
        assertThat(make.apply(1_200).slowStart()).isTrue();
    }

    /** Section 7.3.1: by the bytes acknowledged, which doubles it each round trip. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("controllers")
    void doublesInSlowStart(String name, IntFunction<CongestionController> make, double beta) {
        ControllerDriver driver = new ControllerDriver(make.apply(DATAGRAM), RTT);

        driver.rounds(3);

        assertThat(driver.controller.windowBytes()).isEqualTo(80 * DATAGRAM);
    }

    /** Section 7.8: not in slow start nor in congestion avoidance while the window is not used. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("controllers")
    void doesNotGrowWhileThereIsTooLittleToSend(String name, IntFunction<CongestionController> make, double beta) {
        ControllerDriver driver = new ControllerDriver(make.apply(DATAGRAM), RTT);
        long first = driver.send(5);
        for (long number = first; number < driver.next; number++) {
            driver.controller.onAcked(number, DATAGRAM, true, RTT);
        }
        assertThat(driver.controller.windowBytes()).isEqualTo(10 * DATAGRAM);

        driver.lossyRound();
        long reduced = driver.controller.windowBytes();
        for (int round = 0; round < 50; round++) {
            first = driver.send(5);
            driver.nowNanos += RTT;
            for (long number = first; number < driver.next; number++) {
                driver.controller.onAcked(number, DATAGRAM, true, driver.nowNanos);
            }
        }
        assertThat(driver.controller.windowBytes()).isEqualTo(reduced);
    }

    /** Section 7.3.2: once, whatever else of what had been sent is lost; and no growth by what had been sent. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("controllers")
    void isReducedOnceForWhatWasSentBefore(String name, IntFunction<CongestionController> make, double beta) {
        ControllerDriver driver = new ControllerDriver(make.apply(DATAGRAM), RTT);
        driver.rounds(3);
        long first = driver.send(80);

        driver.controller.onCongestion(CongestionSignal.LOSS, first);
        long reduced = driver.controller.windowBytes();
        assertThat(reduced).isEqualTo((long) (80 * DATAGRAM * beta));
        assertThat(driver.controller.slowStart()).isFalse();

        driver.ack(first + 1, first + 40);
        driver.controller.onCongestion(CongestionSignal.LOSS, first + 79);
        driver.controller.onCongestion(CongestionSignal.ECN, first + 79);
        assertThat(driver.controller.windowBytes()).isEqualTo(reduced);

        long after = driver.send(1);
        driver.controller.onCongestion(CongestionSignal.LOSS, after);
        assertThat(driver.controller.windowBytes()).isEqualTo((long) (reduced * beta));
    }

    /** Section 7.1: marks of congestion count like a loss. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("controllers")
    void isReducedByMarksToo(String name, IntFunction<CongestionController> make, double beta) {
        ControllerDriver driver = new ControllerDriver(make.apply(DATAGRAM), RTT);
        driver.rounds(3);
        long first = driver.send(80);

        driver.controller.onCongestion(CongestionSignal.ECN, first + 10);

        assertThat(driver.controller.windowBytes()).isEqualTo((long) (80 * DATAGRAM * beta));
    }

    /** Section 7.2: never below two datagrams. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("controllers")
    void neverGoesBelowTwoDatagrams(String name, IntFunction<CongestionController> make, double beta) {
        ControllerDriver driver = new ControllerDriver(make.apply(DATAGRAM), RTT);
        for (int i = 0; i < 20; i++) {
            driver.controller.onCongestion(CongestionSignal.LOSS, driver.send(1));
        }
        assertThat(driver.controller.windowBytes()).isEqualTo(2 * DATAGRAM);

        driver.controller.onCongestion(CongestionSignal.PERSISTENT_LOSS, driver.send(1));
        assertThat(driver.controller.windowBytes()).isEqualTo(2 * DATAGRAM);
    }

    /** Section 7.6: the minimum window, then slow start up to the threshold that the loss has set (section 7.3.1). */
    @ParameterizedTest(name = "{0}")
    @MethodSource("controllers")
    void collapsesAtPersistentLossAndComesBackInSlowStart(
            String name, IntFunction<CongestionController> make, double beta) {
        ControllerDriver driver = new ControllerDriver(make.apply(DATAGRAM), RTT);
        driver.rounds(3);
        long first = driver.send(80);

        driver.controller.onCongestion(CongestionSignal.PERSISTENT_LOSS, first + 70);
        assertThat(driver.controller.windowBytes()).isEqualTo(2 * DATAGRAM);
        assertThat(driver.controller.slowStart()).isTrue();

        // What was sent before the collapse arrives: something gets through again.
        driver.ack(first + 71, first + 73);
        assertThat(driver.controller.windowBytes()).isEqualTo(4 * DATAGRAM);
        // And what of it is found lost only now is accounted for.
        driver.controller.onCongestion(CongestionSignal.LOSS, first + 79);
        assertThat(driver.controller.windowBytes()).isEqualTo(4 * DATAGRAM);

        long threshold = (long) (80 * DATAGRAM * beta);
        while (driver.controller.slowStart()) {
            driver.round();
        }
        assertThat(driver.controller.windowBytes()).isBetween(threshold, threshold + threshold / 10);
    }

    /** RFC 9438 section 4.9.2, which RFC 9002 does not forbid: what was reduced for nothing is given back. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("controllers")
    void givesBackWhatASpuriousLossHasTaken(String name, IntFunction<CongestionController> make, double beta) {
        ControllerDriver driver = new ControllerDriver(make.apply(DATAGRAM), RTT);
        driver.rounds(3);
        long first = driver.send(80);
        driver.controller.onCongestion(CongestionSignal.LOSS, first);

        driver.controller.onSpuriousLoss(first);

        assertThat(driver.controller.windowBytes()).isEqualTo(80 * DATAGRAM);
        assertThat(driver.controller.slowStart()).isTrue();
        driver.controller.onCongestion(CongestionSignal.LOSS, first + 1);
        assertThat(driver.controller.windowBytes()).as("a loss that is real").isEqualTo((long) (80 * DATAGRAM * beta));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("controllers")
    void givesNothingBackForAnOlderLossNorTwice(String name, IntFunction<CongestionController> make, double beta) {
        ControllerDriver driver = new ControllerDriver(make.apply(DATAGRAM), RTT);
        driver.rounds(3);
        long first = driver.send(80);
        driver.controller.onCongestion(CongestionSignal.LOSS, first);
        long second = driver.send(10);
        driver.controller.onCongestion(CongestionSignal.LOSS, second);
        long reduced = driver.controller.windowBytes();

        driver.controller.onSpuriousLoss(first);
        assertThat(driver.controller.windowBytes()).isEqualTo(reduced);

        driver.controller.onSpuriousLoss(second);
        driver.controller.onSpuriousLoss(second);
        driver.controller.onSpuriousLoss(first);
        assertThat(driver.controller.windowBytes()).isEqualTo((long) (80 * DATAGRAM * beta));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("controllers")
    void givesNothingBackWhereThePathHasMarkedToo(String name, IntFunction<CongestionController> make, double beta) {
        ControllerDriver driver = new ControllerDriver(make.apply(DATAGRAM), RTT);
        driver.rounds(3);
        long first = driver.send(80);
        driver.controller.onCongestion(CongestionSignal.LOSS, first);
        driver.controller.onCongestion(CongestionSignal.ECN, first + 5);

        driver.controller.onSpuriousLoss(first);

        assertThat(driver.controller.windowBytes()).isEqualTo((long) (80 * DATAGRAM * beta));
    }

    /** RFC 9438 section 4.9.2: a window that has grown beyond meanwhile is kept. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("controllers")
    void keepsAWindowThatIsLargerByNow(String name, IntFunction<CongestionController> make, double beta) {
        ControllerDriver driver = new ControllerDriver(make.apply(DATAGRAM), RTT);
        driver.rounds(1);
        driver.lossyRound();
        long lost = driver.next - 1;
        driver.rounds(200);
        long grown = driver.controller.windowBytes();
        assertThat(grown).isGreaterThan(20 * DATAGRAM);

        driver.controller.onSpuriousLoss(lost);

        assertThat(driver.controller.windowBytes()).isEqualTo(grown);
    }

    /** RFC 9002 section 7.2: the initial window is recalculated with the new size; one that was changed is kept. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("controllers")
    void takesAnotherSizeOfDatagrams(String name, IntFunction<CongestionController> make, double beta) {
        CongestionController untouched = make.apply(1_200);
        untouched.onDatagramBytes(1_472);
        assertThat(untouched.windowBytes()).isEqualTo(14_720);

        ControllerDriver driver = new ControllerDriver(make.apply(DATAGRAM), RTT);
        driver.rounds(1);
        driver.controller.onDatagramBytes(1_452);
        assertThat(driver.controller.windowBytes()).isEqualTo(20 * DATAGRAM);
        driver.controller.onDatagramBytes(20_000);
        assertThat(driver.controller.windowBytes()).as("two of them").isEqualTo(40_000);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("controllers")
    void staysWithinItsBoundsWhateverHappens(String name, IntFunction<CongestionController> make, double beta) {
        for (int seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            CongestionController controller = make.apply(1_200);
            int datagram = 1_200;
            long now = 0;
            for (long number = 1; number < 20_000; number++) {
                now += (long) (random.nextDouble() * RTT);
                controller.onSent(number, random.nextInt(3), now);
                switch (random.nextInt(12)) {
                    case 0 ->
                        controller.onCongestion(CongestionSignal.values()[random.nextInt(3)], random.nextLong(number));
                    case 1 -> controller.onSpuriousLoss(random.nextLong(number));
                    case 2 -> controller.onRoundTrip(1 + random.nextLong(RTT), 1 + random.nextLong(RTT));
                    case 3 -> controller.onDatagramBytes(datagram = 1_200 + random.nextInt(64_000));
                    case 4 -> now -= random.nextLong(RTT); // a clock that goes back
                    case 5 -> now += random.nextLong(1_000 * RTT);
                    default -> controller.onAcked(number, datagram, random.nextInt(8) == 0, now);
                }
                assertThat(controller.windowBytes())
                        .as("seed %d, packet %d", seed, number)
                        .isBetween(2L * datagram, CongestionWindow.MOST_BYTES);
            }
        }
    }
}
