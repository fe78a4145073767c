package io.weir.test.rogue;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.ReceiverIndexes;
import io.weir.core.handshake.Arrival;
import io.weir.core.handshake.DatagramInitiator;
import io.weir.core.handshake.DatagramResponder;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.handshake.ResponderLimits;
import io.weir.core.path.PathAddress;
import io.weir.core.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The honest part of a {@link RogueDatagramPeer}: one handshake, of either side. */
final class RogueMeeting {

    private static final int MOST_INDEXES = 2_048;

    private final @Nullable DatagramInitiator initiator;
    private final @Nullable DatagramResponder responder;
    private int ownIndex;
    private int peerIndex;
    private @Nullable Established established;

    private RogueMeeting(@Nullable DatagramInitiator initiator, @Nullable DatagramResponder responder, int ownIndex) {
        this.initiator = initiator;
        this.responder = responder;
        this.ownIndex = ownIndex;
    }

    static RogueMeeting dialling(HandshakeConfig config, RandomBytes random, DropCounts drops, long nowNanos) {
        int index = new ReceiverIndexes<>(random, 1).claim(config);
        return new RogueMeeting(new DatagramInitiator(config, index, random, drops, nowNanos), null, index);
    }

    static RogueMeeting dialled(HandshakeConfig config, RandomBytes random, DropCounts drops) {
        ReceiverIndexes<Object> indexes = new ReceiverIndexes<>(random, MOST_INDEXES);
        DatagramResponder responder = new DatagramResponder(config, ResponderLimits.defaults(), indexes, random, drops);
        return new RogueMeeting(null, responder, ReceiverIndexes.NONE);
    }

    boolean isResponding() {
        return responder != null;
    }

    int ownIndex() {
        return ownIndex;
    }

    int peerIndex() {
        return peerIndex;
    }

    @Nullable
    Established established() {
        return established;
    }

    /** What the side that dials sends now, if anything. */
    byte @Nullable [] next(long nowNanos) {
        return Objects.requireNonNull(initiator).poll(nowNanos);
    }

    /** What an honest peer answers, if anything. */
    byte @Nullable [] receive(RogueInbox.Arrived datagram, long nowNanos) {
        return initiator != null
                ? receive(initiator, datagram.bytes(), nowNanos)
                : receive(Objects.requireNonNull(responder), datagram, nowNanos);
    }

    private byte @Nullable [] receive(DatagramInitiator dialling, byte[] bytes, long nowNanos) {
        dialling.receive(bytes, bytes.length, nowNanos);
        established = dialling.established();
        peerIndex = dialling.peerIndex();
        return dialling.poll(nowNanos);
    }

    private byte @Nullable [] receive(DatagramResponder dialled, RogueInbox.Arrived datagram, long nowNanos) {
        byte[] bytes = datagram.bytes();
        PathAddress from = addressOf(datagram);
        if (RogueDatagrams.type(bytes) == DatagramType.INIT.number()) {
            return dialled.onInit(bytes, bytes.length, from, nowNanos);
        }
        if (RogueDatagrams.type(bytes) == DatagramType.FINISH.number()
                && dialled.onFinish(bytes, bytes.length, from, nowNanos) instanceof Arrival.Proved proved) {
            established = proved.established();
            ownIndex = proved.ownIndex();
            peerIndex = proved.peerIndex();
        }
        return null;
    }

    /** Any address that is another for another host: only the rogue's own responder sees it. */
    private static PathAddress addressOf(RogueInbox.Arrived datagram) {
        byte[] ip = ByteBuffer.allocate(Integer.BYTES)
                .putInt(datagram.host().hashCode())
                .array();
        return new PathAddress(Bytes.copyOf(ip), datagram.port());
    }

    @Override
    public String toString() {
        return initiator != null ? initiator.toString() : "dialled by nobody, or not to the end";
    }
}
