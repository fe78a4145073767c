package io.weir.core.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.reliability.LossyFlow.Way;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The machines of both sides together, over ways of every kind. */
class LossyFlowTest {

    private static final long MILLI = 1_000_000;
    private static final long HOUR = 3_600_000 * MILLI;
    private static final int PAYLOADS = 2_000;

    private static LossyFlow run(long seed, Way way) {
        LossyFlow flow = new LossyFlow(seed, way, PAYLOADS, MILLI / 10);
        flow.run(HOUR);
        assertThat(flow.complete()).as("seed %d over %s ends", seed, way).isTrue();
        assertThat(flow.delivered)
                .as("seed %d over %s", seed, way)
                .isEqualTo(IntStream.range(0, PAYLOADS).boxed().toList());
        return flow;
    }

    @Test
    void allArrivesOnceAndInOrderWhateverTheWayDoes() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Way way = new Way(
                    random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.6,
                    random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.3,
                    1 + (long) (random.nextDouble() * 100 * MILLI),
                    random.nextInt(3) == 0 ? 0 : (long) (random.nextDouble() * 30 * MILLI),
                    random.nextInt(10) == 0 ? 3_000 * MILLI : 0);

            run(seed, way);
        }
    }

    @Test
    void aPerfectWayRepairsNothingAndTellsLessAndLessOften() {
        LossyFlow flow = run(1, new Way(0, 0, 10 * MILLI, 0, 0));

        assertThat(flow.sent).isEqualTo(PAYLOADS);
        // 250 packets in each 25 ms: every 2nd, then 4th, 8th, 16th, and at last every 31st, with pauses for the window
        assertThat(flow.feedbacks).isBetween(255, 290);
    }

    @Test
    void atOnePercentOfLossLittleIsSentTwice() {
        LossyFlow flow = run(1, new Way(0.01, 0, 10 * MILLI, 0, 0));

        assertThat(flow.sent).isBetween(PAYLOADS + 10, PAYLOADS + 40);
    }

    /** No feedback for 3 s: nothing is known, yet few probes go out, and nothing breaks. */
    @Test
    void threeSecondsWithoutAnyFeedbackCostAFewProbes() {
        LossyFlow flow = run(1, new Way(0, 0, 10 * MILLI, 0, 3_000 * MILLI));

        assertThat(flow.sent).isLessThan(PAYLOADS + 20);
        assertThat(flow.now).isGreaterThan(3_000 * MILLI).isLessThan(8_000 * MILLI);
    }

    @Test
    void reorderingIsSeenToHaveBeenNoLoss() {
        LossyFlow flow = run(1, new Way(0, 0, 20 * MILLI, 2 * MILLI, 0));

        assertThat(flow.spurious).isPositive();
    }

    @Test
    void theSameSeedDoesTheSame() {
        Way way = new Way(0.1, 0.1, 10 * MILLI, 5 * MILLI, 0);
        LossyFlow first = run(7, way);
        LossyFlow second = run(7, way);

        assertThat(second.now).isEqualTo(first.now);
        assertThat(second.sent).isEqualTo(first.sent);
        assertThat(second.feedbacks).isEqualTo(first.feedbacks);
    }
}
