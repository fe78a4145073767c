/**
 * The cryptographic primitives that the rest of the core is built from: X25519 agreement, Ed25519 signatures, the two
 * AEADs, SHA-256 and HKDF, and on top of them the {@link io.weir.core.crypto.RecordCipher} and the
 * {@link io.weir.core.crypto.ReplayWindow} of PROTOCOL section 2. It is the only package that touches
 * {@code java.security} and {@code javax.crypto}; key agreement, signatures, HKDF and key files come from Tink.
 */
@NullMarked
package io.weir.core.crypto;

import org.jspecify.annotations.NullMarked;
