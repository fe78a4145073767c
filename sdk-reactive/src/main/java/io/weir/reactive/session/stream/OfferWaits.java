package io.weir.reactive.session.stream;

import io.weir.core.credit.HeldBytes;
import io.weir.reactive.session.loop.LoopCalls;
import io.weir.reactive.session.loop.LoopSignal;
import io.weir.reactive.session.memory.OfferMemory;
import io.weir.reactive.transport.SessionLoop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.MonoSink;

/**
 * Who waits until {@code trySend} may take an element that it refused. Each is told once, as soon as there is credit and memory
 * for as many bytes, or nothing will be taken any more.
 *
 * <p>None misses its moment: who joins is looked at on the loop; there credit rises too, and everybody is looked at again;
 * and where memory is short the session stands in the node's line, which tells of every release behind that. They are as many
 * as subscribers of this node's own.
 *
 * <p>Loop-confined but for {@link #join}.
 */
final class OfferWaits {

    /** Where one stands that finds no memory. */
    interface Line {
        /** {@link #look} is called on the loop when memory has been released. */
        void await(OfferWaits waits);

        /** These wait no more. */
        void leave(OfferWaits waits);
    }

    private final SessionLoop loop;
    private final OfferCredit credit;
    private final OfferMemory memory;
    private final Line line;
    private final Set<Waiter> waiting = new LinkedHashSet<>();
    private final LoopSignal changed;

    /** What the element that was refused last had. Any thread. */
    private volatile int refusedBytes;

    OfferWaits(SessionLoop loop, OfferCredit credit, OfferMemory memory, Line line) {
        this.loop = loop;
        this.credit = credit;
        this.memory = memory;
        this.line = line;
        this.changed = new LoopSignal(loop, this::look);
    }

    /** An element of so many bytes was refused. Any thread. */
    void onRefused(int payloadBytes) {
        refusedBytes = payloadBytes;
    }

    /** This one waits for room for what was refused last. Any thread. */
    void join(MonoSink<Void> sink) {
        Waiter waiter = new Waiter(sink, refusedBytes);
        sink.onDispose(() -> {
            waiter.gone = true;
            LoopCalls.run(loop, () -> waiting.remove(waiter));
        });
        LoopCalls.run(loop, () -> {
            if (!waiter.gone) {
                waiting.add(waiter);
                look();
            }
        });
    }

    /** Credit has risen, or nothing is taken any more. Nobody is told inside this call. */
    void onChange() {
        if (!waiting.isEmpty()) {
            changed.signalLater();
        }
    }

    /** The half has ended. */
    void end() {
        line.leave(this);
        onChange();
    }

    /** Tells whom it can, who may do anything meanwhile. */
    void look() {
        boolean memoryShort = false;
        for (Waiter waiter : List.copyOf(waiting)) {
            if (credit.isShortOf(waiter.payloadBytes)) {
                continue; // looked at again when the limit rises
            }
            if (credit.isClosed() || memory.hasRoom(HeldBytes.ofElement(waiter.payloadBytes))) {
                waiting.remove(waiter);
                waiter.sink.success();
            } else {
                memoryShort = true;
            }
        }
        if (memoryShort) {
            line.await(this);
        }
    }

    /** How many wait. */
    int waiting() {
        return waiting.size();
    }

    /** One subscriber, and how many bytes it waits for. */
    private static final class Waiter {
        private final MonoSink<Void> sink;
        private final int payloadBytes;

        /** Told, or cancelled; written before it is taken out, so that it is not put in afterwards. */
        private volatile boolean gone;

        Waiter(MonoSink<Void> sink, int payloadBytes) {
            this.sink = sink;
            this.payloadBytes = payloadBytes;
        }
    }
}
