/** Everything at once, for as long as one likes. */
@NullMarked
package io.weir.test.soak;

import org.jspecify.annotations.NullMarked;
