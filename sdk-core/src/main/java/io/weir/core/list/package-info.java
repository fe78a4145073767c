/** A list whose elements carry their own links. */
@NullMarked
package io.weir.core.list;

import org.jspecify.annotations.NullMarked;
