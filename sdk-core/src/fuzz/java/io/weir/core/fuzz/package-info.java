/** What fuzz tests share; the tests themselves are in the packages of what they fuzz. */
@NullMarked
package io.weir.core.fuzz;

import org.jspecify.annotations.NullMarked;
