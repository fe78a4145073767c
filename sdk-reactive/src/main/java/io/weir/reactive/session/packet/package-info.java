/**
 * Everything between a session's frames and a port of datagrams, once the handshake is done: packets, which are filled when path
 * and socket have room, numbered, sealed; opened, acknowledged, and filled again with today's frames when they are lost. The
 * element of both chains is the packet.
 */
@NullMarked
package io.weir.reactive.session.packet;

import org.jspecify.annotations.NullMarked;
