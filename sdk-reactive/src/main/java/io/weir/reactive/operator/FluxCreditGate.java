package io.weir.reactive.operator;

import io.weir.core.credit.Cost;
import io.weir.core.credit.SendCredit;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamStopped;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

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
     * Serialisation: a work-in-progress drain loop. Every signal writes what it alone owns and then calls
     * {@link #drain()}; whoever moves {@code wip} from 0 works for all until nothing is missed. The machine, the head
     * and the emission belong to the drain.
     */
    static final class GateSubscriber<T> implements CoreSubscriber<T>, Subscription, Scannable, SideInput.Owner<Grant> {

        private static final int QUEUE_CHUNK = 64;

        private final CoreSubscriber<? super T> actual;
        private final GateSettings<T> settings;
        private final SideInput<Grant> grants = new SideInput<>(this);

        /** The source's thread offers, the drain polls. */
        private final Queue<T> queue = Queues.<T>unbounded(QUEUE_CHUNK).get();

        private @Nullable Subscription source;

        // Written by the source.
        private volatile long arrived;

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<GateSubscriber> ARRIVED =
                AtomicLongFieldUpdater.newUpdater(GateSubscriber.class, "arrived");

        private volatile boolean done;
        private @Nullable Throwable error;

        // Written by the grants; taken by the drain.
        private volatile @Nullable Grant granted;

        @SuppressWarnings("rawtypes")
        private static final AtomicReferenceFieldUpdater<GateSubscriber, Grant> GRANTED =
                AtomicReferenceFieldUpdater.newUpdater(GateSubscriber.class, Grant.class, "granted");

        private volatile boolean noMoreGrants;

        // Written by the subscriber.
        private volatile long requested;

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<GateSubscriber> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(GateSubscriber.class, "requested");

        private volatile boolean cancelled;

        // Written by anyone, the first wins; ends the flux ahead of everything held.
        private volatile @Nullable Throwable failure;

        @SuppressWarnings("rawtypes")
        private static final AtomicReferenceFieldUpdater<GateSubscriber, Throwable> FAILURE =
                AtomicReferenceFieldUpdater.newUpdater(GateSubscriber.class, Throwable.class, "failure");

        /** Starts as if somebody worked, so that nothing moves before all inputs are subscribed to. */
        private volatile int wip = 1;

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<GateSubscriber> WIP =
                AtomicIntegerFieldUpdater.newUpdater(GateSubscriber.class, "wip");

        // Owned by the drain; the volatile ones are also read elsewhere.
        private final SendCredit credit;
        private @Nullable T head;
        private long headCost;
        private volatile long passed;

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<GateSubscriber> PASSED =
                AtomicLongFieldUpdater.newUpdater(GateSubscriber.class, "passed");

        private volatile long asked;
        private volatile boolean finished;

        GateSubscriber(CoreSubscriber<? super T> actual, GateSettings<T> settings) {
            this.actual = actual;
            this.settings = settings;
            this.credit = new SendCredit(settings.initialLimit());
        }

        // ---- from the source

        @Override
        public void onSubscribe(Subscription s) {
            if (Operators.validate(source, s)) {
                source = s;
                actual.onSubscribe(this);
                grants.subscribeTo(settings.grants());
                drainLoop();
            }
        }

        @Override
        public void onNext(T value) {
            Objects.requireNonNull(value, "value");
            if (done || finished) {
                Operators.onNextDropped(value, currentContext());
                return;
            }
            if (cancelled) {
                Operators.onDiscard(value, currentContext());
                return;
            }
            if (arrived >= asked) {
                // What is held is bounded by what was asked for, so more than that has no place.
                Throwable overflow = Exceptions.failWithOverflow("source emitted more than the gate requested");
                error = Operators.onOperatorError(source, overflow, value, currentContext());
                done = true;
                Operators.onDiscard(value, currentContext());
            } else {
                ARRIVED.lazySet(this, arrived + 1);
                queue.offer(value);
            }
            drain();
        }

        @Override
        public void onError(Throwable t) {
            Objects.requireNonNull(t, "error");
            if (done || finished || cancelled) {
                Operators.onErrorDropped(t, currentContext());
                return;
            }
            error = t;
            done = true;
            drain();
        }

        @Override
        public void onComplete() {
            if (!done) {
                done = true;
                drain();
            }
        }

        // ---- from the grants

        @Override
        public void onSide(Grant grant) {
            GRANTED.accumulateAndGet(this, grant, GateSubscriber::merge);
            drain();
        }

        @Override
        public void onSideError(Throwable t) {
            fail(t);
        }

        @Override
        public void onSideComplete() {
            noMoreGrants = true;
            drain();
        }

        // ---- from the subscriber

        @Override
        public void request(long n) {
            if (n <= 0) {
                if (!cancelled && !finished) {
                    fail(Exceptions.nullOrNegativeRequestException(n));
                }
                return;
            }
            Operators.addCap(REQUESTED, this, n);
            drain();
        }

        @Override
        public void cancel() {
            if (cancelled) {
                return;
            }
            cancelled = true;
            stopInputs();
            if (WIP.getAndIncrement(this) == 0) {
                discardHeld();
            }
        }

        private void fail(Throwable t) {
            if (cancelled || finished || !FAILURE.compareAndSet(this, null, t)) {
                Operators.onErrorDropped(t, currentContext());
                return;
            }
            drain();
        }

        // ---- the drain

        private void drain() {
            if (WIP.getAndIncrement(this) == 0) {
                drainLoop();
            }
        }

        private void drainLoop() {
            int missed = 1;
            do {
                if (cancelled || finished) {
                    discardHeld();
                } else {
                    turn();
                }
                missed = WIP.addAndGet(this, -missed);
            } while (missed != 0);
        }

        private void turn() {
            // Read before what they follow, so that nothing which came earlier is overlooked.
            boolean sourceDone = done;
            boolean grantsDone = noMoreGrants;
            Throwable first = failure != null ? failure : takeGrant();
            if (first != null) {
                finish(first);
                return;
            }
            pass();
            if (cancelled || finished) {
                discardHeld();
            } else if (sourceDone && error != null) {
                finish(error);
            } else if (sourceDone && head == null && queue.isEmpty()) {
                finish(null);
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
            long demand = requested;
            long emitted = 0;
            while (emitted != demand && !cancelled && lookAtHead() && credit.fits(headCost)) {
                T value = Objects.requireNonNull(head);
                head = null;
                credit.spend(headCost);
                PASSED.lazySet(this, passed + 1);
                actual.onNext(value);
                emitted++;
            }
            if (emitted != 0) {
                Operators.produced(REQUESTED, this, emitted);
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
                Throwable mapped = Operators.onOperatorError(source, t, next, currentContext());
                Operators.onDiscard(next, currentContext());
                finish(mapped);
                return false;
            }
            credit.observe(headCost);
            head = next;
            return true;
        }

        private void tellBlocked(boolean sourceDone) {
            if (requested == 0) {
                return;
            }
            boolean nothingToAsk = !sourceDone && asked == passed && credit.exhausted();
            if ((head == null && !nothingToAsk) || !credit.pollBlocked()) {
                return;
            }
            long cost = head == null ? Cost.of(0) : headCost;
            try {
                settings.onBlocked().accept(new Blocked(credit.limit(), credit.sent(), cost));
            } catch (Throwable t) {
                finish(Operators.onOperatorError(source, t, currentContext()));
            }
        }

        private void ask(boolean sourceDone, boolean grantsDone) {
            if (sourceDone || finished || cancelled) {
                return;
            }
            long unmet = requested == Long.MAX_VALUE ? Long.MAX_VALUE : requested - (asked - passed);
            if (unmet <= 0) {
                return;
            }
            int outstanding = (int) (asked - arrived);
            int held = (int) (arrived - passed);
            int n = credit.demand(outstanding, held);
            if (n == 0 && grantsDone && asked == passed) {
                // No credit will ever come, so only the source's end can be waited for: an element fails the flux.
                n = 1;
            }
            if (n > 0) {
                long capped = Math.min(n, unmet);
                asked += capped;
                Objects.requireNonNull(source).request(capped);
            }
        }

        private void finish(@Nullable Throwable t) {
            if (finished) {
                return;
            }
            finished = true;
            stopInputs();
            discardHeld();
            if (t == null) {
                actual.onComplete();
            } else {
                actual.onError(t);
            }
        }

        private void stopInputs() {
            if (!done) {
                Objects.requireNonNull(source).cancel();
            }
            grants.cancel();
        }

        private void discardHeld() {
            T first = head;
            if (first != null) {
                head = null;
                Operators.onDiscard(first, currentContext());
            }
            Operators.onDiscardQueueWithClear(queue, currentContext(), null);
            PASSED.lazySet(this, arrived);
        }

        private static Grant merge(@Nullable Grant earlier, Grant later) {
            return earlier == null ? later : earlier.merge(later);
        }

        // ---- queries

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.PARENT) {
                return source;
            }
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.BUFFERED) {
                return (int) (arrived - passed);
            }
            if (key == Attr.PREFETCH) {
                return 0;
            }
            if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
                return requested;
            }
            if (key == Attr.CANCELLED) {
                return cancelled;
            }
            if (key == Attr.TERMINATED) {
                return finished;
            }
            if (key == Attr.ERROR) {
                return failure != null ? failure : error;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
        }
    }
}
