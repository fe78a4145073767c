package io.weir.reactive.session.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.core.stream.HalfClock;
import io.weir.core.stream.HalfState;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** What any thread reads of a half's times, which the loop writes, is of one moment: they add up to its life. */
public class HalfClockRaces {

    @JCStressTest
    @Outcome(id = "1000", expect = ACCEPTABLE, desc = "all of it, whatever state it is in")
    @Outcome(expect = FORBIDDEN, desc = "of two moments")
    @State
    public static class SnapshotAgainstStates {
        private final HalfClock clock = new HalfClock();

        public SnapshotAgainstStates() {
            clock.begin(0, 0);
        }

        @Actor
        public void loop() {
            clock.enter(HalfState.SENDING, 100, 0, null);
            clock.enter(HalfState.BLOCKED_BY_CREDIT, 300, 50, null);
            clock.enter(HalfState.SENDING, 600, 50, null);
        }

        @Actor
        public void reader(J_Result r) {
            r.r1 = clock.times(1_000, 50).lifeNanos();
        }
    }

    @JCStressTest
    @Outcome(id = "1000", expect = ACCEPTABLE, desc = "it lived")
    @Outcome(id = "700", expect = ACCEPTABLE, desc = "it had ended")
    @Outcome(expect = FORBIDDEN, desc = "of two moments")
    @State
    public static class SnapshotAgainstEnd {
        private final HalfClock clock = new HalfClock();

        public SnapshotAgainstEnd() {
            clock.begin(0, 0);
            clock.enter(HalfState.SENDING, 100, 0, null);
        }

        @Actor
        public void loop() {
            clock.end(700, 20, null);
        }

        @Actor
        public void reader(J_Result r) {
            r.r1 = clock.times(1_000, 20).lifeNanos();
        }
    }
}
