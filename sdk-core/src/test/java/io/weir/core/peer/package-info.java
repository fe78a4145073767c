/** Tests of addresses and of the judgement on silent peers. */
@NullMarked
package io.weir.core.peer;

import org.jspecify.annotations.NullMarked;
