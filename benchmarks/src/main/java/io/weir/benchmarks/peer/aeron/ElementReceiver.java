package io.weir.benchmarks.peer.aeron;

import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.weir.benchmarks.peer.BoundedReceiver;
import io.weir.benchmarks.peer.CountingReceiver;
import io.weir.benchmarks.peer.ElementCounter;
import io.weir.benchmarks.peer.Reception;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;

/** Polls one subscription for no more fragments than elements are asked for. Application thread, but for the demand. */
final class ElementReceiver implements AeronNode.Duty, org.reactivestreams.Subscription {
    private final Subscription subscription;
    private final CountingReceiver receiver;
    private final FragmentHandler assembler = new FragmentAssembler(this::onMessage);
    private final AtomicLong added = new AtomicLong();
    private long demand;

    ElementReceiver(Subscription subscription, Reception reception, ElementCounter counter) {
        this.subscription = subscription;
        receiver = new CountingReceiver(reception, counter);
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
}
