/**
 * Where sessions over datagrams begin: the one port of a node, in which each datagram finds its handshake or session by its
 * receiver index, whoever sends it and whatever it says that it comes from.
 *
 * <pre>
 *   socket --&gt; Port --+-- INIT, FINISH ------------ DatagramResponder --&gt; AcceptedConnection --+
 *                     +-- RETRY, RESPONSE, REJECT - DialAttempt --------&gt; DialledConnection ---+--&gt; PacketCarrier
 *                     +-- PACKET -------------------------------------------------------------/
 * </pre>
 */
@NullMarked
package io.weir.reactive.session.port;

import org.jspecify.annotations.NullMarked;
