/**
 * Proxies that impair real sockets, on the loopback interface, with the figures of {@link
 * io.weir.test.network.LinkProfile}: {@link io.weir.test.proxy.TcpImpairment} and {@link
 * io.weir.test.proxy.UdpImpairment}. What becomes of the n-th packet of a direction follows from the seed; times are real.
 */
@NullMarked
package io.weir.test.proxy;

import org.jspecify.annotations.NullMarked;
