package io.weir.reactive.session.port;

import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.Drop;
import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.PacketHeader;
import io.weir.core.datagram.ReceiverIndexes;
import io.weir.core.datagram.StrayPackets;
import io.weir.core.handshake.Arrival;
import io.weir.core.handshake.DatagramResponder;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.packet.PacketSettings;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.SessionLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.util.context.Context;

/**
 * One socket and all who stand on it: tells by its first byte and its receiver index whose a datagram is, and hands on what belongs to
 * another port of its {@link PortGroup}. Confined to the socket's loop, but for {@link #enter}, {@link #leave}, {@link #handOver} and
 * what does not change.
 *
 * <p>It lives as long as somebody uses its group: its listener, a dial, a session. Whoever leaves last closes the sockets. What it keeps is
 * bounded by its receiver indexes, of half-open handshakes by the responder's limits.
 */
final class Port implements DatagramSocket.Receiver {

    private static final Logger LOG = LoggerFactory.getLogger(Port.class);

    private static final int INDEX_END = 5;

    private final PortGroup group;
    private final DatagramSocket socket;
    private final HandedOver handedOver = new HandedOver(this);
    private final String transport;
    private final PortSettings settings;
    private final NodeDrops nodeDrops;
    private final NodeCounts nodeCounts;
    private final NodeDrops.Part drops;
    private final ReceiverIndexes<Object> indexes;
    private final StrayPackets strays;
    private final PacketSettings packetSettings;
    private final Set<PortConnection> connections = new LinkedHashSet<>();
    private final List<PortConnection> received = new ArrayList<>(); // since the last onReceived, each once
    private final Queue<PortConnection> waiting = new ArrayDeque<>(); // for room in the socket, each once
    private final PeerPlaces places = new PeerPlaces();
    private final Sessionless sessionless;

    private @Nullable DatagramResponder responder;
    private @Nullable Consumer<? super Establisher> onConnection;
    private @Nullable Disposable expiry;
    private volatile boolean closed; // written on the loop

    /**
     * Call {@link #begin} next.
     *
     * @param number which one it is of its group
     */
    Port(
            PortGroup group,
            int number,
            DatagramSocket socket,
            String transport,
            PortSettings settings,
            NodeDrops nodeDrops,
            NodeCounts nodeCounts) {
        this.group = group;
        this.socket = socket;
        this.transport = transport;
        this.settings = settings;
        this.nodeDrops = nodeDrops;
        this.nodeCounts = nodeCounts;
        drops = nodeDrops.part(socket.loop().nowNanos());
        indexes = new ReceiverIndexes<>(settings.random(), settings.maxIndexes(), number, group.size());
        strays = new StrayPackets(drops.own(), socket.loop().nowNanos());
        packetSettings = new PacketSettings(settings.path(), settings.random(), drops.own(), settings.buffers());
        sessionless = new Sessionless(this, this::publish);
    }

    /** Begins to receive. */
    void begin() {
        nodeCounts.opened(socket);
        socket.receive(this);
    }

    /** Takes what others begin from now on; also again, once that has ended. */
    void listen(Consumer<? super Establisher> taker) {
        responder = new DatagramResponder(
                settings.handshake(), settings.responder(), indexes, settings.random(), drops.own());
        onConnection = taker;
        sessionless.listen();
    }

    /** Takes nothing any more that others begin; what they have begun by half is forgotten. */
    void stopListening() {
        onConnection = null;
        disarm();
        DatagramResponder leaving = responder;
        if (leaving != null) {
            leaving.forgetAll();
            responder = null;
        }
        sessionless.stopListening();
    }

    // ---- who uses it; any thread

    /** One more uses it; false, and it must not, if it is gone. */
    boolean enter() {
        return group.enter();
    }

    /** One uses it no more. */
    void leave() {
        group.leave();
    }

    DatagramSocket socket() {
        return socket;
    }

    SessionLoop loop() {
        return socket.loop();
    }

    String transport() {
        return transport;
    }

    PortSettings settings() {
        return settings;
    }

    PacketSettings packetSettings() {
        return packetSettings;
    }

    /** What of it belongs to no session. On the loop. */
    Sessionless sessionless() {
        return sessionless;
    }

    // ---- for connections

    /** Whether the socket is closed. */
    boolean isClosed() {
        return closed;
    }

    DropCounts drops() {
        return drops.own();
    }

    ReceiverIndexes<Object> indexes() {
        return indexes;
    }

    void add(PortConnection connection) {
        connections.add(connection);
    }

    void remove(PortConnection connection) {
        connections.remove(connection);
    }

    /** It has something to send, and the socket no room for it: it is told when there is. Once until then. */
    void waitForRoom(PortConnection connection) {
        waiting.add(connection);
    }

    /** It waits no more. */
    void leaveWaiting(PortConnection connection) {
        waiting.remove(connection);
    }

    /** Where the peers of sessions are. */
    PeerPlaces places() {
        return places;
    }

    /** A packet of its session has come. */
    void hasReceived(PortConnection connection) {
        received.add(connection);
    }

    void send(byte[] datagram, PathAddress to) {
        socket.send(datagram, 0, datagram.length, datagram.length, to, Ecn.NOT_ECT);
    }

    // ---- the socket

