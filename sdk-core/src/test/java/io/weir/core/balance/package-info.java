/** Tests of choosing among peers, and of leaving out those that fail. */
@NullMarked
package io.weir.core.balance;

import org.jspecify.annotations.NullMarked;
