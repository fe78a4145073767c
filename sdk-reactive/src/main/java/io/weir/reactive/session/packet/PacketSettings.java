package io.weir.reactive.session.packet;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.datagram.DropCounts;
import io.weir.core.path.PathSettings;

/**
 * What the packet carriers of one port are made with.
 *
 * @param path controller and largest datagram; 1,200 bytes are used until the peer has told what it takes
 * @param random tokens and skipped numbers are drawn from it, which nobody may guess
 * @param drops where packets that do not open are counted; the port's
 * @param buffers of the node's threads
 */
public record PacketSettings(PathSettings path, RandomBytes random, DropCounts drops, PacketBuffers buffers) {}
