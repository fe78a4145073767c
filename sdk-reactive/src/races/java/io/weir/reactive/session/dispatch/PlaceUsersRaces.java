package io.weir.reactive.session.dispatch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** The place of a handler's call, which threads that work for it elsewhere keep beside the call itself. */
public class PlaceUsersRaces {

    private static final class Place extends PlaceUsers {
        private final AtomicInteger freed = new AtomicInteger();

        @Override
        protected void onFree() {
            freed.incrementAndGet();
        }

        @Override
        protected void onTimeout() {}

        @Override
        public Object owner() {
            return this;
        }

        @Override
        public void onLoop() {}

        @Override
        public void within(Runnable work) {
            work.run();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the thread came in time, and the last of both frees it")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the call was over: there is nothing to do")
    @Outcome(expect = FORBIDDEN, desc = "freed twice or never, or freed under a thread that works")
    @State
    public static class EndOfTheCallAgainstItsThread {
        private final Place place = new Place();
        private int entered;

        @Actor
        public void end() {
            place.leave();
        }

        @Actor
        public void thread() {
            if (place.enter()) {
                entered = place.freed.get() == 0 ? 1 : 9;
                place.leave();
            }
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = place.freed.get();
            r.r2 = entered;
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the last of three frees it")
    @Outcome(expect = FORBIDDEN, desc = "freed twice or never")
    @State
    public static class ThreeThatLeave {
        private final Place place = new Place();

        public ThreeThatLeave() {
            place.enter();
            place.enter();
        }

        @Actor
        public void one() {
            place.leave();
        }

        @Actor
        public void two() {
            place.leave();
        }

        @Actor
        public void three() {
            place.leave();
        }

        @Arbiter
        public void result(I_Result r) {
            r.r1 = place.freed.get();
        }
    }
}
