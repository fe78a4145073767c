package io.weir.reactive.operator;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamReset;
import io.weir.core.reliability.ReceiveSequencer;
import io.weir.core.wire.VarInt;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;

/** Hosts one {@link ReceiveSequencer} for each subscriber; {@link Reliability#order} is its public face. */
final class FluxOrder<T> extends FluxOperator<T, T> {

    private final OrderSettings<T> settings;

    private FluxOrder(Flux<? extends T> source, OrderSettings<T> settings) {
        super(source);
        this.settings = settings;
    }

    static <T> Flux<T> assemble(Flux<? extends T> source, OrderSettings<T> settings) {
        return onAssembly(new FluxOrder<>(source, settings));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new OrderSubscriber<>(actual, settings));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }

    /**
     * Serialised by the drain loop of {@link SerialSubscriber}. What waits for its turn is the sequencer's, what waits for
     * demand is the head and, behind it, what the sequencer and the queue have; no side input ever says anything.
     */
    static final class OrderSubscriber<T> extends QueuedSubscriber<T, T, Object> {

        private final OrderSettings<T> settings;

        // Owned by the drain.
        private final ReceiveSequencer<T> sequencer;
        private @Nullable T head;

        // Written by the drain.
        private volatile int waiting;

        OrderSubscriber(CoreSubscriber<? super T> actual, OrderSettings<T> settings) {
            super(actual, Flux.never());
            this.settings = settings;
            this.sequencer = new ReceiveSequencer<>(settings.bound());
        }

        @Override
        public void onSide(Object never) {}

        @Override
        public void onSideComplete() {}

        // ---- the drain

        @Override
        void turn() {
            // Read before the queue, so that no element which came before the end is overlooked.
            boolean sourceDone = sourceDone();
            Throwable first = failure();
            if (first != null) {
                finish(first);
                return;
            }
            pass();
            waiting = sequencer.held() + (head == null ? 0 : 1);
            if (ended()) {
                discardHeld();
            } else if (sourceDone && head == null && nothingQueued()) {
                finish(sourceError() != null ? sourceError() : missing());
            } else {
                keepAsked(requested());
            }
        }

        private void pass() {
            long demand = requested();
            long emitted = 0;
            while (!ended() && lookAtHead() && emitted != demand) {
                T value = head;
                head = null;
                actual.onNext(value);
                emitted++;
            }
            if (emitted != 0) {
                produced(emitted);
            }
        }

        /** Takes what has come until there is one whose turn it is. */
        private boolean lookAtHead() {
            if (head == null) {
                head = sequencer.poll();
            }
            while (head == null && !ended()) {
                T next = take();
                if (next == null) {
                    return false;
                }
                try {
                    accept(next);
                } catch (Throwable t) {
                    finishThrown(t);
                }
            }
            return head != null;
        }

        private void accept(T next) {
            ReceiveSequencer.Turn turn;
            try {
                turn = sequencer.accept(position(next), next);
            } catch (Throwable t) {
                Operators.onDiscard(next, currentContext());
                throw t;
            }
            switch (turn) {
                case NOW -> head = next;
                case HELD -> {}
                case REPEAT -> Operators.onDiscard(next, currentContext());
                case BEYOND -> {
                    Operators.onDiscard(next, currentContext());
                    finish(new StreamReset(CloseReason.local(ErrorCode.FLOW_CONTROL, beyond(next))));
                    return;
                }
            }
            if (sequencer.gapEnd() > sequencer.gapFirst()) {
                settings.gaps().accept(new Gap(sequencer.gapFirst(), sequencer.gapEnd() - 1));
            }
        }

        private long position(T element) {
            long position = settings.position().applyAsLong(element);
            if (position < 0 || position > VarInt.MAX) {
                throw new IllegalArgumentException("position is " + position + ", must be 0 to " + VarInt.MAX);
            }
            return position;
        }

        private String beyond(T element) {
            return "an element came more than " + settings.bound() + " ahead of position " + sequencer.next();
        }

        /** Null if nothing waits for what will never come. */
        private @Nullable StreamReset missing() {
            if (sequencer.held() == 0) {
                return null;
            }
            String detail =
                    sequencer.held() + " elements wait for position " + sequencer.next() + ", which has not come";
            return new StreamReset(CloseReason.local(ErrorCode.PROTOCOL_VIOLATION, detail));
        }

        @Override
        void discardHeld() {
            super.discardHeld();
            T first = head;
            if (first != null) {
                head = null;
                Operators.onDiscard(first, currentContext());
            }
            for (T value = sequencer.drop(); value != null; value = sequencer.drop()) {
                Operators.onDiscard(value, currentContext());
            }
            waiting = 0;
        }

        // ---- queries

        @Override
        int buffered() {
            return super.buffered() + waiting;
        }
    }
}
