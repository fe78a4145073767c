package io.weir.reactive.session;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.reactive.transport.SessionLoop;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
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
        private final ForeignCalls calls;

        Step(Rig rig, ForeignCalls calls) {
            this.rig = rig;
            this.calls = calls;
        }

        @Override
        void onLoop() {
            calls.taken(6);
            rig.step();
        }
    }

    @JCStressTest
    @Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "all have run, one after the other")
    @Outcome(expect = FORBIDDEN, desc = "lost or overlapping")
    @State
    public static class TwoCallFromOtherThreads extends Rig {
        private final ForeignCalls calls = new ForeignCalls(loop, e -> met.incrementAndGet(), 100);

        @Actor
        public void one() {
            calls.add(new Step(this, calls));
            calls.add(new Step(this, calls));
        }

        @Actor
        public void other() {
            calls.add(new Step(this, calls));
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = done;
            r.r2 = met.get();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 1, 2", "1, 0, 1", "0, 1, 1"},
            expect = ACCEPTABLE,
            desc = "those accepted have run; afterwards there is room again")
    @Outcome(expect = FORBIDDEN, desc = "accepted and not run, or room lost")
    @State
    public static class TwoOfferMoreThanThereIsRoomFor extends Rig {
        private final ForeignCalls calls = new ForeignCalls(loop, e -> met.incrementAndGet(), 10);

        @Actor
        public void one(III_Result r) {
            r.r1 = calls.offer(new Step(this, calls), 6) ? 1 : 0;
        }

        @Actor
        public void other(III_Result r) {
            r.r2 = calls.offer(new Step(this, calls), 6) ? 1 : 0;
        }

        @Arbiter
        public void result(III_Result r) {
            r.r3 = done;
            calls.offer(new Step(this, calls), 6);
            if (!calls.offer(new Step(this, calls), 6) || met.get() != 0) {
                r.r3 = -1;
            }
        }
    }
}