    @Override
    public void onDatagram(byte[] array, int offset, int length, PathAddress from, Ecn mark) {
        DatagramType type = length == 0 ? null : DatagramType.of(array[offset]);
        if (type == null) {
            drops.own().add(length == 0 ? Drop.TRUNCATED : Drop.UNKNOWN_TYPE);
            return;
        }
        Port owner = group.owner(type, array, offset, length, this);
        if (owner != this) {
            if (!owner.handOver(array, offset, length, from, mark)) {
                drops.own().add(Drop.HANDOVER_FULL);
            }
            return;
        }
        if (sessionless.takes(type, array, offset, length, from)) {
            return;
        }
        if (type == DatagramType.PACKET) {
            onPacket(array, offset, length, from, mark);
            return;
        }
        try {
            onHandshake(type, array, offset, length, from);
        } catch (Throwable e) {
            // a defect, which must not cost those the rest who come behind it
            LOG.error("A defect in a handshake with {}", socket.socketAddress(from), e);
            if (Fault.isFatal(e)) {
                Fault.throwOn(e);
            }
        }
    }

    /** A datagram that has come to another port of the group is this one's; false if too many wait. Any thread. */
    boolean handOver(byte[] array, int offset, int length, PathAddress from, Ecn mark) {
        return handedOver.add(array, offset, length, from, mark);
    }

    private void onHandshake(DatagramType type, byte[] array, int offset, int length, PathAddress from) {
        switch (type) {
            case PACKET, FAST, ANSWER -> throw new IllegalArgumentException(type + " is no handshake's");
            case INIT -> onInit(fromZero(array, offset, length), length, from);
            case FINISH -> onFinish(fromZero(array, offset, length), length, from);
            case RETRY, RESPONSE, REJECT -> onAnswer(fromZero(array, offset, length), length);
        }
    }

    private void onPacket(byte[] array, int offset, int length, PathAddress from, Ecn mark) {
        if (length < INDEX_END) {
            drops.own().add(Drop.TRUNCATED);
            return;
        }
        Object owner = indexes.owner(PacketHeader.receiverIndex(array, offset));
        if (owner instanceof IndexOwner known) {
            known.onPacket(array, offset, length, from, mark);
        } else if (owner == null) {
            long toTell = strays.onPacket(loop().nowNanos());
            if (toTell > 0) {
                nodeDrops.tellStrays(transport, socket.socketAddress(from), toTell);
            }
        } else {
            drops.own().add(Drop.LATE); // of a handshake whose message 3 has not come
        }
    }

    private void onInit(byte[] datagram, int length, PathAddress from) {
        DatagramResponder answering = responder;
        if (answering == null) {
            drops.own().add(Drop.NOT_LISTENING);
            return;
        }
        byte[] answer = answering.onInit(datagram, length, from, loop().nowNanos());
        if (answer != null) {
            nodeDrops.tellRefusal(DatagramType.of(answer[0]), answering.rejection());
            send(answer, from);
        }
        arm(answering);
    }

    private void onFinish(byte[] datagram, int length, PathAddress from) {
        DatagramResponder answering = responder;
        if (answering == null) {
            drops.own().add(Drop.NOT_LISTENING);
            return;
        }
        Arrival arrival = answering.onFinish(datagram, length, from, loop().nowNanos());
        if (arrival != null) {
            accept(arrival);
        }
    }

    private void accept(Arrival arrival) {
        Consumer<? super Establisher> taker = onConnection;
        if (taker == null || !enter()) {
            return; // cannot be: the listener is a user of its own
        }
        AcceptedConnection connection = new AcceptedConnection(this, arrival);
        try {
            taker.accept(connection);
        } catch (Throwable e) {
            connection.close();
            Fault.report(e, Context.empty());
        }
    }

    private void onAnswer(byte[] datagram, int length) {
        Object owner = length < INDEX_END ? null : indexes.owner(PacketHeader.receiverIndex(datagram));
        if (owner instanceof IndexOwner known) {
            known.onAnswer(datagram, length);
        } else {
            drops.own().add(length < INDEX_END ? Drop.TRUNCATED : owner == null ? Drop.UNKNOWN_INDEX : Drop.MALFORMED);
        }
    }

    @Override
    public void onReceived() {
        for (PortConnection connection : received) {
            connection.onReceived();
        }
        received.clear();
        sessionless.endTurn();
        publish();
    }

    private void publish() {
        drops.publish(loop().nowNanos());
    }

    /** Whoever fills the socket waits again, behind those that have found no room this time. */
    @Override
    public void onWritable() {
        while (socket.writable()) {
            PortConnection next = waiting.poll();
            if (next == null) {
                return;
            }
            next.onWritable();
        }
    }

    @Override
    public void onRefused(int bytes, PathAddress to) {
        places.at(to).forEach(connection -> connection.onRefused(bytes, to));
        sessionless.onRefused(bytes, to);
    }

    @Override
    public void onClosed(@Nullable Throwable failure) {
        closed = true;
        stopListening();
        List.copyOf(connections).forEach(connection -> connection.onSocketClosed(failure));
        sessionless.onClosed();
        publish();
        nodeCounts.closed(socket);
        group.onSocketClosed();
    }

    // ---- the responder's timer

    private void arm(DatagramResponder waiting) {
        if (expiry == null && waiting.halfOpen() > 0) {
            expiry = loop().schedule(this::expire, waiting.deadlineNanos());
        }
    }

    private void expire() {
        expiry = null;
        DatagramResponder waiting = responder;
        if (waiting != null) {
            waiting.expire(loop().nowNanos());
            arm(waiting);
        }
    }

    private void disarm() {
        Disposable armed = expiry;
        if (armed != null) {
            armed.dispose();
            expiry = null;
        }
    }

    private static byte[] fromZero(byte[] array, int offset, int length) {
        return offset == 0 ? array : Arrays.copyOfRange(array, offset, offset + length);
    }
}
