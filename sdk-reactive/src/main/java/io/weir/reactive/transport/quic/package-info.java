/**
 * QUIC (RFC 9000) on Netty's native codec, which is an optional dependency: TLS 1.3 with Ed25519 certificates on both sides, and a
 * carrier that keeps each sending half of a session in a QUIC stream of its own. PROTOCOL section 1.
 */
@NullMarked
package io.weir.reactive.transport.quic;

import org.jspecify.annotations.NullMarked;
