package io.weir.benchmarks.peer.aeron;

import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.weir.benchmarks.peer.BoundedReceiver;
import io.weir.benchmarks.peer.ElementCounter;
import io.weir.benchmarks.peer.Reception;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;

/** Polls one subscription for no more fragments than elements are asked for. Application thread, but for the demand. */
final class ElementReceiver implements AeronNode.Duty, org.reactivestreams.Subscription {
    private final Subscription subscription;
    private final Receiver receiver;
    private final FragmentHandler assembler = new FragmentAssembler(this::onMessage);
    private final AtomicLong added = new AtomicLong();
    private long demand;

    ElementReceiver(Subscription subscription, Reception reception, ElementCounter counter) {
        this.subscription = subscription;
        receiver = new Receiver(reception, counter);
        receiver.onSubscribe(this);
    }

    @Override
    public int work() {
        if (added.get() != 0) {
            demand += added.getAndSet(0);
        }
        return demand == 0 ? 0 : subscription.poll(assembler, (int) Math.min(demand, BoundedReceiver.PREFETCH));
    }

    @Override
    public void request(long n) {
        added.addAndGet(n);
    }

    @Override
    public void cancel() {
        subscription.close();
    }

    private void onMessage(DirectBuffer buffer, int offset, int length, Header header) {
        demand--;
        receiver.onNext(length, buffer.getByte(offset), buffer.getByte(offset + length - 1));
    }

    /** Counts; what it is told of an element is in its fields meanwhile. */
    private static final class Receiver extends BoundedReceiver<Receiver> {
        private final ElementCounter counter;
        private int length;
        private byte first;
        private byte last;

        Receiver(Reception reception, ElementCounter counter) {
            super(reception);
            this.counter = counter;
        }

        void onNext(int elementBytes, byte firstByte, byte lastByte) {
            length = elementBytes;
            first = firstByte;
            last = lastByte;
            onNext(this);
        }

        @Override
        protected void take(Receiver element) {
            counter.count(length, first, last);
        }
    }
}
