/** Tests of the Noise objects against the published vectors, and of the handshake against every kind of bad peer. */
@NullMarked
package io.weir.core.handshake;

import org.jspecify.annotations.NullMarked;
