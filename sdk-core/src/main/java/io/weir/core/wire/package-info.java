/**
 * The wire: varints, frames and their codec, headers, and the cutting of a byte stream into records (PROTOCOL sections
 * 1 and 3). Writing refuses what is out of range with an exception, since that is a caller's bug; reading never throws,
 * whatever the bytes, and never allocates more than the bytes at hand can fill.
 */
@NullMarked
package io.weir.core.wire;

import org.jspecify.annotations.NullMarked;
