package io.weir.reactive.session.loop;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.reactive.transport.SessionLoop;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import reactor.core.scheduler.Schedulers;

/** Ways onto a loop, whose tasks run on whichever of the racing threads finds it idle. */
public class LoopRaces {

    /** A loop and what its tasks have done, one at a time. */
    static class Rig {
        final SessionLoop loop = SessionLoop.on(Schedulers.immediate());
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger met = new AtomicInteger();
        int done; // the loop's

        void step() {
            if (inside.incrementAndGet() != 1 || !loop.inLoop()) {
                met.incrementAndGet();
            }
            done++;
            inside.decrementAndGet();
        }
    }

    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "both have run, one after the other")
    @Outcome(expect = FORBIDDEN, desc = "lost or overlapping")
    @State
    public static class TwoExecute extends Rig {
        @Actor
        public void one() {
            loop.execute(this::step);
        }

        @Actor
        public void other() {
            loop.execute(this::step);
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = done;
            r.r2 = met.get();
        }
    }

    /** A call that counts. */
    static final class Step extends ForeignCalls.Call {
        private final Rig rig;

        Step(Rig rig) {
            this.rig = rig;
        }

        @Override
        public void onLoop() {
            rig.step();
        }
    }

    @JCStressTest
    @Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "all have run, one after the other")
    @Outcome(expect = FORBIDDEN, desc = "lost or overlapping")
    @State
    public static class TwoCallFromOtherThreads extends Rig {
        private final ForeignCalls calls = new ForeignCalls(loop, e -> met.incrementAndGet());

        @Actor
        public void one() {
            calls.add(new Step(this));
            calls.add(new Step(this));
        }

        @Actor
        public void other() {
            calls.add(new Step(this));
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = done;
            r.r2 = met.get();
        }
    }
}
