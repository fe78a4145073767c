package io.weir.reactive.balance;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.core.balance.AttemptBudget;
import io.weir.core.identity.PeerId;
import io.weir.reactive.Balancing;
import io.weir.reactive.transport.SessionLoop;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;

/** What calls of one group share: the count of a peer, and the budget of calls that are made twice. */
public class BalanceRaces {

    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "counted down once")
    @Outcome(expect = FORBIDDEN, desc = "never counted down, or twice")
    @State
    public static class EndAgainstCancel {
        private final Member member = new Member(PeerId.of(new byte[] {
            9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9
        }));
        private final Held source = new Held();
        private final BaseSubscriber<String> caller = new BaseSubscriber<>() {};

        public EndAgainstCancel() {
            Roster roster = new Roster(SessionLoop.on(Schedulers.immediate()), Balancing.defaults(), () -> 0);
            CountedCall.of(source, roster, member, new Course()).subscribe(caller);
        }

        @Actor
        public void end() {
            source.complete();
        }

        @Actor
        public void cancel() {
            caller.cancel();
        }

        @Arbiter
        public void result(I_Result r) {
            r.r1 = member.outstanding(Kind.REQUEST);
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = ACCEPTABLE,
            desc = "one of them")
    @Outcome(expect = FORBIDDEN, desc = "budget exceeded, or not used")
    @State
    public static class TwoExtraAttemptsWithBudgetForOne {
        private final Attempts attempts = new Attempts(new AttemptBudget(100, 1));

        @Actor
        public void one(II_Result r) {
            r.r1 = attempts.tryExtra() ? 1 : 0;
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = attempts.tryExtra() ? 1 : 0;
        }
    }

    /** A call that ends when it is told to. */
    private static final class Held extends Mono<String> {
        private @Nullable CoreSubscriber<? super String> actual;

        @Override
        public void subscribe(CoreSubscriber<? super String> subscriber) {
            actual = subscriber;
            Subscription none = Operators.emptySubscription();
            subscriber.onSubscribe(none);
        }

        void complete() {
            Objects.requireNonNull(actual).onComplete();
        }
    }
}
