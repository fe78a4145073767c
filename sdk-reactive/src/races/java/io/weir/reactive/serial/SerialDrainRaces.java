package io.weir.reactive.serial;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two threads that ask for the same serial work. */
public class SerialDrainRaces {

    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "the work has seen both, and never ran twice at a time")
    @Outcome(expect = FORBIDDEN, desc = "a call is lost, or two work at a time")
    @State
    public static class TwoCalls {
        private final AtomicInteger asked = new AtomicInteger();
        private final SerialDrain drain = new SerialDrain(this::work);
        private int plain; // safe only if the work is serial
        private int seen;
        private int entered;
        private int overlaps;

        private void work() {
            if (++entered != 1) {
                overlaps++;
            }
            seen += asked.getAndSet(0);
            plain++;
            entered--;
        }

        @Actor
        public void one() {
            asked.incrementAndGet();
            drain.drain();
        }

        @Actor
        public void other() {
            asked.incrementAndGet();
            drain.drain();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = seen;
            r.r2 = overlaps + (plain < 1 || plain > 2 ? 1 : 0);
        }
    }
}
