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
    private static final int MOST_OPERATIONS = 24;
    private static final int MOST_ATTEMPTS_TO_SHRINK = Integer.getInteger("weir.shrink", 2_000);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void usersObserveWhatTheModelSays(int part) {
        Seeds.from(part * (long) PAIRS_IN_ONE_TEST, PAIRS_IN_ONE_TEST).forEach(RandomOperationsTest::check);
    }

    @Test
    void aScriptIsReadAsItWasWritten() {
        List<Operation> script = script(new Random(1));
        assertThat(Operation.parse(script.toString().replaceAll("[\\[\\]]", "")))
                .isEqualTo(script);
    }

    static void check(long seed) {
        Random random = new Random(seed);
        Setup setup = new Setup(random.nextInt(Setup.COUNT));
        List<Operation> script = script(random);
        Throwable failure = failure(seed, setup, script);
        if (failure != null) {
            List<Operation> shortest =
                    Shrinker.shrink(script, s -> failure(seed, setup, s) != null, MOST_ATTEMPTS_TO_SHRINK);
            throw new AssertionError(
                    "seed " + seed + " (-Dweir.seed=" + seed + "), shortest with " + setup + ": " + shortest,
                    failure(seed, setup, shortest));
        }
    }

    private static List<Operation> script(Random random) {
        List<Operation> script = new ArrayList<>();
        for (int i = 0; i < SEQUENCES_ON_ONE_PAIR; i++) {
            script.addAll(Operation.sequence(random, 4 + random.nextInt(MOST_OPERATIONS - 3)));
        }
        return script;
    }

    static @Nullable Throwable failure(long seed, Setup setup, List<Operation> script) {
        try (Pair pair = new Pair(seed, setup)) {
            pair.run(script);
            pair.finishNodes();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }
}
