/** Tests of the primitives, the record cipher and the replay window. */
@NullMarked
package io.weir.core.crypto;

import org.jspecify.annotations.NullMarked;
