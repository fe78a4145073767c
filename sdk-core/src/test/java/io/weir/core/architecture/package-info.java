/** The rules that keep the core pure, as tests, and beside them classes that break each rule to prove that it bites. */
@NullMarked
package io.weir.core.architecture;

import org.jspecify.annotations.NullMarked;
