package io.weir.reactive.session.packet;

import io.weir.reactive.transport.BlockedTime;
import io.weir.reactive.transport.DatagramSocket;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The source of what goes out: packets that a {@link PacketFiller} fills, as many and as fast as path and socket allow. Merging
 * and pacing are one operator, since what has to go although the path holds the rest back is made here too.
 *
 * <p>Loop-confined: {@code emitting} guards against re-entrancy, and nothing is emitted within {@link #request} or {@link #soon},
 * as who calls may be busy. A packet's frames are valid during onNext: their memory is borrowed.
 */
final class PacketMerge extends Flux<Packet> implements Subscription {

    /** Who hears of it. */
    interface Owner {
        /** What could go has been given to the socket. */
        void onDrained();

        /** Filling has failed: a defect, since what user code throws is caught where it is called. */
        void onDefect(Throwable defect);
    }

    /** Demand that is kept for what goes whatever the path says. */
    private static final int KEPT_DEMAND = 16;

    private final DatagramSocket socket;
    private final PacketClock clock;
    private final PacketSettings settings;
    private final PacketFiller filler;
    private final PacketBatch batch;
    private final Owner owner;
    private final Runnable drainTask = this::drainScheduled;
    private final BlockedTime blocked = new BlockedTime();
    private @Nullable CoreSubscriber<? super Packet> actual;
    private long requested;
    private boolean emitting;
    private boolean scheduled;
    private boolean terminated;
    private Disposable timer = Disposables.disposed();
    private boolean timerSet;
    private long timerNanos;

    PacketMerge(
            DatagramSocket socket,
            PacketClock clock,
            PacketSettings settings,
            PacketFiller filler,
            PacketBatch batch,
            Owner owner) {
        this.socket = socket;
        this.clock = clock;
        this.settings = settings;
        this.filler = filler;
        this.batch = batch;
        this.owner = owner;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Packet> subscriber) {
        if (actual != null) {
            Operators.error(subscriber, new IllegalStateException("a merge of packets has one subscriber"));
            return;
        }
        actual = subscriber;
        subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            boolean scarce = requested <= KEPT_DEMAND;
            requested = Operators.addCap(requested, n);
            if (scarce) {
                soon();
            }
        }
    }

    @Override
    public void cancel() {
        terminated = true;
        timer.dispose();
    }

    /** There may be something to send, or room for it. Coalesced: packets are filled after the loop's current work. */
    void soon() {
        if (!scheduled && !emitting && !terminated) {
            scheduled = true;
            socket.loop().execute(drainTask);
        }
    }

    private void drainScheduled() {
        if (scheduled) {
            scheduled = false;
            drain();
        }
    }

    /** Sends what may go. */
    void drain() {
        CoreSubscriber<? super Packet> a = actual;
        if (emitting || terminated || a == null) {
            return;
        }
        scheduled = false;
        emitting = true;
        PacketBuffer memory = settings.buffers().borrow(settings.path().maxDatagramBytes(), batch.mostBytes());
        batch.begin(memory);
        long now = clock.begin();
        filler.begin();
        try {
            while (emitOne(a, memory, now)) {
                // until nothing is left, or nothing more may go
            }
        } finally {
            clock.end();
            batch.end();
            settings.buffers().giveBack(memory);
            emitting = false;
        }
        waitOn(now);
        owner.onDrained();
    }

    private boolean emitOne(CoreSubscriber<? super Packet> a, PacketBuffer memory, long now) {
        if (terminated || requested == 0 || !socket.writable()) {
            return false;
        }
        Packet packet;
        try {
            packet = filler.next(memory.frames(), requested > KEPT_DEMAND, now);
        } catch (Throwable e) {
            owner.onDefect(e);
            return true; // END is to be said
        }
        if (packet == null || terminated) {
            return false;
        }
        requested--;
        a.onNext(packet);
        return true;
    }

    /** What is left waits for the path, which is a matter of time, or for what the peer or the socket tells. */
    private void waitOn(long now) {
        if (terminated) {
            return;
        }
        if (filler.isWoken()) {
            blocked.begin(now);
        } else {
            blocked.end(now);
        }
        boolean forTime = socket.writable() && requested > KEPT_DEMAND;
        long at = forTime ? filler.readyNanos(now) : Long.MAX_VALUE;
        if (at != Long.MAX_VALUE && (!timerSet || at - timerNanos < 0)) {
            timer.dispose();
            timerSet = true;
            timerNanos = at;
            timer = socket.loop().schedule(this::onTimer, at);
        }
    }

    private void onTimer() {
        timerSet = false;
        drain();
    }

    /** Whether what is said now goes at once. */
    boolean takesMore() {
        return !terminated && !blocked.isBlocked() && socket.writable();
    }

    /** As {@link io.weir.reactive.transport.Carrier#isBlocked}. Any thread. */
    boolean isBlocked() {
        return blocked.isBlocked();
    }

    /** As {@link io.weir.reactive.transport.Carrier#blockedNanos}. */
    long blockedNanos(long nowNanos) {
        return blocked.nanos(nowNanos);
    }
}
