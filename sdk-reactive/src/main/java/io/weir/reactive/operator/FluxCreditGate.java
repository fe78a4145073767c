package io.weir.reactive.operator;

import io.weir.core.credit.Cost;
import io.weir.core.credit.SendCredit;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamStopped;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/** Hosts one {@link SendCredit} for each subscriber; {@link CreditGate} is its public face. */
final class FluxCreditGate<T> extends FluxOperator<T, T> {

    private final GateSettings<T> settings;

    private FluxCreditGate(Flux<? extends T> source, GateSettings<T> settings) {
        super(source);
        this.settings = settings;
    }

    static <T> Flux<T> assemble(Flux<? extends T> source, GateSettings<T> settings) {
        return onAssembly(new FluxCreditGate<>(source, settings));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new GateSubscriber<>(actual, settings));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }

    /**
     * Serialised by the drain loop of {@link SerialSubscriber}. Three counts of elements tell where each is: asked of
     * the source, arrived, passed on.
     *
     * <pre>
     *   passed          arrived            asked
     *   |----- held ------|--- outstanding ---|
     * </pre>
     */
    static final class GateSubscriber<T> extends SerialSubscriber<T, T, Grant> {

        private static final int QUEUE_CHUNK = 64;

        private final GateSettings<T> settings;

        /** The source's thread offers, the drain polls. It never holds more than was asked for. */
        private final Queue<T> queue = Queues.<T>unbounded(QUEUE_CHUNK).get();

        // Written by the source.
        private volatile long arrived;

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<GateSubscriber> ARRIVED =
                AtomicLongFieldUpdater.newUpdater(GateSubscriber.class, "arrived");

        // Written by the grants; taken by the drain.
        private volatile @Nullable Grant granted;

        @SuppressWarnings("rawtypes")
        private static final AtomicReferenceFieldUpdater<GateSubscriber, @Nullable Grant> GRANTED =
                AtomicReferenceFieldUpdater.newUpdater(GateSubscriber.class, Grant.class, "granted");

        private volatile boolean noMoreGrants;

        // Owned by the drain; the volatile ones are also read elsewhere.
        private final SendCredit credit;
        private @Nullable Subscription source;
        private @Nullable T head;
        private long headCost;
        private volatile long asked;
        private volatile long passed;

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<GateSubscriber> PASSED =
                AtomicLongFieldUpdater.newUpdater(GateSubscriber.class, "passed");

        GateSubscriber(CoreSubscriber<? super T> actual, GateSettings<T> settings) {
            super(actual, settings.grants());
            this.settings = settings;
            this.credit = new SendCredit(settings.initialLimit());
        }

        // ---- from the source and the grants

        @Override
        void onReady(Subscription source) {
            this.source = source;
            drain();
        }

        @Override
        void arrive(T value) {
            if (arrived >= asked) {
                throw Exceptions.failWithOverflow("source emitted more than the gate requested");
            }
            ARRIVED.lazySet(this, arrived + 1);
            queue.offer(value);
        }

        @Override
        public void onSide(Grant grant) {
            Grant earlier;
            do {
                earlier = granted;
            } while (!GRANTED.compareAndSet(this, earlier, earlier == null ? grant : earlier.merge(grant)));
            drain();
        }

        @Override
        public void onSideComplete() {
            noMoreGrants = true;
            drain();
        }

        // ---- the drain

        @Override
        void turn() {
            // Read before what they follow, so that nothing which came earlier is overlooked.
            boolean sourceDone = sourceDone();
            boolean grantsDone = noMoreGrants;
            Throwable first = failure() != null ? failure() : takeGrant();
            if (first != null) {
                finish(first);
                return;
            }
            pass();
            if (ended()) {
                discardHeld();
            } else if (sourceDone && head == null && queue.isEmpty()) {
                finish(sourceError());
            } else if (grantsDone && head != null) {
                finish(new StreamStopped(CloseReason.local(ErrorCode.STREAM_CLOSED)));
            } else {
                tellBlocked(sourceDone);
                ask(sourceDone, grantsDone);
            }
        }

        private @Nullable Throwable takeGrant() {
            Grant grant = granted == null ? null : GRANTED.getAndSet(this, null);
            if (grant == null) {
                return null;
            }
            ErrorCode bad = credit.onWindow(grant.consumed(), grant.limit());
            return bad == null ? null : new StreamStopped(CloseReason.local(bad));
        }

        /** Emits what has demand and credit. Afterwards a head that is not null lacks credit. */
        private void pass() {
            long demand = requested();
            long emitted = 0;
            while (emitted != demand && !ended() && lookAtHead() && credit.fits(headCost)) {
                T value = Objects.requireNonNull(head);
                head = null;
                credit.spend(headCost);
                PASSED.lazySet(this, passed + 1);
                actual.onNext(value);
                emitted++;
            }
            if (emitted != 0) {
                produced(emitted);
            }
        }

        private boolean lookAtHead() {
            if (head != null) {
                return true;
            }
            T next = queue.poll();
            if (next == null) {
                return false;
            }
            try {
                headCost = Cost.of(Sizes.size(settings.sizeOf(), next));
            } catch (Throwable t) {
                Operators.onDiscard(next, currentContext());
                finishThrown(t);
                return false;
            }
            credit.observe(headCost);
            head = next;
            return true;
        }

        private void tellBlocked(boolean sourceDone) {
            if (requested() == 0) {
                return;
            }
            boolean nothingToAsk = !sourceDone && asked == passed && credit.exhausted();
            if ((head == null && !nothingToAsk) || !credit.pollBlocked()) {
                return;
            }
            long cost = head == null ? Cost.ELEMENT_OVERHEAD : headCost;
            try {
                settings.onBlocked().accept(new Blocked(credit.limit(), credit.sent(), cost));
            } catch (Throwable t) {
                finishThrown(t);
            }
        }

        private void ask(boolean sourceDone, boolean grantsDone) {
            Subscription s = source;
            if (s == null || sourceDone || ended()) {
                return;
            }
            long demand = requested();
            long unmet = demand == Long.MAX_VALUE ? demand : demand - (asked - passed);
            if (unmet <= 0) {
                return;
            }
            long here = arrived;
            int n = credit.demand((int) (asked - here), (int) (here - passed));
            if (n == 0 && grantsDone && asked == passed) {
                // No credit will ever come, so only the source's end can be waited for: an element fails the flux.
                n = 1;
            }
            if (n > 0) {
                long elements = Math.min(n, unmet);
                asked = asked + elements;
                ask(s, elements);
            }
        }

        @Override
        void discardHeld() {
            T first = head;
            if (first != null) {
                head = null;
                Operators.onDiscard(first, currentContext());
            }
            Operators.onDiscardQueueWithClear(queue, currentContext(), null);
            PASSED.lazySet(this, arrived);
        }

        // ---- queries

        @Override
        int buffered() {
            return (int) (arrived - passed);
        }

        @Override
        int prefetch() {
            return 0;
        }
    }
}
