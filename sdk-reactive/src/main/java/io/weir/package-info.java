/** The entry point of Weir, the only class that sees both the API and what implements it. */
@NullMarked
package io.weir;

import org.jspecify.annotations.NullMarked;
