package io.weir.reactive.operator;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import reactor.util.context.Context;

/** A second input that is cancelled while its subscription arrives. */
public class SideInputRaces {

    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "cancelled once, whichever came first")
    @Outcome(expect = FORBIDDEN, desc = "a subscription that nobody cancels any more")
    @State
    public static class SubscriptionAgainstCancel {
        private final Hand<Integer> publisher = new Hand<>();
        private final SideInput<Integer> side = new SideInput<>(new Nobody());

        @Actor
        public void subscribe() {
            side.onSubscribe(publisher);
        }

        @Actor
        public void cancel() {
            side.cancel();
        }

        @Arbiter
        public void result(I_Result r) {
            r.r1 = publisher.cancelled.get();
        }
    }

    private static final class Nobody implements SideInput.Owner<Integer> {
        @Override
        public void onSide(Integer value) {}

        @Override
        public void onSideError(Throwable error) {}

        @Override
        public void onSideComplete() {}

        @Override
        public Context currentContext() {
            return Context.empty();
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            return null;
        }
    }
}
