package io.weir.reactive.transport.memory;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.memory.MemoryMedium.Signal;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.MonoSink;

/**
 * One attempt to connect, as TCP does it: the dial is answered or refused, and who was answered joins, before which the
 * listener sees nothing. Settled once: by the answer, a refusal, the timer or cancellation.
 */
final class MemoryDial {

    private final MemoryNetwork network;
    private final MemoryTransport transport;
    private final PeerAddress address;
    private final Duration timeout;
    private final MonoSink<Link> sink;
    private final MemoryWire wire;
    private final AtomicBoolean settled = new AtomicBoolean();

    /** Confined to the loop of the dialling end. */
    private @Nullable Disposable timer;

    MemoryDial(
            MemoryNetwork network,
            MemoryTransport transport,
            PeerAddress address,
            Duration timeout,
            MonoSink<Link> sink,
            MemoryWire wire) {
        this.network = network;
        this.transport = transport;
        this.address = address;
        this.timeout = timeout;
        this.sink = sink;
        this.wire = wire;
    }

    void start() {
        // Either the subscriber gets the link or this runs: nothing is left behind by a cancelled dial.
        sink.onCancel(() -> {
            settled.set(true);
            wire.dialled().close();
        });
        wire.dialled().onClose().subscribe(null, null, this::ended);
        try {
            wire.dialled().loop().execute(this::dial);
        } catch (RejectedExecutionException e) {
            wire.forget();
            sink.error(refused("the network's scheduler is disposed"));
        }
    }

    private void dial() {
        if (!settled.get()) {
            timer = wire.dialled()
                    .loop()
                    .schedule(
                            () -> fail("nobody answered within " + timeout.toMillis() + " ms"),
                            wire.dialled().loop().nowNanos() + timeout.toNanos());
            wire.carry(wire.accepted(), Signal.DIAL, this::onDial);
        }
    }

    private void onDial() {
        if (network.listener(address.host()) != null) {
            wire.carry(wire.dialled(), Signal.ANSWER, this::onAnswer);
        } else {
            wire.carry(wire.dialled(), Signal.REFUSAL, () -> fail("nobody listens at " + address));
        }
    }

    private void onAnswer() {
        if (!settled.compareAndSet(false, true)) {
            return;
        }
        disarm();
        if (!transport.own(wire.dialled())) {
            wire.dialled().close();
            sink.error(refused("the transport is disposed"));
            return;
        }
        wire.joined();
        wire.carry(wire.accepted(), Signal.JOIN, this::onJoin);
        sink.success(wire.dialled());
    }

    private void onJoin() {
        MemoryListener listener = network.listener(address.host());
        if (listener != null) {
            listener.accept(wire.accepted());
        } else {
            wire.accepted().close();
        }
    }

    private void fail(String why) {
        if (settled.compareAndSet(false, true)) {
            wire.dialled().close();
            sink.error(refused(why));
        }
    }

    /** The dialling end is gone; before it was answered the attempt goes with it. */
    private void ended() {
        disarm();
        if (settled.compareAndSet(false, true)) {
            sink.error(refused("the connection was reset"));
        }
    }

    private void disarm() {
        if (timer != null) {
            timer.dispose();
        }
    }

    static ConnectException refused(String why) {
        return new ConnectException(
                CloseReason.local(ErrorCode.CONNECT_FAILED, why), new java.net.ConnectException(why));
    }
}
