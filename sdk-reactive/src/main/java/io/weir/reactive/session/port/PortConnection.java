package io.weir.reactive.session.port;

import io.weir.core.datagram.Drop;
import io.weir.core.datagram.ReceiverIndexes;
import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.handshake.HandshakeStage;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.reactive.session.loop.LoopCalls;
import io.weir.reactive.session.packet.CarrierOwner;
import io.weir.reactive.session.packet.PacketCarrier;
import io.weir.reactive.session.packet.PacketKeys;
import io.weir.reactive.transport.Association;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.SessionLoop;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A handshake on a port, and then what its packets go to: the carrier of the session that came of it. A user of the port until it
 * has ended. On the port's loop, but for what says otherwise.
 */
abstract class PortConnection implements Establisher, IndexOwner, CarrierOwner {

    private final Port port;
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private volatile SocketAddress remoteAddress;
    private int ownIndex = ReceiverIndexes.NONE;
    private @Nullable PacketCarrier carrier;
    /** Where the peer of the session is. */
    private @Nullable PathAddress place;

    private boolean hasReceived;
    private boolean waitsForRoom;
    private boolean ended;

    /** On a port that is {@link Port#enter entered}; there from now on. */
    PortConnection(Port port, PathAddress remote) {
        this.port = port;
        this.remoteAddress = port.socket().socketAddress(remote);
    }

    final Port port() {
        return port;
    }

    final boolean isEnded() {
        return ended;
    }

    /** The session that this has led to is broken. */
    final void onSocketClosed(@Nullable Throwable failure) {
        PacketCarrier running = carrier;
        if (running == null) {
            onPortLost();
        } else {
            running.onSocketClosed(failure);
        }
    }

    /** The socket is closed, and there is no carrier yet. */
    abstract void onPortLost();

    /** Nothing is done any more. Once; the index and the place at the port are free. */
    abstract void onEnd();

    /** Makes the carrier, and gives it to whoever waits for it. */
    final PacketCarrier establish(PacketKeys keys, Outcome told) {
        ownIndex = keys.ownIndex();
        remoteAddress = port.socket().socketAddress(keys.peer());
        PacketCarrier made = PacketCarrier.over(port.socket(), keys, port.packetSettings(), this);
        carrier = made;
        place = keys.peer();
        port.places().add(keys.peer(), this);
        told.established(new Association(keys.established().peer(), made, remoteAddress, port.transport()));
        if (!made.isStarted()) {
            made.close(); // nobody wants it
        }
        return made;
    }

    /** Closes the keys of a handshake that leads to no carrier. */
    static void forget(Established established) {
        established.sending().close();
        established.receiving().close();
    }

    /** It is over: idempotent. */
    final void end() {
        if (ended) {
            return;
        }
        ended = true;
        PacketCarrier running = carrier;
        if (running != null) {
            running.close();
        }
        onEnd();
        if (ownIndex != ReceiverIndexes.NONE) {
            port.indexes().release(ownIndex);
        }
        PathAddress left = place;
        if (left != null) {
            port.places().remove(left, this);
        }
        if (waitsForRoom) {
            port.leaveWaiting(this);
        }
        port.remove(this);
        closed.tryEmitEmpty();
        port.leave();
    }

    // ---- the carrier

    @Override
    public final void onClosed() {
        end();
    }

    @Override
    public final void onMoved(PathAddress to) {
        PathAddress before = place;
        if (before != null && !ended) {
            port.places().remove(before, this);
            port.places().add(to, this);
            place = to;
            remoteAddress = port.socket().socketAddress(to);
        }
    }

    @Override
    public final void onSocketFull() {
        if (!waitsForRoom && !ended) {
            waitsForRoom = true;
            port.waitForRoom(this);
        }
    }

    // ---- the port

    @Override
    public void onAnswer(byte[] datagram, int length) {
        port.drops().add(Drop.LATE);
    }

    @Override
    public final void onPacket(byte[] array, int offset, int length, PathAddress from, Ecn mark) {
        PacketCarrier running = carrier;
        if (running == null) {
            port.drops().add(Drop.LATE); // it has overtaken message 2, by which it would open
            return;
        }
        running.onPacket(array, offset, length, from, mark);
        if (!hasReceived) {
            hasReceived = true;
            port.hasReceived(this);
        }
    }

    final void onReceived() {
        hasReceived = false;
        PacketCarrier running = carrier;
        if (running != null) {
            running.onReceived();
        }
    }

    final void onWritable() {
        waitsForRoom = false;
        PacketCarrier running = carrier;
        if (running != null) {
            running.onWritable();
        }
    }

    final void onRefused(int bytes, PathAddress to) {
        PacketCarrier running = carrier;
        if (running != null) {
            running.onRefused(bytes, to);
        }
    }

    // ---- Establisher

    @Override
    public final SessionLoop loop() {
        return port.loop();
    }

    @Override
    public final SocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public final String transport() {
        return port.transport();
    }

    /** A datagram comes as a whole, or not at all. */
    @Override
    public final HandshakeStage stage() {
        return carrier == null ? HandshakeStage.READING_HEADER : HandshakeStage.PROCESSING;
    }

    @Override
    public final void close() {
        LoopCalls.run(loop(), this::end);
    }

    @Override
    public final Mono<Void> onClose() {
        return closed.asMono();
    }
}
