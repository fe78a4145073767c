package io.weir.reactive.session.packet;

/** The packet buffers of a node's threads: a session borrows one only while it says or hears something. */
public final class PacketBuffers {

    /** Buffers of a node without sessions yet: none. */
    public PacketBuffers() {}
}
