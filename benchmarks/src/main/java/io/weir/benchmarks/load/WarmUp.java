package io.weir.benchmarks.load;

import io.weir.benchmarks.run.PeerFailure;
import java.time.Duration;

/**
 * The same load as will be measured, until neither process compiles much of it any more, or has had its chances. Then both collect their
 * heaps: what was made for sessions is moved once, in one pause, which is the longer the more of it a process has, and would be in the
 * times of whoever asks meanwhile.
 */
final class WarmUp {

    /** A fiftieth of one processor. */
    private static final int SHARE = 50;

    private static final int MOST_ROUNDS = 8;

    /** Some of the load, for so long; blocks. */
    interface Round {
        void run(Duration time);
    }

    private WarmUp() {}

    /**
     * Blocks until all is compiled.
     *
     * @param time of a round
     * @return how many rounds it took
     */
    static int settle(ServerProcess server, Duration time, Round round) throws PeerFailure, InterruptedException {
        Spent here = Spent.now();
        Spent there = Spent.ofFields(server.sample());
        for (int rounds = 1; ; rounds++) {
            round.run(time);
            Spent hereNow = Spent.now();
            Spent thereNow = Spent.ofFields(server.sample());
            long compiling = hereNow.since(here).compilingMillis()
                    + thereNow.since(there).compilingMillis();
            if (compiling * SHARE < time.toMillis() || rounds == MOST_ROUNDS) {
                server.heap();
                System.gc();
                return rounds;
            }
            here = hereNow;
            there = thereNow;
        }
    }
}
