package io.weir.core.message;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random sequences of commands at both ends, records of any size and any delay, each from a seed that a failure prints. */
@Tag("long")
class RandomMessagesTest {

    @Test
    void anySequenceOfCommandsEndsInAgreement() {
        run(4_000, seed -> {
            MessageSimulation simulation = new MessageSimulation(seed);
            simulation.run(30 + (int) (seed % 500));
            simulation.finish();
            return simulation;
        });
    }

    @Test
    void twoSidesFullOfRequestsNeverWaitForEachOther() {
        run(500, seed -> {
            MessageSimulation simulation = new MessageSimulation(seed).withTinyWindows();
            simulation.fillBothSides(60);
            simulation.run(200);
            simulation.finish();
            simulation.checkEverythingWasReplied();
            return simulation;
        });
    }

    @Test
    void aDrainEndsWithEverythingAnsweredOrRetryable() {
        run(2_000, seed -> {
            MessageSimulation simulation = new MessageSimulation(seed).withGoaway();
            simulation.run(30 + (int) (seed % 300));
            simulation.finish();
            return simulation;
        });
    }

    @Test
    void anEndOfTheSessionEndsEverythingOnce() {
        run(2_000, seed -> {
            MessageSimulation simulation = new MessageSimulation(seed);
            simulation.run(20 + (int) (seed % 300));
            simulation.closeBoth(CloseReason.local(ErrorCode.LINK_LOST));
            return simulation;
        });
    }

    @Test
    void packetsOutOfOrderAndRepeatedHarmNothing() {
        run(2_000, seed -> {
            MessageSimulation simulation = new MessageSimulation(seed).withReordering();
            simulation.run(30 + (int) (seed % 300));
            simulation.finish();
            return simulation;
        });
    }

    @Test
    void messagesThatOvertakeEachOtherAndControlEndInAgreement() {
        run(2_000, seed -> {
            MessageSimulation simulation = MessageSimulation.inLanes(seed);
            if (seed % 4 == 0) {
                simulation.withGoaway();
            }
            simulation.run(30 + (int) (seed % 300));
            simulation.finish();
            return simulation;
        });
    }

    private static void run(int seeds, LongFunction<MessageSimulation> scenario) {
        long work = 0;
        for (long seed = 0; seed < seeds; seed++) {
            try {
                work += scenario.apply(seed).messages();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        if (work < 10L * seeds) {
            throw new AssertionError("only " + work + " messages in " + seeds + " runs");
        }
    }
}
