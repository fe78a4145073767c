package io.weir.reactive.operator;

import io.weir.core.credit.Cost;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.error.StreamReset;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;

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
     * Serialised by the drain loop of {@link SerialSubscriber}. Only the check of the limit is made where an element
     * arrives, so that a source which ignores it cannot fill the queue while the drain is held up in a slow subscriber.
     */
    static final class GrantSubscriber<T> extends SerialSubscriber<T, T, Blocked> {

        private static final int QUEUE_CHUNK = 64;

        private final GrantSettings<T> settings;

        /** The source's thread offers, the drain polls. Its elements cost at most limit - consumed. */
        private final Queue<Arrival<T>> queue =
                Queues.<Arrival<T>>unbounded(QUEUE_CHUNK).get();

        // Written by the source.
        private volatile long arrivedCost;

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<GrantSubscriber> ARRIVED_COST =
                AtomicLongFieldUpdater.newUpdater(GrantSubscriber.class, "arrivedCost");

        // Written by the blocked input; taken by the drain.
        private volatile @Nullable Blocked blocked;

        @SuppressWarnings("rawtypes")
        private static final AtomicReferenceFieldUpdater<GrantSubscriber, @Nullable Blocked> BLOCKED =
                AtomicReferenceFieldUpdater.newUpdater(GrantSubscriber.class, Blocked.class, "blocked");

        // Owned by the drain; the volatile one is also read by the source.
        private final GrantLedger ledger;
        private boolean opened;
        private volatile long limit;

        /** @param clock only read, for the pace of the subscriber and the source's round trip */
        GrantSubscriber(CoreSubscriber<? super T> actual, GrantSettings<T> settings, Scheduler clock) {
            super(actual, settings.blocked());
            this.settings = settings;
            this.ledger = new GrantLedger(settings.window(), clock);
            this.limit = ledger.limit();
        }

        // ---- from the source and the blocked input

        @Override
        void onReady(Subscription source) {
            ask(source, Long.MAX_VALUE);
        }

        @Override
        void arrive(T value) {
            long cost = Cost.of(Sizes.size(settings.sizeOf(), value));
            if (cost > limit - arrivedCost) {
                // Whoever sends beyond its credit is not trusted with more, so the end does not wait for the queue.
                fail(new StreamReset(CloseReason.local(ErrorCode.FLOW_CONTROL)));
                Operators.onDiscard(value, currentContext());
                return;
            }
            ARRIVED_COST.lazySet(this, arrivedCost + cost);
            queue.offer(new Arrival<>(value, cost));
        }

        @Override
        public void onSide(Blocked newest) {
            blocked = newest;
            drain();
        }

        @Override
        public void onSideComplete() {
            // A source that has nothing more to complain about.
        }

        // ---- the drain

        @Override
        void turn() {
            if (!opened) {
                opened = true;
                hand(new Grant(0, ledger.limit()));
            }
            // Read before the queue, so that no element which came before the end is overlooked.
            boolean sourceDone = sourceDone();
            deliver();
            if (ended()) {
                discardHeld();
            } else if (failure() != null) {
                finish(failure());
            } else if (sourceDone && queue.isEmpty()) {
                finish(sourceError());
            } else if (!sourceDone) {
                answerBlocked();
            }
        }

        private void deliver() {
            long demand = requested();
            long emitted = 0;
            while (emitted != demand && !ended() && failure() == null) {
                Arrival<T> next = queue.poll();
                if (next == null) {
                    break;
                }
                actual.onNext(next.value());
                emitted++;
                ledger.onReceived(arrivedCost);
                ledger.onConsumed(next.cost());
                if (ledger.grantDue(!queue.isEmpty()) && !sourceDone() && !ended()) {
                    grant();
                }
            }
            if (emitted != 0) {
                produced(emitted);
            }
        }

        private void answerBlocked() {
            boolean demandOutstanding = requested() != 0;
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
                case TOO_LARGE -> {
                    long most = settings.window().maxBytes();
                    finish(new PayloadTooLargeException("cost of an element", ledger.waitingCost(), most));
                }
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
                finishThrown(t);
            }
        }

        @Override
        void discardHeld() {
            Operators.onDiscardQueueWithClear(queue, currentContext(), arrival -> Stream.of(arrival.value()));
        }

        // ---- queries

        @Override
        int buffered() {
            return queue.size();
        }

        @Override
        int prefetch() {
            return Integer.MAX_VALUE;
        }
    }
}
