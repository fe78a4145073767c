package io.weir.reactive.operator;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The grant's inputs against each other. Elements cost 16. */
public class CreditGrantRaces {

    /** A grant with a window of four elements and hand-driven inputs. */
    static class Rig {
        final Hand<Integer> source = new Hand<>();
        final Hand<Blocked> blocked = new Hand<>();
        final Counting subscriber;
        private volatile long granted;

        Rig(long demand) {
            subscriber = new Counting(demand);
            source.transform(CreditGrant.of(CreditWindow.fixed(64), i -> 0, blocked, g -> granted = g.limit()))
                    .subscribe(subscriber);
        }

        long granted() {
            return granted;
        }
    }

    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the element has passed, once")
    @Outcome(expect = FORBIDDEN, desc = "lost, doubled or overlapping")
    @State
    public static class ElementAgainstRequest extends Rig {
        public ElementAgainstRequest() {
            super(0);
        }

        @Actor
        public void element() {
            source.next(7);
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
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the element, then the end")
    @Outcome(expect = FORBIDDEN, desc = "lost, or ended more or less than once")
    @State
    public static class CompletionAgainstRequest extends Rig {
        public CompletionAgainstRequest() {
            super(0);
            source.next(7);
        }

        @Actor
        public void complete() {
            source.complete();
        }

        @Actor
        public void request() {
            subscriber.request(1);
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
            desc = "passed or discarded; cancelled once")
    @Outcome(expect = FORBIDDEN, desc = "lost, doubled or not cancelled")
    @State
    public static class RequestAgainstCancel extends Rig {
        public RequestAgainstCancel() {
            super(0);
            source.next(7);
        }

        @Actor
        public void request() {
            subscriber.request(1);
        }

        @Actor
        public void cancel() {
            subscriber.cancel();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = subscriber.values() + subscriber.discarded.get() == 1 ? subscriber.values() : -1;
            r.r2 = source.cancelled.get();
        }
    }

    @JCStressTest
    @Outcome(id = "4, 128", expect = ACCEPTABLE, desc = "all consumed, and the window granted again")
    @Outcome(expect = FORBIDDEN, desc = "an element or a grant is lost")
    @State
    public static class BlockedAgainstRequest extends Rig {
        public BlockedAgainstRequest() {
            super(0);
            for (int i = 0; i < 4; i++) {
                source.next(i);
            }
        }

        @Actor
        public void blocked() {
            blocked.next(new Blocked(64, 64, 16));
        }

        @Actor
        public void request() {
            subscriber.request(5);
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = subscriber.values();
            r.r2 = (int) granted();
        }
    }
}
