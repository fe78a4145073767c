package io.weir.reactive.session.packet;

import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.core.wire.FrameOrder;
import io.weir.reactive.transport.Carrier;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Lanes;
import io.weir.reactive.transport.Path;
import io.weir.reactive.transport.SessionLoop;
import org.jspecify.annotations.Nullable;

/**
 * Carries a session's frames as sealed packets over a port of datagrams, which is others' too: nothing keeps an order, and what
 * is lost goes out again with today's values. Loop-confined.
 */
public final class PacketCarrier implements Carrier {

    private final DatagramSocket socket;
    private final PacketKeys keys;
    private final PacketSettings settings;
    private final Runnable onClosed;

    private PacketCarrier(DatagramSocket socket, PacketKeys keys, PacketSettings settings, Runnable onClosed) {
        this.socket = socket;
        this.keys = keys;
        this.settings = settings;
        this.onClosed = onClosed;
    }

    /**
     * One that is not started.
     *
     * @param onClosed called once when it is closed, by whoever: its index is free
     */
    public static PacketCarrier over(
            DatagramSocket socket, PacketKeys keys, PacketSettings settings, Runnable onClosed) {
        return new PacketCarrier(socket, keys, settings, onClosed);
    }

    // ---- what the port tells

    /**
     * A datagram of type PACKET with this session's index has come. Before {@link #start} it is dropped, and counts as lost: its
     * sender sends again what was in it.
     *
     * @param array borrowed: valid until this returns
     */
    public void onPacket(byte[] array, int offset, int length, PathAddress from, Ecn mark) {}

    /** Nothing more has come for now; behind one or more {@link #onPacket}. */
    public void onReceived() {}

    /** The socket is writable again. */
    public void onWritable() {}

    /** The system takes no datagram of this size to there: it was not sent. */
    public void onRefused(int bytes, PathAddress to) {}

    /** The socket is closed: by this side (null), or because it broke. */
    public void onSocketClosed(@Nullable Throwable failure) {}

    /** Hears, once, of the first packet that authenticates; at once if there was one. */
    public void onAuthenticated(Runnable once) {}

    // ---- Carrier

    @Override
    public FrameOrder order() {
        return FrameOrder.NONE;
    }

    @Override
    public SessionLoop loop() {
        return socket.loop();
    }

    @Override
    public Path path() {
        return new Path(keys.roundTripNanos(), settings.path().maxDatagramBytes());
    }

    @Override
    public void start(Lanes lanes, FrameSink sink) {}

    @Override
    public void wake() {}

    @Override
    public void wake(HalfLane half) {}

    @Override
    public void forget(HalfLane half) {}

    @Override
    public boolean takesMore() {
        return socket.writable();
    }

    @Override
    public long blockedNanos(long nowNanos) {
        return 0;
    }

    @Override
    public void trim() {}

    @Override
    public void close() {
        onClosed.run();
    }
}
