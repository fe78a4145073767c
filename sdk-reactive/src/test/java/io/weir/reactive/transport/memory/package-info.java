/** Tests of the transport's own promises, beside the contract. */
@NullMarked
package io.weir.reactive.transport.memory;

import org.jspecify.annotations.NullMarked;
