package io.weir.reactive.operator;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The timer of heartbeats and of the loss detector against the other inputs. */
public class HeartbeatsRaces {

    private static final long PERIOD = Duration.ofMillis(100).toNanos();

    /** Elements of a source are asked for, and none has come for a whole period. */
    static class Beating {
        final HandClock clock = new HandClock();
        final Hand<Object> source = new Hand<>();
        final Counting subscriber = new Counting(2);

        Beating() {
            source.transform(Heartbeats.emit(Duration.ofNanos(PERIOD), () -> 0, clock))
                    .subscribe(subscriber);
            clock.set(PERIOD);
        }
    }

    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "a beat and the element")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the element came first, so no beat was due")
    @Outcome(expect = FORBIDDEN, desc = "lost, doubled or overlapping")
    @State
    public static class TimerAgainstElement extends Beating {
        @Actor
        public void ring() {
            clock.ring();
        }

        @Actor
        public void element() {
            source.next(7);
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = subscriber.values();
            r.r2 = subscriber.ends();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = ACCEPTABLE,
            desc = "a beat or none; the source is cancelled once")
    @Outcome(expect = FORBIDDEN, desc = "not cancelled, or more than one beat")
    @State
    public static class TimerAgainstCancel extends Beating {
        @Actor
        public void ring() {
            clock.ring();
        }

        @Actor
        public void cancel() {
            subscriber.cancel();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = subscriber.values();
            r.r2 = source.cancelled.get();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = ACCEPTABLE,
            desc = "a beat or none, and one end")
    @Outcome(expect = FORBIDDEN, desc = "a beat after the end, or more or less than one end")
    @State
    public static class TimerAgainstCompletion extends Beating {
        @Actor
        public void ring() {
            clock.ring();
        }

        @Actor
        public void complete() {
            source.complete();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = subscriber.values();
            r.r2 = subscriber.ends();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 0"},
            expect = ACCEPTABLE,
            desc = "discarded or passed; the source is cancelled once")
    @Outcome(expect = FORBIDDEN, desc = "lost, or passed after the end")
    @State
    public static class ElementAgainstCancel extends Beating {
        @Actor
        public void element() {
            source.next(7);
        }

        @Actor
        public void cancel() {
            subscriber.cancel();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = source.cancelled.get() == 1 ? subscriber.values() : -1;
            r.r2 = subscriber.discarded.get();
        }
    }
}
