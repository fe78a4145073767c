package io.weir.reactive.session.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.core.credit.Cost;
import io.weir.reactive.TrySend;
import io.weir.reactive.session.memory.OfferMemory;
import io.weir.reactive.session.memory.SendMemories;
import io.weir.reactive.transport.SessionLoop;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Who waits for {@code trySend} to take more, against what lets it. The loop's tasks run on whichever thread finds it idle. */
public class OfferWaitsRaces {

    /** A half without credit, of which one element of 0 bytes has been refused. */
    static class Rig {
        final SessionLoop loop = SessionLoop.on(Schedulers.immediate());
        final OfferCredit credit = new OfferCredit(Cost.of(0));
        final OfferWaits waits = new OfferWaits(loop, credit, new OfferMemory(SendMemories.ample()), new NoLine());
        int told; // the loop's

        Rig() {
            credit.reserve(0);
            waits.onRefused(0);
        }

        Disposable subscribe() {
            return Mono.<Void>create(waits::join).subscribe(null, null, () -> told++);
        }

        void grant() {
            loop.execute(() -> {
                credit.publish(2 * Cost.of(0), Cost.of(0));
                waits.onChange();
            });
        }
    }

    /** There is always memory. */
    private static final class NoLine implements OfferWaits.Line {
        @Override
        public void await(OfferWaits waits) {
            throw new IllegalStateException("there is memory");
        }

        @Override
        public void leave(OfferWaits waits) {}
    }

    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "told once")
    @Outcome(expect = FORBIDDEN, desc = "the wake-up is lost, or comes twice")
    @State
    public static class WaitAgainstGrant extends Rig {
        @Actor
        public void await() {
            subscribe();
        }

        @Actor
        public void credit() {
            grant();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = told;
            r.r2 = waits.waiting();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 0", "1, 1"},
            expect = ACCEPTABLE,
            desc = "accepted, or refused and told")
    @Outcome(expect = FORBIDDEN, desc = "refused, and never told")
    @State
    public static class RefusalAgainstGrant extends Rig {
        @Actor
        public void send(II_Result r) {
            if (credit.reserve(0) == TrySend.OK) {
                r.r2 = 1;
            } else {
                waits.onRefused(0);
                subscribe();
            }
        }

        @Actor
        public void credit() {
            grant();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = told;
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0, 0", "1, 0"},
            expect = ACCEPTABLE,
            desc = "cancelled before it was told, or behind it")
    @Outcome(expect = FORBIDDEN, desc = "it stays, or is told twice")
    @State
    public static class CancelAgainstGrant extends Rig {
        private final Disposable waiting = subscribe();

        @Actor
        public void cancel() {
            waiting.dispose();
        }

        @Actor
        public void credit() {
            grant();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = told;
            r.r2 = waits.waiting();
        }
    }
}
