package io.weir.reactive.operator;

import io.weir.core.credit.Cost;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.error.StreamReset;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/** Hosts one {@link GrantLedger} for each subscriber; {@link CreditGrant} is its public face. */
final class FluxCreditGrant<T> extends FluxOperator<T, T> {

    private final GrantSettings<T> settings;

    private FluxCreditGrant(Flux<? extends T> source, GrantSettings<T> settings) {
        super(source);
        this.settings = settings;
    }

    static <T> Flux<T> assemble(Flux<? extends T> source, GrantSettings<T> settings) {
        return onAssembly(new FluxCreditGrant<>(source, settings));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new GrantSubscriber<>(actual, settings, Schedulers.parallel()));
    }

    @Override
    public int getPrefetch() {
        return Integer.MAX_VALUE;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }

    /** An element that waits for demand, with the cost that it was admitted at. */
    private record Arrival<T>(T value, long cost) {}

    /**
     * Serialisation: a work-in-progress drain loop. Every signal writes what it alone owns and then calls
     * {@link #drain()}; whoever moves {@code wip} from 0 works for all until nothing is missed. The ledger and the
     * emission belong to the drain. Only the check of the limit is made where an element arrives, so that a source
     * which ignores it cannot fill the queue while the drain is held up in a slow subscriber.
     */
    static final class GrantSubscriber<T>
            implements CoreSubscriber<T>, Subscription, Scannable, SideInput.Owner<Blocked> {

        private static final int QUEUE_CHUNK = 64;

        private final CoreSubscriber<? super T> actual;
        private final GrantSettings<T> settings;
        private final SideInput<Blocked> blockedInput = new SideInput<>(this);

        /** The source's thread offers, the drain polls. Its elements cost at most limit - consumed. */
        private final Queue<Arrival<T>> queue =
                Queues.<Arrival<T>>unbounded(QUEUE_CHUNK).get();

        private @Nullable Subscription source;

        // Written by the source.
        private volatile long arrivedCost;

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<GrantSubscriber> ARRIVED_COST =
                AtomicLongFieldUpdater.newUpdater(GrantSubscriber.class, "arrivedCost");

        private volatile boolean done;
        private @Nullable Throwable error;

        // Written by the blocked input; taken by the drain.
        private volatile @Nullable Blocked blocked;

        @SuppressWarnings("rawtypes")
        private static final AtomicReferenceFieldUpdater<GrantSubscriber, Blocked> BLOCKED =
                AtomicReferenceFieldUpdater.newUpdater(GrantSubscriber.class, Blocked.class, "blocked");

        // Written by the subscriber.
        private volatile long requested;

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<GrantSubscriber> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(GrantSubscriber.class, "requested");

        private volatile boolean cancelled;

        // Written by anyone, the first wins; ends the flux ahead of everything queued.
        private volatile @Nullable Throwable failure;

        @SuppressWarnings("rawtypes")
        private static final AtomicReferenceFieldUpdater<GrantSubscriber, Throwable> FAILURE =
                AtomicReferenceFieldUpdater.newUpdater(GrantSubscriber.class, Throwable.class, "failure");

        /** Starts as if somebody worked, so that nothing moves before all inputs are subscribed to. */
        private volatile int wip = 1;

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<GrantSubscriber> WIP =
                AtomicIntegerFieldUpdater.newUpdater(GrantSubscriber.class, "wip");

        // Owned by the drain; the volatile ones are also read elsewhere.
        private final GrantLedger ledger;
        private boolean opened;
        private volatile long limit;
        private volatile boolean finished;

        GrantSubscriber(CoreSubscriber<? super T> actual, GrantSettings<T> settings, Scheduler clock) {
            this.actual = actual;
            this.settings = settings;
            this.ledger = new GrantLedger(settings.window(), clock);
            this.limit = ledger.limit();
        }

        // ---- from the source

        @Override
        public void onSubscribe(Subscription s) {
            if (Operators.validate(source, s)) {
                source = s;
                actual.onSubscribe(this);
                blockedInput.subscribeTo(settings.blocked());
                drainLoop();
                if (!cancelled && !finished) {
                    s.request(Long.MAX_VALUE);
                }
            }
        }

        @Override
        public void onNext(T value) {
            Objects.requireNonNull(value, "value");
            if (done || finished || failure != null) {
                Operators.onNextDropped(value, currentContext());
                return;
            }
            if (cancelled) {
                Operators.onDiscard(value, currentContext());
                return;
            }
            try {
                admit(value, Cost.of(Sizes.size(settings.sizeOf(), value)));
            } catch (Throwable t) {
                error = Operators.onOperatorError(source, t, value, currentContext());
                done = true;
                Operators.onDiscard(value, currentContext());
            }
            drain();
        }

        private void admit(T value, long cost) {
            if (cost > limit - arrivedCost) {
                // Whoever sends beyond its credit is not trusted with more, so the end does not wait for the queue.
                Objects.requireNonNull(source).cancel();
                FAILURE.compareAndSet(this, null, new StreamReset(CloseReason.local(ErrorCode.FLOW_CONTROL)));
                Operators.onDiscard(value, currentContext());
                return;
            }
            ARRIVED_COST.lazySet(this, arrivedCost + cost);
            queue.offer(new Arrival<>(value, cost));
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

        // ---- from the blocked input

        @Override
        public void onSide(Blocked newest) {
            blocked = newest;
            drain();
        }

        @Override
        public void onSideError(Throwable t) {
            fail(t);
        }

        @Override
        public void onSideComplete() {
            // A source that has nothing more to complain about.
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
                discardQueue();
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
                    discardQueue();
                } else {
                    turn();
                }
                missed = WIP.addAndGet(this, -missed);
            } while (missed != 0);
        }

        private void turn() {
            if (!opened) {
                opened = true;
                hand(new Grant(0, ledger.limit()));
            }
            // Read before the queue, so that no element which came before the end is overlooked.
            boolean sourceDone = done;
            if (failure == null && !finished) {
                deliver();
            }
            if (cancelled || finished) {
                discardQueue();
            } else if (failure != null) {
                finish(failure);
            } else if (sourceDone && queue.isEmpty()) {
                finish(error);
            } else if (!sourceDone) {
                answerBlocked();
            }
        }

        private void deliver() {
            long demand = requested;
            long emitted = 0;
            while (emitted != demand && !cancelled && !finished && failure == null) {
                Arrival<T> next = queue.poll();
                if (next == null) {
                    break;
                }
                actual.onNext(next.value());
                emitted++;
                ledger.onReceived(arrivedCost);
                ledger.onConsumed(next.cost());
                if (!done && ledger.grantDue(!queue.isEmpty())) {
                    grant();
                }
            }
            if (emitted != 0) {
                Operators.produced(REQUESTED, this, emitted);
            }
        }

        private void answerBlocked() {
            boolean demandOutstanding = requested != 0;
            Blocked said = blocked == null ? null : BLOCKED.getAndSet(this, null);
            if (said != null) {
                ledger.onReceived(arrivedCost);
                if (ledger.onBlocked(said, demandOutstanding)) {
                    grant();
                }
            }
            switch (ledger.answerLarge(demandOutstanding)) {
                case NOTHING -> {}
                case GRANT -> grant();
                case TOO_LARGE ->
                    finish(new PayloadTooLargeException(
                            "cost of an element",
                            ledger.waitingCost(),
                            settings.window().maxBytes()));
            }
        }

        private void grant() {
            long newLimit = ledger.grant();
            // Raised before anyone is told, or an element that answers at once would look like a violation.
            limit = newLimit;
            hand(new Grant(ledger.consumed(), newLimit));
        }

        private void hand(Grant grant) {
            try {
                settings.grants().accept(grant);
            } catch (Throwable t) {
                finish(Operators.onOperatorError(source, t, currentContext()));
            }
        }

        private void finish(@Nullable Throwable t) {
            if (finished) {
                return;
            }
            finished = true;
            stopInputs();
            discardQueue();
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
            blockedInput.cancel();
        }

        private void discardQueue() {
            Operators.onDiscardQueueWithClear(queue, currentContext(), arrival -> Stream.of(arrival.value()));
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
                return queue.size();
            }
            if (key == Attr.PREFETCH) {
                return Integer.MAX_VALUE;
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
