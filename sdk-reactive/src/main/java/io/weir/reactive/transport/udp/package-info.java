/**
 * Datagrams on the operating system's sockets, by Netty: native epoll with segmentation and receive offload where it loads,
 * else the JDK's channels.
 */
@NullMarked
package io.weir.reactive.transport.udp;

import org.jspecify.annotations.NullMarked;
