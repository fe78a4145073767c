package io.weir.reactive.operator;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.PacketRange;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The inputs of the operators of reliability against each other. */
public class ReliabilityRaces {

    private static final long FIRST_TIMEOUT = Duration.ofMillis(1_024).toNanos();

    private static Feedback feedback(long first, long last) {
        return new Feedback(List.of(new PacketRange(first, last)), 0, 0, 0, 0);
    }

    /** Four elements are sent, and none is acknowledged. */
    static class Sending {
        final HandClock clock = new HandClock();
        final Hand<Object> source = new Hand<>();
        final Hand<Feedback> side = new Hand<>();
        final Counting subscriber;

        Sending(long demand) {
            subscriber = new Counting(demand);
            source.transform(Reliability.send(side, RecoverySettings.defaults(), clock, lost -> lost))
                    .subscribe(subscriber);
            for (int i = 0; i < 4; i++) {
                source.next(i);
            }
        }

        Sending() {
            this(Long.MAX_VALUE);
        }
    }

    @JCStressTest
    @Outcome(id = "6, 0", expect = ACCEPTABLE, desc = "four, the new one, and the lost one again")
    @Outcome(expect = FORBIDDEN, desc = "lost, doubled or overlapping")
    @State
    public static class FeedbackAgainstElement extends Sending {
        @Actor
        public void hear() {
            side.next(feedback(1, 3));
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
    @Outcome(id = "5, 0", expect = ACCEPTABLE, desc = "the lost one goes out again with the demand")
    @Outcome(expect = FORBIDDEN, desc = "it is forgotten, doubled or goes without demand")
    @State
    public static class FeedbackAgainstDemand extends Sending {
        public FeedbackAgainstDemand() {
            super(4);
        }

        @Actor
        public void hear() {
            side.next(feedback(1, 3));
        }

        @Actor
        public void demand() {
            subscriber.request(1);
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = subscriber.values();
            r.r2 = subscriber.ends();
        }
    }

    @JCStressTest
    @Outcome(id = "4, 1", expect = ACCEPTABLE, desc = "all acknowledged and complete")
    @Outcome(expect = FORBIDDEN, desc = "no end, or two")
    @State
    public static class FeedbackAgainstCompletion extends Sending {
        @Actor
        public void hear() {
            side.next(feedback(0, 3));
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
    @Outcome(id = "4, 1", expect = ACCEPTABLE, desc = "the newer one, whichever is heard last")
    @Outcome(expect = FORBIDDEN, desc = "the older one hides the newer")
    @State
    public static class FeedbackAgainstOlderFeedback extends Sending {
        public FeedbackAgainstOlderFeedback() {
            source.complete();
        }

        @Actor
        public void hear() {
            side.next(feedback(0, 3));
        }

        @Actor
        public void hearOlder() {
            side.next(feedback(0, 0));
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = subscriber.values();
            r.r2 = subscriber.ends();
        }
    }

    @JCStressTest
    @Outcome(id = "4, 0", expect = ACCEPTABLE, desc = "acknowledged in time")
    @Outcome(id = "6, 0", expect = ACCEPTABLE, desc = "two probes before")
    @Outcome(expect = FORBIDDEN, desc = "a probe for what is acknowledged, or more than two")
    @State
    public static class FeedbackAgainstTimeout extends Sending {
        public FeedbackAgainstTimeout() {
            clock.set(FIRST_TIMEOUT);
        }

        @Actor
        public void ring() {
            clock.ring();
        }

        @Actor
        public void hear() {
            side.next(feedback(0, 3));
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = subscriber.values();
            r.r2 = subscriber.ends();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"4, 2", "6, 2"},
            expect = ACCEPTABLE,
            desc = "two probes or none; source and feedback are cancelled")
    @Outcome(expect = FORBIDDEN, desc = "not cancelled, or something in parts")
    @State
    public static class TimeoutAgainstCancel extends Sending {
        public TimeoutAgainstCancel() {
            clock.set(FIRST_TIMEOUT);
        }

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
            int values = subscriber.values();
            r.r1 = values == 5 ? 4 : values; // cancelled between the two probes
            r.r2 = source.cancelled.get() + side.cancelled.get();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"4, 1", "5, 0"},
            expect = ACCEPTABLE,
            desc = "what is due again is discarded or has gone out")
    @Outcome(id = "4, 0", expect = ACCEPTABLE, desc = "cancelled before the loss was heard")
    @Outcome(expect = FORBIDDEN, desc = "neither or both")
    @State
    public static class FeedbackAgainstCancel extends Sending {
        @Actor
        public void hear() {
            side.next(feedback(1, 3));
        }

        @Actor
        public void cancel() {
            subscriber.cancel();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = subscriber.values();
            r.r2 = subscriber.discarded.get();
        }
    }

    /** One element has come and was not told of, and the time to tell it has come. */
    static class Acknowledging {
        final HandClock clock = new HandClock();
        final Hand<Numbered<Object>> source = new Hand<>();
        final Counting subscriber = new Counting(Long.MAX_VALUE);
        final AtomicInteger told = new AtomicInteger();

        Acknowledging() {
            source.transform(Reliability.acknowledge(feedback -> told.incrementAndGet(), clock))
                    .subscribe(subscriber);
            source.next(new Numbered<>(0, 0));
            clock.set(Duration.ofMillis(25).toNanos());
        }
    }

    @JCStressTest
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "told of both, or of one with the other to come")
    @Outcome(expect = FORBIDDEN, desc = "not told, told twice, or an element is lost")
    @State
    public static class TellingAgainstElement extends Acknowledging {
        @Actor
        public void ring() {
            clock.ring();
        }

        @Actor
        public void element() {
            source.next(new Numbered<>(1, 1));
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = subscriber.values();
            r.r2 = told.get();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "told once, and one end")
    @Outcome(expect = FORBIDDEN, desc = "not told, or twice, or not ended")
    @State
    public static class TellingAgainstCompletion extends Acknowledging {
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
            r.r1 = told.get();
            r.r2 = subscriber.ends();
        }
    }

    /** The second of two elements has come. */
    static class Ordering {
        final Hand<Integer> source = new Hand<>();
        final Counting subscriber = new Counting(1);

        Ordering() {
            source.transform(Reliability.order(i -> i, 10, gap -> {})).subscribe(subscriber);
            source.next(1);
        }
    }

    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "both in order")
    @Outcome(expect = FORBIDDEN, desc = "one is forgotten")
    @State
    public static class MissingElementAgainstDemand extends Ordering {
        @Actor
        public void element() {
            source.next(0);
        }

        @Actor
        public void demand() {
            subscriber.request(1);
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = subscriber.values();
            r.r2 = subscriber.discarded.get();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0, 2", "1, 1"},
            expect = ACCEPTABLE,
            desc = "what has not gone is discarded")
    @Outcome(expect = FORBIDDEN, desc = "lost, or both gone and discarded")
    @State
    public static class MissingElementAgainstCancel extends Ordering {
        @Actor
        public void element() {
            source.next(0);
        }

        @Actor
        public void cancel() {
            subscriber.cancel();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = subscriber.values();
            r.r2 = subscriber.discarded.get();
        }
    }
}
