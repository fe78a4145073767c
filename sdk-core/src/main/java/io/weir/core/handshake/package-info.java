/**
 * The handshake that turns a link into an authenticated, encrypted session (PROTOCOL sections 1 and 2): the Noise
 * Protocol Framework, revision 34, as far as Weir uses it, in types named as there, and above it
 * {@link io.weir.core.handshake.StreamHandshake}, the machine for links that carry a byte stream, and
 * {@link io.weir.core.handshake.DatagramInitiator} and {@link io.weir.core.handshake.DatagramResponder} for those that carry
 * datagrams, which no transport does yet.
 *
 * <pre>
 *   bytes       StreamHandshake ----------+--&gt; KeyExchange --&gt; HandshakeState --&gt; SymmetricState --&gt; CipherState
 *                                         |      IdentityProof
 *   datagrams   DatagramInitiator --------+
 *               DatagramResponder --------+
 *                 RetryCookies    who receives where it says that it is
 *                 HalfOpen        who has begun
 * </pre>
 */
@NullMarked
package io.weir.core.handshake;

import org.jspecify.annotations.NullMarked;
