/**
 * Who a node is, as a certificate of TLS: X.509 (RFC 5280) with an Ed25519 key (RFC 8410) that signs itself, written and judged
 * here (PROTOCOL section 2).
 */
@NullMarked
package io.weir.core.certificate;

import org.jspecify.annotations.NullMarked;
