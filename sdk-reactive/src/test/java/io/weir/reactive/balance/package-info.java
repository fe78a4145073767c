/** Tests of calls that are spread over several peers. */
@NullMarked
package io.weir.reactive.balance;

import org.jspecify.annotations.NullMarked;
