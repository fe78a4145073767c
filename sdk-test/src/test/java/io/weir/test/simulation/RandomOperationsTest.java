package io.weir.test.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.test.network.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 20,000 sequences of random operations of two users, fifty on each pair of nodes, against a naive model of what they may
 * observe. A failing one is made as short as it gets, and printed with its seed; {@code -Dweir.seed=N} runs that one again;
 * {@code -Dweir.shrink=0} leaves it as long as it is.
 */
class RandomOperationsTest {

    private static final int PAIRS_IN_ONE_TEST = 40;
    private static final int SEQUENCES_ON_ONE_PAIR = 50;
    private static final int PAIRS_WITH_LANES = 180;
    private static final int SEQUENCES_WITH_LANES = 1;
    private static final int PAIRS_WITH_PACKETS = 40;
    private static final int SEQUENCES_WITH_PACKETS = 3;
    private static final int PAIRS_OVER_DATAGRAMS = 20;
    private static final int SEQUENCES_OVER_DATAGRAMS = 3;
    private static final int MOST_OPERATIONS = 24;
    private static final int MOST_ATTEMPTS_TO_SHRINK = Integer.getInteger("weir.shrink", 2_000);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void usersObserveWhatTheModelSays(int part) {
        Seeds.from(part * (long) PAIRS_IN_ONE_TEST, PAIRS_IN_ONE_TEST).forEach(RandomOperationsTest::check);
    }

    /** With {@link StreamSimulationTest} 2,000 seeds: here 1,800 pairs of nodes, each with one sequence. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void usersObserveTheSameWhereHalvesOvertakeControl(int part) {
        Seeds.from(part * (long) PAIRS_WITH_LANES, PAIRS_WITH_LANES)
                .forEach(seed -> check(seed, Carriage.LANES, SEQUENCES_WITH_LANES));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void usersObserveTheSameWherePacketsAreLost(int part) {
        Seeds.from(part * (long) PAIRS_WITH_PACKETS, PAIRS_WITH_PACKETS)
                .forEach(seed -> check(seed, Carriage.PACKETS, SEQUENCES_WITH_PACKETS));
    }

    /** On the transport over datagrams, while a scenario plays. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void usersObserveTheSameOverDatagrams(int part) {
        Seeds.from(part * (long) PAIRS_OVER_DATAGRAMS, PAIRS_OVER_DATAGRAMS)
                .forEach(RandomOperationsTest::checkOverDatagrams);
    }

    @Test
    void aScriptIsReadAsItWasWritten() {
        List<Operation> script = script(new Random(1), SEQUENCES_ON_ONE_PAIR);
        assertThat(Operation.parse(script.toString().replaceAll("[\\[\\]]", "")))
                .isEqualTo(script);
    }

    static void check(long seed) {
        check(seed, Carriage.LINKS, SEQUENCES_ON_ONE_PAIR);
    }

    static void checkOverDatagrams(long seed) {
        check(seed, Carriage.DATAGRAMS, SEQUENCES_OVER_DATAGRAMS);
    }

    private static void check(long seed, Carriage carriage, int sequences) {
        Random random = new Random(seed);
        Setup setup = new Setup(random.nextInt(Setup.COUNT), carriage);
        List<Operation> script = script(random, sequences);
        Throwable failure = failure(seed, setup, script);
        if (failure != null) {
            List<Operation> shortest =
                    Shrinker.shrink(script, s -> failure(seed, setup, s) != null, MOST_ATTEMPTS_TO_SHRINK);
            throw new AssertionError(
                    "seed " + seed + " (-Dweir.seed=" + seed + "), shortest with " + setup + ": " + shortest,
                    failure(seed, setup, shortest));
        }
    }

    private static List<Operation> script(Random random, int sequences) {
        List<Operation> script = new ArrayList<>();
        for (int i = 0; i < sequences; i++) {
            script.addAll(Operation.sequence(random, 4 + random.nextInt(MOST_OPERATIONS - 3)));
        }
        return script;
    }

    private static @Nullable Throwable failure(long seed, Setup setup, List<Operation> script) {
        try (Pair pair = new Pair(seed, setup)) {
            pair.run(script);
            pair.finishNodes();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }
}
