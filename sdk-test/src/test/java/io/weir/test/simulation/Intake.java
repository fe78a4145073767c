package io.weir.test.simulation;

import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** A subscriber with an appetite of its own, which sees to the rules of Reactive Streams. */
final class Intake<T> implements CoreSubscriber<T> {

    /** How a subscriber asks. */
    enum Appetite {
        EVERYTHING,
        /** A few at a time, again when they have come. */
        FEW,
        /** One each few milliseconds. */
        SLOW,
        /** A few, then none until the network is good again. */
        STALLED,
        /** Some, then it cancels. */
        SATED
    }

    private static final int FEW = 7;
    private static final int ENOUGH = 5;
    private static final Duration SLOW = Duration.ofMillis(4);

    private final SimulatedNetwork network;
    private final Appetite appetite;
    private final Consumer<? super T> elements;
    private final BiConsumer<Boolean, String> require;
    private @Nullable Subscription subscription;
    private @Nullable Throwable error;
    private long requested;
    private long received;
    private boolean stalling;
    private boolean completed;
    private boolean cancelled;

    Intake(
            SimulatedNetwork network,
            Appetite appetite,
            Consumer<? super T> elements,
            BiConsumer<Boolean, String> require) {
        this.network = network;
        this.appetite = appetite;
        this.elements = elements;
        this.require = require;
        this.stalling = appetite == Appetite.STALLED;
    }

    long requested() {
        return requested;
    }

    long received() {
        return received;
    }

    boolean completed() {
        return completed;
    }

    boolean cancelled() {
        return cancelled;
    }

    @Nullable
    Throwable error() {
        return error;
    }

    boolean isOver() {
        return completed || cancelled || error != null;
    }

    /** Asks for everything if it stalled. */
    void resume() {
        if (stalling) {
            stalling = false;
            request(Long.MAX_VALUE / 2);
        }
    }

    void cancel() {
        if (!isOver() && subscription != null) {
            cancelled = true;
            subscription.cancel();
        }
    }

    @Override
    public void onSubscribe(Subscription s) {
        require.accept(subscription == null, "one subscription");
        subscription = s;
        switch (appetite) {
            case EVERYTHING -> request(Long.MAX_VALUE / 2);
            case FEW, SATED -> request(FEW);
            case STALLED -> request(stalling ? FEW : Long.MAX_VALUE / 2);
            case SLOW -> askSlowly();
        }
    }

    private void askSlowly() {
        if (!isOver()) {
            request(1);
            network.after(SLOW, this::askSlowly);
        }
    }

    private void request(long n) {
        if (subscription != null && !isOver()) {
            requested += n;
            subscription.request(n);
        }
    }

    @Override
    public void onNext(T value) {
        received++;
        require.accept(!completed && error == null, "nothing behind the end");
        require.accept(received <= requested, "no more than was asked for");
        elements.accept(value);
        if (appetite == Appetite.FEW && received == requested) {
            request(FEW);
        } else if (appetite == Appetite.SATED && received == ENOUGH) {
            cancel();
        }
    }

    @Override
    public void onError(Throwable e) {
        require.accept(!completed && error == null, "no second end, such as " + e);
        error = e;
    }

    @Override
    public void onComplete() {
        require.accept(!completed && error == null, "no second end");
        completed = true;
    }

    @Override
    public String toString() {
        return appetite + " " + received + "/" + requested
                + (completed ? " completed" : error != null ? " failed with " + error : cancelled ? " cancelled" : "");
    }
}
