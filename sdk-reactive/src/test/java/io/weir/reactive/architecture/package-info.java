/** The rules that hold for all of Weir's modules, as tests, and beside them classes that break each to prove that it bites. */
@NullMarked
package io.weir.reactive.architecture;

import org.jspecify.annotations.NullMarked;
