package io.weir.core.handshake;

import io.weir.core.datagram.ReceiverIndexes;
import io.weir.core.list.IntrusiveList;
import io.weir.core.path.PathAddress;
import io.weir.core.wire.Bytes;
import org.jspecify.annotations.Nullable;

/** A handshake over datagrams that somebody has begun: message 2 was sent, message 3 has not come. */
public final class HalfOpen extends IntrusiveList.Node<HalfOpen> {
    final PathAddress from;
    final @Nullable Bytes provedNetwork; // null as long as only the datagrams themselves say where they are from
    final int peerIndex;
    final KeyExchange exchange;
    final long startedAtNanos;

    long initId;
    int failures;
    /** Message 2 went out more than once. */
    boolean answeredAgain;

    int ownIndex = ReceiverIndexes.NONE;
    byte[] response = new byte[0];

    HalfOpen(PathAddress from, @Nullable Bytes provedNetwork, Init init, KeyExchange exchange, long startedAtNanos) {
        this.from = from;
        this.provedNetwork = provedNetwork;
        this.peerIndex = init.senderIndex();
        this.exchange = exchange;
        this.startedAtNanos = startedAtNanos;
    }
}
