package io.weir.reactive.session.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.core.credit.Cost;
import io.weir.reactive.TrySend;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@code trySend} on two threads, and against the close of its half. Elements are empty and cost 16. */
public class OfferCreditRaces {

    @JCStressTest
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = ACCEPTABLE,
            desc = "one of them")
    @Outcome(expect = FORBIDDEN, desc = "credit exceeded, or not used")
    @State
    public static class TwoSendWithCreditForOne {
        private final OfferCredit credit = new OfferCredit(Cost.of(0));

        @Actor
        public void one(II_Result r) {
            r.r1 = credit.reserve(0) == TrySend.OK ? 1 : 0;
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = credit.reserve(0) == TrySend.OK ? 1 : 0;
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 1, 1", "0, 0, 1"},
            expect = ACCEPTABLE,
            desc = "accepted and written before the half closed, or refused")
    @Outcome(expect = FORBIDDEN, desc = "accepted and never written, or never closed")
    @State
    public static class SendAgainstClose {
        private final OfferCredit credit = new OfferCredit(100);
        private final Queue<Integer> queue = new ConcurrentLinkedQueue<>();
        private int written; // the loop's
        private boolean closed;

        @Actor
        public void send(III_Result r) {
            if (credit.reserve(0) == TrySend.OK) {
                queue.add(1);
                r.r1 = 1;
            }
        }

        @Actor
        public void close() {
            credit.close();
            write();
        }

        /** As the loop does, after a close and after each send. */
        private void write() {
            while (!closed && queue.poll() != null) {
                written++;
            }
            closed |= credit.isClosedAt(written * Cost.of(0));
        }

        @Arbiter
        public void result(III_Result r) {
            write();
            r.r2 = written;
            r.r3 = closed ? 1 : 0;
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 1", "0, 1"},
            expect = ACCEPTABLE,
            desc = "accepted by the new limit or refused by the old; accepted afterwards")
    @Outcome(expect = FORBIDDEN, desc = "a limit is lost")
    @State
    public static class SendAgainstGrant {
        private final OfferCredit credit = new OfferCredit(Cost.of(0));

        public SendAgainstGrant() {
            credit.reserve(0);
        }

        @Actor
        public void send(II_Result r) {
            r.r1 = credit.reserve(0) == TrySend.OK ? 1 : 0;
        }

        @Actor
        public void grant() {
            credit.publish(3 * Cost.of(0), Cost.of(0));
        }

        @Arbiter
        public void result(II_Result r) {
            r.r2 = credit.reserve(0) == TrySend.OK ? 1 : 0;
        }
    }
}
