package io.weir.test.simulation;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A publisher of so many numbered elements, emitted as they are asked for; then it completes, or goes on in silence. */
final class Supply implements Publisher<byte[]>, Subscription {

    private final int total;
    private final int[] sizes;
    private final boolean endless;
    private final BiConsumer<Boolean, String> require;
    private final Consumer<byte[]> taken;
    private @Nullable Subscriber<? super byte[]> subscriber;
    private int emitted;
    private long requested;
    private boolean emitting;
    private boolean over;
    private boolean cancelled;

    Supply(int total, int[] sizes, boolean endless, Consumer<byte[]> taken, BiConsumer<Boolean, String> require) {
        this.total = total;
        this.sizes = sizes;
        this.endless = endless;
        this.taken = taken;
        this.require = require;
    }

    int total() {
        return total;
    }

    boolean allEmitted() {
        return emitted == total;
    }

    /** Was never asked, has completed, or was told to stop. */
    boolean isOver() {
        return subscriber == null || over || cancelled;
    }

    @Override
    public void subscribe(Subscriber<? super byte[]> actual) {
        require.accept(subscriber == null, "the publisher is subscribed once");
        subscriber = actual;
        actual.onSubscribe(this);
        emit();
    }

    @Override
    public void request(long n) {
        require.accept(n > 0, "the publisher is asked for more than nothing");
        requested += n;
        require.accept(requested - emitted <= Flow.MOST_REQUESTED, "the publisher is asked for a bounded number");
        emit();
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    private void emit() {
        Subscriber<? super byte[]> to = subscriber;
        if (to == null || emitting) {
            return;
        }
        emitting = true;
        while (!cancelled && emitted < requested && emitted < total) {
            byte[] element = Source.element(emitted, sizes[emitted % sizes.length]);
            emitted++;
            taken.accept(element);
            to.onNext(element);
        }
        emitting = false;
        if (!cancelled && !over && !endless && emitted == total) {
            over = true;
            to.onComplete();
        }
    }
}
