package io.weir.reactive.node;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.reactive.PeerEvent;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** Events of two loops, and what a subscriber does from its thread. */
public class EventHubRaces {

    /** A hub with one subscriber without demand. */
    static class Rig {
        final EventHub hub = new EventHub();
        int values; // the subscriber's, whose signals are serial
        int ends;
        final BaseSubscriber<PeerEvent> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription s) {
                // asks later
            }

            @Override
            protected void hookOnNext(PeerEvent value) {
                values++;
            }

            @Override
            protected void hookOnComplete() {
                ends++;
            }
        };

        Rig() {
            hub.events().subscribe(subscriber);
        }

        void publish() {
            hub.publish(new PeerEvent.EventsDropped(1));
        }
    }

    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "both")
    @Outcome(expect = FORBIDDEN, desc = "lost or doubled")
    @State
    public static class TwoPublish extends Rig {
        public TwoPublish() {
            subscriber.request(5);
        }

        @Actor
        public void one() {
            publish();
        }

        @Actor
        public void other() {
            publish();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = values;
            r.r2 = ends;
        }
    }

    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "told, once")
    @Outcome(expect = FORBIDDEN, desc = "lost or doubled")
    @State
    public static class EventAgainstRequest extends Rig {
        @Actor
        public void event() {
            publish();
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
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "what waited, then the end")
    @Outcome(expect = FORBIDDEN, desc = "lost, or ended more or less than once")
    @State
    public static class EndAgainstRequest extends Rig {
        public EndAgainstRequest() {
            publish();
        }

        @Actor
        public void end() {
            hub.complete();
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
            desc = "told or not, and nothing after cancel")
    @Outcome(expect = FORBIDDEN, desc = "told after cancel")
    @State
    public static class EventAgainstCancel extends Rig {
        public EventAgainstCancel() {
            subscriber.request(5);
        }

        @Actor
        public void event() {
            publish();
        }

        @Actor
        public void cancel() {
            subscriber.cancel();
        }

        @Arbiter
        public void result(II_Result r) {
            r.r1 = values;
            publish();
            r.r2 = values - r.r1;
        }
    }
}
