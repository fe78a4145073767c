package io.weir.reactive.session.loop;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.reactive.fault.Fault;
import io.weir.reactive.transport.SessionLoop;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Schedulers;

/** What a subscriber of a session's events does from its thread, while the loop tells it something. */
public class BroadcastRaces {

    /** One subscriber without demand. */
    static class Rig {
        final SessionLoop loop = SessionLoop.on(Schedulers.immediate());
        final Broadcast<Integer> broadcast = new Broadcast<>(loop, 4, 100, i -> 1, Fault::report);
        int values; // the subscriber's, whose signals are serial
        int ends;
        final BaseSubscriber<Integer> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription s) {
                // asks later
            }

            @Override
            protected void hookOnNext(Integer value) {
                values++;
            }

            @Override
            protected void hookOnComplete() {
                ends++;
            }
        };

        Rig() {
            broadcast.subscribe(subscriber);
        }

        void emit() {
            loop.execute(() -> broadcast.emit(1));
        }
    }

    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "told, once")
    @Outcome(expect = FORBIDDEN, desc = "lost or doubled")
    @State
    public static class EventAgainstRequest extends Rig {
        @Actor
        public void event() {
            emit();
        }

        @Actor
        public void request() {
            subscriber.request(1);
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = values;
            r.r2 = ends;
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0, 0", "1, 0"},
            expect = ACCEPTABLE,
            desc = "told or not; the subscriber is forgotten")
    @Outcome(expect = FORBIDDEN, desc = "told twice, or kept for ever")
    @State
    public static class EventAgainstCancel extends Rig {
        public EventAgainstCancel() {
            subscriber.request(5);
        }

        @Actor
        public void event() {
            emit();
        }

        @Actor
        public void cancel() {
            subscriber.cancel();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = values;
            r.r2 = broadcast.hasObservers() ? 1 : 0;
        }
    }

    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "what waited, then the end")
    @Outcome(expect = FORBIDDEN, desc = "lost, or ended more or less than once")
    @State
    public static class EndAgainstRequest extends Rig {
        public EndAgainstRequest() {
            emit();
        }

        @Actor
        public void end() {
            loop.execute(broadcast::complete);
        }

        @Actor
        public void request() {
            subscriber.request(1);
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = values;
            r.r2 = ends;
        }
    }
}
