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

/** The places for messages that the sessions of a node share. */
public class NodePlacesRaces {

    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "who waits has been given it")
    @Outcome(expect = FORBIDDEN, desc = "the wake-up is lost, or the place")
    @State
    public static class WaitAgainstRelease {
        private final NodePlaces places = new NodePlaces(1);
        private final AtomicInteger given = new AtomicInteger();

        public WaitAgainstRelease() {
            places.tryTake();
        }

        @Actor
        public void await() {
            places.await(() -> given.incrementAndGet() > 0);
        }

        @Actor
        public void release() {
            places.release();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = given.get();
            r.r2 = places.free();
        }
    }

    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "both have been given one")
    @Outcome(expect = FORBIDDEN, desc = "a wake-up is lost, or a place")
    @State
    public static class TwoReleases {
        private final NodePlaces places = new NodePlaces(2);
        private final AtomicInteger given = new AtomicInteger();

        public TwoReleases() {
            places.tryTake();
            places.tryTake();
            places.await(() -> given.incrementAndGet() > 0);
            places.await(() -> given.incrementAndGet() > 0);
        }

        @Actor
        public void one() {
            places.release();
        }

        @Actor
        public void other() {
            places.release();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = given.get();
            r.r2 = places.free();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "it was given before")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "it was forgotten before")
    @Outcome(expect = FORBIDDEN, desc = "given and free, or neither")
    @State
    public static class ForgetAgainstRelease {
        private final NodePlaces places = new NodePlaces(1);
        private final AtomicInteger given = new AtomicInteger();
        private final NodePlaces.Waiter waiter = () -> given.incrementAndGet() > 0;

        public ForgetAgainstRelease() {
            places.tryTake();
            places.await(waiter);
        }

        @Actor
        public void forget() {
            places.forget(waiter);
        }

        @Actor
        public void release() {
            places.release();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = given.get();
            r.r2 = places.free();
        }
    }
}
