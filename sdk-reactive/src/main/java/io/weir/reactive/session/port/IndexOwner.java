package io.weir.reactive.session.port;

import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;

/** Whom a receiver index of a port leads to. On the port's loop. */
interface IndexOwner {

    /** A RETRY, RESPONSE or REJECT has come, from position 0 on, 5 bytes or more. */
    void onAnswer(byte[] datagram, int length);

    /** A PACKET has come, which is borrowed until this returns. */
    void onPacket(byte[] array, int offset, int length, PathAddress from, Ecn mark);
}
