/** Tests of sockets for datagrams beside their contract, on the loopback interface. */
@NullMarked
package io.weir.reactive.transport.udp;

import org.jspecify.annotations.NullMarked;
