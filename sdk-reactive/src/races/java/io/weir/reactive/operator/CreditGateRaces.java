package io.weir.reactive.operator;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** The gate's three inputs against each other. Elements cost 16. */
public class CreditGateRaces {

    /** A gate with hand-driven inputs. */
    static class Rig {
        final Hand<Integer> source = new Hand<>();
        final Hand<Grant> grants = new Hand<>();
        final Counting subscriber;

        Rig(long limit, long demand) {
            subscriber = new Counting(demand);
            source.transform(CreditGate.of(grants, i -> 0, limit)).subscribe(subscriber);
        }
    }

    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the element has passed, once")
    @Outcome(expect = FORBIDDEN, desc = "lost, doubled or overlapping")
    @State
    public static class GrantAgainstElement extends Rig {
        public GrantAgainstElement() {
            super(15, 1);
        }

        @Actor
        public void grant() {
            grants.next(new Grant(0, 16));
        }

        @Actor
        public void element() {
            source.next(7);
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = subscriber.values();
            r.r2 = subscriber.discarded.get();
        }
    }

    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "both have passed")
    @Outcome(expect = FORBIDDEN, desc = "lost, doubled or overlapping")
    @State
    public static class GrantAgainstRequest extends Rig {
        public GrantAgainstRequest() {
            super(16, 1);
            source.next(1);
            subscriber.request(1);
            grants.next(new Grant(0, 31));
        }

        @Actor
        public void grant() {
            grants.next(new Grant(0, 48));
            source.next(2);
        }

        @Actor
        public void request() {
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
            id = {"1, 1, 1", "0, 1, 1"},
            expect = ACCEPTABLE,
            desc = "passed or discarded; source and grants cancelled once")
    @Outcome(expect = FORBIDDEN, desc = "lost, or not cancelled")
    @State
    public static class ElementAgainstCancel extends Rig {
        public ElementAgainstCancel() {
            super(16, 1);
        }

        @Actor
        public void element() {
            source.next(7);
        }

        @Actor
        public void cancel() {
            subscriber.cancel();
        }

        @Arbiter
        public void result(III_Result r) {
            r.r1 = subscriber.values() + subscriber.discarded.get() == 1 ? subscriber.values() : -1;
            r.r2 = source.cancelled.get();
            r.r3 = grants.cancelled.get();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0, 1, 1", "1, 0, 1"},
            expect = ACCEPTABLE,
            desc = "passed or discarded; cancelled once")
    @Outcome(expect = FORBIDDEN, desc = "lost, doubled or not cancelled")
    @State
    public static class GrantAgainstCancel extends Rig {
        public GrantAgainstCancel() {
            super(15, 1);
            source.next(7);
        }

        @Actor
        public void grant() {
            grants.next(new Grant(0, 16));
        }

        @Actor
        public void cancel() {
            subscriber.cancel();
        }

        @Arbiter
        public void result(III_Result r) {
            r.r1 = subscriber.values();
            r.r2 = subscriber.discarded.get();
            r.r3 = source.cancelled.get();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the element, then one end")
    @Outcome(expect = FORBIDDEN, desc = "lost, or ended more or less than once")
    @State
    public static class CompletionAgainstGrant extends Rig {
        public CompletionAgainstGrant() {
            super(15, 1);
            source.next(7);
        }

        @Actor
        public void complete() {
            source.complete();
        }

        @Actor
        public void grant() {
            grants.next(new Grant(0, 16));
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = subscriber.values();
            r.r2 = subscriber.ends();
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "one end")
    @Outcome(expect = FORBIDDEN, desc = "ended more or less than once")
    @State
    public static class CompletionAgainstBadGrant extends Rig {
        public CompletionAgainstBadGrant() {
            super(15, 1);
        }

        @Actor
        public void complete() {
            source.complete();
        }

        @Actor
        public void grant() {
            grants.next(new Grant(1, 16)); // more consumed than sent
        }

        @Arbiter
        public void result(I_Result r) {
            r.r1 = subscriber.ends();
        }
    }
}
