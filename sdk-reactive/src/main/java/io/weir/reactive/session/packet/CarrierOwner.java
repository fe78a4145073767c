package io.weir.reactive.session.packet;

import io.weir.core.path.PathAddress;

/** Whose the port is on which a {@link PacketCarrier} carries, with its indexes. On the loop. */
public interface CarrierOwner {

    /** It is closed, by whoever: its index is free. Once. */
    void onClosed();

    /** The peer is at another address from now on. */
    default void onMoved(PathAddress to) {}

    /** The socket has no room: {@link PacketCarrier#onWritable} is to tell when there is. */
    default void onSocketFull() {}
}
