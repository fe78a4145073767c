/** What a throwable means that comes out of user code, or out of Weir's own: decided in one place, for all others. */
@NullMarked
package io.weir.reactive.fault;

import org.jspecify.annotations.NullMarked;
